"""Content keys and deterministic tars, which depend on the content of files and nothing else.

There is no time, owner, commit or path of a machine in them. Pure, except for reading files.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matlab_sagemaker.errors import InputError, Place

if TYPE_CHECKING:
    from collections.abc import Mapping

SHORT_LENGTH = 20  # characters, 96 bits: of a job name's 63 it leaves 32 to the project's name

# How a Git LFS pointer begins, the file that is there until the real one is fetched.
# Source: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
POINTER = b"version https://git-lfs.github.com/spec/v1"

_STORED_BLOCK = 65535  # bytes: the most that deflate stores in one block (RFC 1951, 3.2.4)

Files = dict[str, Path]  # path inside a folder, with "/" -> the file


@dataclass(frozen=True)
class FileDigest:
    """The size and the digest of a file, as it was when it was read."""

    size: int  # bytes
    sha256: str  # hexadecimal


@dataclass(frozen=True)
class MeasuredFolder:
    """The files of a folder, as they were when they were read."""

    paths: Files
    measures: dict[str, FileDigest]
    digests: dict[str, str]  # the SHA-256 of each
    key: str  # of all of them


@dataclass(frozen=True)
class MeasuredBytes:
    """Bytes that the kit has made, with their size and digest."""

    data: bytes
    measured: FileDigest


def key(value: Any) -> str:
    """Compute the content key of a JSON-like value: a SHA-256 as 64 hexadecimal digits.

    The order of a mapping does not matter.
    """
    return hexadecimal(canonical(value))


def keys(value: Any) -> tuple[str, str]:
    """Compute the content key of a JSON-like value, and its short form."""
    whole = key(value)
    return whole, short(whole)


def short(key: str) -> str:
    """Shorten a key to its first 96 bits in base32, for names that have no room for all of it.

    These are 20 characters: lower-case letters and the digits 2 to 7.
    """
    return base64.b32encode(bytes.fromhex(key)[:12]).decode().rstrip("=").lower()


def canonical(value: Any) -> bytes:
    """Encode a JSON-like value as JSON: the same bytes whatever the order of a mapping."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def hexadecimal(data: bytes) -> str:
    """Compute the SHA-256 of `data` as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def measure(files: Mapping[str, Path]) -> dict[str, FileDigest]:
    """Read each file once, and return its size and SHA-256.

    Raises InputError for a file that cannot be read, and for a Git LFS pointer, which would be
    mistaken for the file.
    """
    return {name: _measure(path) for name, path in files.items()}


def measure_folders(folders: Mapping[str, Files]) -> dict[str, MeasuredFolder]:
    """Measure the files of each folder; raises InputError as `measure` does."""
    found: dict[str, MeasuredFolder] = {}
    for name, paths in folders.items():
        measures = measure(paths)
        digests = {path: file.sha256 for path, file in measures.items()}
        found[name] = MeasuredFolder(paths, measures, digests, key(digests))
    return found


def measured(data: bytes) -> FileDigest:
    """Compute the size and the SHA-256 of `data`."""
    return FileDigest(len(data), hexadecimal(data))


def document(value: Any) -> MeasuredBytes:
    """Encode a JSON-like value as canonical JSON, and measure it."""
    data = canonical(value)
    return MeasuredBytes(data, measured(data))


def bundle(files: Mapping[str, Path]) -> tuple[dict[str, str], MeasuredBytes]:
    """Read each file once; return their digests, as file_digests does, and a tar.gz of them.

    The files are stored, not compressed, so that every version of zlib makes the same bytes.
    """
    digests, plain = _digests_and_tar(files)
    data = _stored(plain)
    return digests, MeasuredBytes(data, measured(data))


def measure_inputs(
    folders: Mapping[str, Files], code: Files
) -> tuple[dict[str, MeasuredFolder], tuple[dict[str, str], MeasuredBytes]]:
    """Measure a job's folders of data, and bundle its code."""
    return measure_folders(folders), bundle(code)


def key_of_files(groups: Mapping[str, Files], rest: Mapping[str, Any]) -> str:
    """Compute the content key of named groups of files and of other named values."""
    return key({**{name: file_digests(files) for name, files in groups.items()}, **rest})


def file_digests(files: Mapping[str, Path]) -> dict[str, str]:
    """Return a digest of each file: the SHA-256 of its bytes, with "+x" if it is executable.

    Raises InputError as `measure` does.
    """
    measured = measure(files)
    return {name: measured[name].sha256 + _mark(path) for name, path in files.items()}


def tar(files: Mapping[str, Path]) -> bytes:
    """Pack `files` into a tar: sorted by name, no times, no owners, links as what they point to."""
    return _digests_and_tar(files)[1]


def _digests_and_tar(files: Mapping[str, Path]) -> tuple[dict[str, str], bytes]:
    buffer, digests = io.BytesIO(), {}
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in sorted(files):
            data, mark = content(files[name]), _mark(files[name])
            digests[name] = hexadecimal(data) + mark
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(data), 0o755 if mark else 0o644
            archive.addfile(member, io.BytesIO(data))
    return digests, buffer.getvalue()


def compress(data: bytes) -> bytes:
    """Compress `data` with gzip, fast rather than small, and without a time in the header."""
    return gzip.compress(data, compresslevel=1, mtime=0)


def sha256(data: bytes) -> str:
    """Compute a digest as registries write it: sha256:<64 hexadecimal digits>."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _stored(data: bytes) -> bytes:
    """Wrap `data` in gzip's format without compressing it. Sources: RFC 1951, RFC 1952."""
    blocks = []
    for start in range(0, len(data), _STORED_BLOCK):
        block = data[start : start + _STORED_BLOCK]
        is_last, size = start + len(block) == len(data), len(block)
        blocks += [bytes([is_last]), _little(size, 2), _little(size ^ 0xFFFF, 2), block]
    header = b"\x1f\x8b\x08" + bytes(6) + b"\xff"  # no flags, no time, an unknown system
    end = _little(zlib.crc32(data), 4) + _little(len(data) % 2**32, 4)
    return b"".join([header, *blocks, end])


def _little(number: int, size: int) -> bytes:
    return number.to_bytes(size, "little")


def _measure(path: Path) -> FileDigest:
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb", buffering=0) as content:
            while chunk := content.read(1 << 20):
                if not size:
                    _require_content(path, chunk)
                digest.update(chunk)
                size += len(chunk)
    except OSError as error:
        raise unreadable(path, error) from error
    return FileDigest(size, digest.hexdigest())


def content(path: Path) -> bytes:
    """Read a file; raises InputError as `measure` does."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    _require_content(path, data)
    return data


def unreadable(path: Path, error: OSError) -> InputError:
    """Make the error for a file that was found before and now cannot be read."""
    is_denied = isinstance(error, PermissionError)
    return InputError(
        f"{path} cannot be read: {error.strerror}.",
        do="Give the user who runs this permission to read it, then run this again."
        if is_denied
        else "Make sure that nothing changes or removes it while a step runs, then run this again.",
        place=Place(str(path)),
    )


def _require_content(path: Path, beginning: bytes) -> None:
    if not beginning.startswith(POINTER):
        return
    raise InputError(
        f"{path} is a Git LFS pointer, not the file itself.",
        why="The repository was checked out without Git LFS.",
        do="In a workflow, set the input `lfs: true`. On your own machine: git lfs pull.",
        place=Place(str(path)),
    )


def _mark(path: Path) -> str:
    """Return what marks an executable file in its digest, or ""."""
    try:
        return "+x" if path.stat().st_mode & 0o100 else ""
    except OSError as error:
        raise unreadable(path, error) from error
