"""Content keys and deterministic tars: what a result depends on, and nothing else.

A key holds no time, no owner, no path of a machine and no commit. Pure, but for reading files.
"""

from __future__ import annotations

import fnmatch
import gzip
import hashlib
import io
import json
import os
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matlab_sagemaker.errors import InputError, Place

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_LENGTH = 16  # hexadecimal digits, 64 bits: leaves a name 40 of SageMaker's 63 characters

# What editors, MATLAB, Octave and a workflow's checkout of this kit leave behind: nobody's code.
LEFT_OVERS = (
    ".git", ".kit", ".DS_Store", "__pycache__", "*.asv", "*.autosave", "*.m~", "*.swp",
    "octave-workspace", "slprj",
)  # fmt: skip

# How the file begins that lies in place of one in Git LFS.
# Source: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
POINTER = b"version https://git-lfs.github.com/spec/v1"

Files = dict[str, Path]  # path inside a folder, with "/" -> the file


def key(value: Any) -> str:
    """Return the content key of a JSON-like value; the order of a mapping does not count."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:KEY_LENGTH]


def folder_files(folder: Path) -> Files:
    """Return the files below `folder` by relative path, sorted, without editors' left-overs.

    Links are followed, to files and to folders; a folder inside itself is entered once.
    """
    found: Files = {}
    for place, folders, names in os.walk(folder, followlinks=True):
        here = Path(place)
        folders[:] = [
            name for name in folders if not _is_left_over(name) and not _is_loop(here / name)
        ]
        for name in names:
            path = here / name
            if path.is_file() and not _is_left_over(name):
                found[path.relative_to(folder).as_posix()] = path
    return {name: found[name] for name in sorted(found)}


def file_digests(files: Mapping[str, Path]) -> dict[str, str]:
    """Return what identifies each file: the SHA-256 of its bytes, and whether it is executable.

    Raises InputError for a file that was left in Git LFS: its pointer would be taken for it.
    """
    for path in files.values():
        _require_content(path)
    return {name: _sha256(path) + ("+x" if _is_executable(path) else "") for name, path in
            files.items()}  # fmt: skip


def tar(files: Mapping[str, Path]) -> bytes:
    """Return a tar of `files`: sorted by name, no times, no owners, links as what they point to."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in sorted(files):
            member = tarfile.TarInfo(name)
            member.size = files[name].stat().st_size
            member.mode = 0o755 if _is_executable(files[name]) else 0o644
            with files[name].open("rb") as content:
                archive.addfile(member, content)
    return buffer.getvalue()


def compress(data: bytes) -> bytes:
    """Return `data` as gzip without a time in its header."""
    return gzip.compress(data, mtime=0)


def sha256(data: bytes) -> str:
    """Return a digest as registries write it, sha256:<64 hexadecimal digits>."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _require_content(path: Path) -> None:
    with path.open("rb") as content:
        if content.read(len(POINTER)) != POINTER:
            return
    raise InputError(
        f"{path} is a pointer to a file in Git LFS, not the file.",
        why="The repository was checked out without Git LFS.",
        do="Give the workflow `lfs: true`, as actions/checkout has it; by hand: git lfs pull.",
        place=Place(str(path)),
    )


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as content:
        while chunk := content.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _is_executable(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o100)


def _is_left_over(name: str) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in LEFT_OVERS)


def _is_loop(folder: Path) -> bool:
    """Tell whether a folder is a link to one that it lies in."""
    return folder.is_symlink() and folder.parent.resolve().is_relative_to(folder.resolve())
