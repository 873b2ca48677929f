"""Checksums of objects and of their parts, as S3 computes, compares and names them. Pure.

CRC32, SHA1 and SHA256 are computed; what a client says of any other is kept as it was sent, and
S3's own CRC64NVME, of an object that was sent without a checksum, is left out.
Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from typing import TYPE_CHECKING

from .errors import S3Error

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COMPUTED = ("CRC32", "SHA1", "SHA256")
_TRAILER = re.compile(rb"x-amz-checksum-(\w+):([A-Za-z0-9+/=]+)\s*$")
_TRAILER_BYTES = 256


def checked(headers: Mapping[str, str], raw: bytes, body: bytes) -> tuple[str, str] | None:
    """Return algorithm and value of a request's content; None: the request names none to compute.

    `raw` is the content as it came, with the trailer in which a checksum may come. Raises S3Error
    where the value that was sent is another.
    """
    trailer = _TRAILER.search(raw[-_TRAILER_BYTES:]) if "x-amz-trailer" in headers else None
    for algorithm in COMPUTED:
        name = f"x-amz-checksum-{algorithm.lower()}"
        sent = headers.get(name)
        if trailer and trailer[1].decode().upper() == algorithm:
            sent = trailer[2].decode()
        if sent is None and headers.get("x-amz-sdk-checksum-algorithm", "").upper() != algorithm:
            continue
        value = computed(algorithm, body)
        if sent not in (None, value):
            raise bad_digest(algorithm)
        return algorithm, value
    return None


def computed(algorithm: str, body: bytes) -> str:
    """Return the checksum of a whole object, or of a part."""
    return encoded(_digest(algorithm, body))


def composite(algorithm: str, parts: Sequence[str]) -> str:
    """Return the checksum of an object from those of its parts, with their number."""
    whole = _digest(algorithm, b"".join(base64.b64decode(part) for part in parts))
    return f"{encoded(whole)}-{len(parts)}"


def encoded(digest: bytes) -> str:
    """Write a checksum as headers have it."""
    return base64.b64encode(digest).decode()


def bad_digest(algorithm: str) -> S3Error:
    """Refuse content that is not what the client has sent."""
    return S3Error(
        "BadDigest", f"The {algorithm} you specified did not match the calculated checksum."
    )


def _digest(algorithm: str, body: bytes) -> bytes:
    if algorithm == "CRC32":
        return zlib.crc32(body).to_bytes(4, "big")
    return hashlib.new(algorithm.lower(), body, usedforsecurity=False).digest()
