"""Unpacks untrusted archives: no member may be or lead outside the target folder.

This module does it itself, because tarfile's filters do not exist in Debian 12's Python 3.11.2, and
they follow links on the disk, which has been exploited (CVE-2025-4517). Here only the names decide.
It does not call tarfile's extract either, which writes another member in place of a link that it
cannot make.
"""

from __future__ import annotations

import os
import shutil
import tarfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Literal

FAILURES = (EOFError, OSError, ValueError, zlib.error)


def unpack(archive: Path, folder: Path, mode: Literal["r", "r:gz"] = "r") -> None:
    """Unpack a tar into `folder`, which must not contain links; `mode` r:gz requires gzip.

    Everybody can read the files, and can execute those that their owner may execute. Raises
    tarfile.TarError if it is not a tar, and for a member that is or leads outside `folder`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kinds: dict[PurePosixPath, str] = {}
    try:
        with tarfile.open(archive, mode) as tar:
            for member in tar:
                kinds[PurePosixPath(member.name)] = _kind(member, kinds)
                _put(tar, member, folder)
    except FAILURES as error:
        raise tarfile.ReadError(str(error)) from error


def _kind(member: tarfile.TarInfo, kinds: dict[PurePosixPath, str]) -> str:
    """Return the kind of a member; raise tarfile.ReadError if it must not be unpacked.

    Nothing is written through a link, so every link is where its name says. Its target may go up at
    most to the archive's root, and then only down, so no chain of links leads out.
    """
    name, link = PurePosixPath(member.name), PurePosixPath(member.linkname)
    ups = link.parts.count("..")
    if name.is_absolute() or ".." in name.parts:
        raise _refused(member, "leads outside it")
    if any(kinds.get(place) == "link" for place in (name, *name.parents)):
        raise _refused(member, "goes through a link")
    if member.isreg() or (member.islnk() and kinds.get(link) == "file"):
        return "file"
    if member.isdir():
        return "folder"
    if not member.issym():
        raise _refused(member, "is neither a file, a folder nor a link to something in it")
    if link.is_absolute() or ups >= len(name.parts) or ".." in link.parts[ups:]:
        raise _refused(member, f"is a link to {member.linkname}, which may be outside it")
    return "link"


def _put(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    place = folder / member.name
    if member.isdir():
        place.mkdir(parents=True, exist_ok=True)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    if member.issym():
        place.symlink_to(member.linkname)
    elif member.islnk():
        os.link(folder / member.linkname, place)
    elif content := tar.extractfile(member):
        with content, place.open("xb") as file:
            shutil.copyfileobj(content, file)
        place.chmod(0o755 if member.mode & 0o100 else 0o644)


def _refused(member: tarfile.TarInfo, why: str) -> tarfile.ReadError:
    return tarfile.ReadError(f"its member {member.name!r} {why}")
