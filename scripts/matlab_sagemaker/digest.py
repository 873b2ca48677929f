"""Content keys and deterministic tars: what a result depends on, and nothing else.

A key holds no time, no owner, no path of a machine and no commit. Pure, but for reading files.
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

SHORT_LENGTH = 20  # characters, 96 bits: leaves a project 32 of a job name's 63

# How the file begins that lies in place of one in Git LFS.
# Source: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
POINTER = b"version https://git-lfs.github.com/spec/v1"

_STORED_BLOCK = 65535  # bytes: the most that deflate stores in one block (RFC 1951, 3.2.4)

Files = dict[str, Path]  # path inside a folder, with "/" -> the file


@dataclass(frozen=True)
class Measured:
    """What a file holds, as it was when it was read."""

    size: int  # bytes
    sha256: str  # hexadecimal


@dataclass(frozen=True)
class MeasuredFolder:
    """The files of a folder, as they were when they were read."""

    paths: Files
    measures: dict[str, Measured]
    digests: dict[str, str]  # the SHA-256 of each
    key: str  # of all of them


@dataclass(frozen=True)
class MeasuredBytes:
    """What the kit itself has made."""

    data: bytes
    measured: Measured


def key(value: Any) -> str:
    """Return the content key of a JSON-like value, a SHA-256 as 64 hexadecimal digits.

    The order of a mapping does not count.
    """
    return hexadecimal(canonical(value))


def keys(value: Any) -> tuple[str, str]:
    """Return the content key of a JSON-like value, and its short form."""
    whole = key(value)
    return whole, short(whole)


def short(key: str) -> str:
    """Return the first 96 bits of a key in base32, where a name has no room for all of it.

    Its 20 characters are lower-case letters and the digits 2 to 7.
    """
    return base64.b32encode(bytes.fromhex(key)[:12]).decode().rstrip("=").lower()


def canonical(value: Any) -> bytes:
    """Return a JSON-like value as JSON: the same bytes whatever the order of a mapping."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def hexadecimal(data: bytes) -> str:
    """Return the SHA-256 of `data` as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def measure(files: Mapping[str, Path]) -> dict[str, Measured]:
    """Return the size and the SHA-256 of each file, of one reading.

    Raises InputError for a file that was left in Git LFS: its pointer would be taken for it.
    """
    return {name: _measure(path) for name, path in files.items()}


def measure_folders(folders: Mapping[str, Files]) -> dict[str, MeasuredFolder]:
    """Return each folder with its files as they are; raises InputError as `measure` does."""
    found: dict[str, MeasuredFolder] = {}
    for name, paths in folders.items():
        measures = measure(paths)
        digests = {path: file.sha256 for path, file in measures.items()}
        found[name] = MeasuredFolder(paths, measures, digests, key(digests))
    return found


def measured(data: bytes) -> Measured:
    """Return the size and the SHA-256 of `data`."""
    return Measured(len(data), hexadecimal(data))


def document(value: Any) -> MeasuredBytes:
    """Return a JSON-like value as canonical JSON, measured."""
    data = canonical(value)
    return MeasuredBytes(data, measured(data))


def bundle(files: Mapping[str, Path]) -> tuple[dict[str, str], MeasuredBytes]:
    """Return what identifies each file, as file_digests, and all of them as a tar.gz.

    Each file is read once. The same files make the same bytes with every version of zlib: they are
    stored, not compressed.
    """
    digests, plain = _digests_and_tar(files)
    data = _stored(plain)
    return digests, MeasuredBytes(data, measured(data))


def measure_inputs(
    folders: Mapping[str, Files], code: Files
) -> tuple[dict[str, MeasuredFolder], tuple[dict[str, str], MeasuredBytes]]:
    """Return a job's folders of data as they are, and its code as `bundle` does."""
    return measure_folders(folders), bundle(code)


def key_of_files(groups: Mapping[str, Files], rest: Mapping[str, Any]) -> str:
    """Return the content key of groups of files and of other values, each by its name."""
    return key({**{name: file_digests(files) for name, files in groups.items()}, **rest})


def file_digests(files: Mapping[str, Path]) -> dict[str, str]:
    """Return what identifies each file: the SHA-256 of its bytes, and whether it is executable.

    Raises InputError as `measure` does.
    """
    measured = measure(files)
    return {name: measured[name].sha256 + _mark(path) for name, path in files.items()}


def tar(files: Mapping[str, Path]) -> bytes:
    """Return a tar of `files`: sorted by name, no times, no owners, links as what they point to."""
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
    """Return `data` as gzip without a time in its header; it has a short way and is packed fast."""
    return gzip.compress(data, compresslevel=1, mtime=0)


def sha256(data: bytes) -> str:
    """Return a digest as registries write it, sha256:<64 hexadecimal digits>."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _stored(data: bytes) -> bytes:
    """Return `data` as gzip in blocks that are stored. Sources: RFC 1951, RFC 1952."""
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


def _measure(path: Path) -> Measured:
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
    return Measured(size, digest.hexdigest())


def content(path: Path) -> bytes:
    """Return what a file holds; raises InputError as `measure` does."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    _require_content(path, data)
    return data


def unreadable(path: Path, error: OSError) -> InputError:
    """Return the error about a file that was there and cannot be read."""
    is_denied = isinstance(error, PermissionError)
    return InputError(
        f"{path} cannot be read: {error.strerror}.",
        do="Give the user who runs this the right to read it, then run again."
        if is_denied
        else "Nothing may change or remove it while a step runs; then run again.",
        place=Place(str(path)),
    )


def _require_content(path: Path, beginning: bytes) -> None:
    if not beginning.startswith(POINTER):
        return
    raise InputError(
        f"{path} is a pointer to a file in Git LFS, not the file.",
        why="The repository was checked out without Git LFS.",
        do="Give the workflow `lfs: true`, as actions/checkout has it; by hand: git lfs pull.",
        place=Place(str(path)),
    )


def _mark(path: Path) -> str:
    """Return what is added to the digest of an executable file."""
    try:
        return "+x" if path.stat().st_mode & 0o100 else ""
    except OSError as error:
        raise unreadable(path, error) from error
