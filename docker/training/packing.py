"""Packs the model folder as model.tar.gz while it is uploaded, without a copy on disk."""

from __future__ import annotations

import gzip
import os
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

FAST = 1  # gzip's level: packing is billed time


class Sink(Protocol):
    """A file-like object to write to."""

    def write(self, data: bytes, /) -> object:
        """Write bytes."""

    def flush(self) -> object:
        """Flush; may do nothing."""


def pack(folder: Path, sink: Sink) -> None:
    """Write the content of `folder` to `sink`; the same files always give the same bytes.

    Members are sorted by name and have neither times nor owners. Raises OSError if a file cannot be
    read, or becomes shorter while it is read.
    """
    with (
        gzip.GzipFile(filename="", mode="wb", compresslevel=FAST, fileobj=sink, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name in members(folder):
            tar.add(folder / name, arcname=name, recursive=False, filter=_plain)


def members(folder: Path) -> list[str]:
    """List the files, links and folders below `folder`, sorted."""
    return sorted(_below(folder))


def size_of(folder: Path) -> int:
    """Add up the sizes of the files below `folder`, in bytes."""
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
