"""Checksums of objects and their parts, as S3 computes, compares and names them. Pure.

CRC32, SHA1 and SHA256 are computed; other checksums are kept as the client sent them. S3's own
CRC64NVME, for objects sent without a checksum, is not supported.
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
    """Return algorithm and checksum of a request's content; None if it asks for none.

    `raw` is the content as sent, with a trailer that may contain the checksum. Raises S3Error if
    the client sent another value.
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
    """Compute the checksum of a whole object, or of a part."""
    return encoded(_digest(algorithm, body))


def composite(algorithm: str, parts: Sequence[str]) -> str:
    """Compute the checksum of an object from those of its parts; it ends in their number."""
    whole = _digest(algorithm, b"".join(base64.b64decode(part) for part in parts))
    return f"{encoded(whole)}-{len(parts)}"


def encoded(digest: bytes) -> str:
    """Encode a checksum as in headers."""
    return base64.b64encode(digest).decode()


def bad_digest(algorithm: str) -> S3Error:
    """Make the error for content that differs from what the client sent."""
    return S3Error(
        "BadDigest", f"The {algorithm} you specified did not match the calculated checksum."
    )


def _digest(algorithm: str, body: bytes) -> bytes:
    if algorithm == "CRC32":
        return zlib.crc32(body).to_bytes(4, "big")
    return hashlib.new(algorithm.lower(), body, usedforsecurity=False).digest()
