"""The model folder as model.tar.gz, written as it is read: no second copy of it on disk."""

from __future__ import annotations

import gzip
import os
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

FAST = 1  # gzip's level: the job is billed while it packs


class Sink(Protocol):
    """Where bytes go."""

    def write(self, data: bytes, /) -> object:
        """Take bytes."""

    def flush(self) -> object:
        """Do nothing in particular."""


def pack(folder: Path, sink: Sink) -> None:
    """Write the content of `folder` to `sink`: the same bytes for the same files.

    Members are sorted by name and have neither times nor owners. Raises OSError for a file that
    cannot be read, or gets shorter meanwhile.
    """
    with (
        gzip.GzipFile(filename="", mode="wb", compresslevel=FAST, fileobj=sink, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name in members(folder):
            tar.add(folder / name, arcname=name, recursive=False, filter=_plain)


def members(folder: Path) -> list[str]:
    """Return what lies below `folder`, sorted: files, links and folders."""
    return sorted(_below(folder))


def size_of(folder: Path) -> int:
    """Return the bytes of the files below `folder`."""
    return sum((folder / name).lstat().st_size for name in members(folder))


def _below(folder: Path) -> Iterator[str]:
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            yield (Path(place) / name).relative_to(folder).as_posix()


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mtime = 0
    return member
