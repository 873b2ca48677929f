"""List the files below a folder, following links: all of them, or an error. Reads the disk."""

from __future__ import annotations

import fnmatch
import functools
import os
import re
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from matlab_sagemaker.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# What editors, MATLAB, Octave and a workflow's checkout of this kit leave behind; never listed.
LEFT_OVERS = (
    ".git", ".kit", ".DS_Store", "__pycache__", "*.asv", "*.autosave", "*.m~", "*.swp",
    "octave-workspace", "slprj",
)  # fmt: skip
_LEFT_OVER = re.compile("|".join(map(fnmatch.translate, LEFT_OVERS)))
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_MOST_EXTRA_PATHS = 100_000  # how many additional paths to files and folders links may make

_Identity = tuple[int, int]  # device and inode of a folder: the same by whatever path
_Path = tuple[_Identity, "_Path | None"]  # a folder, and the path to its parent
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class _Listing:
    """The names of the files in a folder, and the folders in it."""

    files: list[str]
    folders: list[tuple[str, _Identity]]


def folder_files(folder: Path, within: Path | None = None) -> dict[str, Path]:
    """List the files below `folder` by relative path, sorted, without editors' left-overs.

    Links to files and folders are followed; a folder inside itself is entered once. Raises
    InputError for a folder that cannot be read, for a link to nothing or out of `within`, for a
    pipe, and for a name that is not UTF-8 or has control characters.
    """
    walk = _Walk(str(folder), str(within) if within else "")
    return {name: Path(f"{folder}/{name}") for name in sorted(walk.files())}


def files(path: Path) -> dict[str, Path]:
    """List the files below `path` as folder_files does, or `path` itself if it is a file."""
    if not path.is_file():
        return folder_files(path)
    if why := _name_problem(path.name):
        raise _misnamed(str(path), why)
    return {path.name: path}


def folders_files(placed: Iterable[tuple[str, Path]]) -> dict[str, Path]:
    """List the files below several folders, each with its folder's prefix, such as "lib/"."""
    return {
        place + name: path
        for place, folder in placed
        for name, path in folder_files(folder).items()
    }


def folders(root: Path, paths: Iterable[str]) -> dict[str, dict[str, Path] | InputError]:
    """List the files of each folder at `paths` in the repository `root`, or keep its error."""
    found: dict[str, dict[str, Path] | InputError] = {}
    for path in paths:
        try:
            found[path] = folder_files(root / path, within=root)
        except InputError as error:
            found[path] = error
    return found


class _Walk:
    """One walk. Its paths are plain text, because making Path objects takes longer than reading."""

    def __init__(self, folder: str, within: str) -> None:
        self._folder = folder
        self._within = within
        self._boundary = os.path.realpath(within) if within else ""

    def files(self) -> list[str]:
        """List the relative paths of all files."""
        self._require_inside(self._folder)
        found: list[str] = []
        listed: dict[_Identity, _Listing] = {}
        extra = 0
        first = self._read(self._folder, lambda: _identity(os.stat(self._folder)))  # noqa: PTH116
        known = {first}
        waiting: deque[tuple[str, _Path]] = deque([("", (first, None))])
        while waiting:
            place, path = waiting.popleft()
            here, folder = f"{self._folder}/{place}", path[0]
            if folder in listed:
                extra += len(listed[folder].files)
            else:
                listed[folder] = self._read(here, functools.partial(self._list, here))
            found += [place + name for name in listed[folder].files]
            for name, inner in listed[folder].folders:
                if not _is_on_path(path, inner):
                    extra += inner in known
                    known.add(inner)
                    waiting.append((f"{place}{name}/", (inner, path)))
            if extra > _MOST_EXTRA_PATHS:
                raise self._too_many_paths(here)
        return found

    def _read(self, path: str, read: Callable[[], Answer]) -> Answer:
        try:
            return read()
        except OSError as error:
            name = self._shown(error.filename or path)
            raise InputError(
                f"{name} cannot be read: {error.strerror}.",
                do="Correct its path or its permissions.",
            ) from error

    def _list(self, folder: str) -> _Listing:
        found = _Listing([], [])
        with os.scandir(folder) as entries:
            for entry in entries:
                if _LEFT_OVER.match(entry.name):
                    continue
                if why := _name_problem(entry.name):
                    raise _misnamed(self._shown(entry.path), why)
                if entry.is_symlink():
                    self._require_inside(entry.path)
                if entry.is_dir():
                    found.folders.append((entry.name, _identity(entry.stat())))
                elif entry.is_file():
                    found.files.append(entry.name)
                else:
                    raise self._no_file(Path(entry.path))
        return found

    def _no_file(self, path: Path) -> InputError:
        if path.is_symlink():
            return InputError(
                f"{self._shown(str(path))} is a broken link: {path.readlink()} does not exist.",
                do="Fetch its target (git annex get, for example), or remove the link.",
            )
        return InputError(
            f"{self._shown(str(path))} is neither a file nor a folder.",
            do="Remove it: a pipe, a socket or a device has no content to upload.",
        )

    def _too_many_paths(self, folder: str) -> InputError:
        return InputError(
            f"Links make more than {_MOST_EXTRA_PATHS} additional paths to files and folders, such "
            f"as {self._shown(folder)}.",
            why="Folders contain links to each other.",
            do="Remove links until only a few paths lead to each folder.",
        )

    def _require_inside(self, path: str) -> None:
        if not self._boundary:
            return
        target = os.path.realpath(path)
        if os.path.commonpath((target, self._boundary)) != self._boundary:
            raise InputError(
                f"{self._shown(path)} leads out of the repository.",
                why="Files outside the repository may differ from one checkout to the next.",
                do="Replace the link by its target, or put the data into an S3 channel.",
            )

    def _shown(self, path: str) -> str:
        """Shorten a path to the form that the user knows."""
        return os.path.relpath(path, self._within) if self._within else os.path.normpath(path)


def _is_on_path(path: _Path | None, folder: _Identity) -> bool:
    while path and path[0] != folder:
        path = path[1]
    return path is not None


def _identity(status: os.stat_result) -> _Identity:
    return status.st_dev, status.st_ino


def _misnamed(path: str, why: str) -> InputError:
    return InputError(
        f"The name of {os.fsencode(path)!r} {why}.",
        do="Rename it: S3 and the programs that read from it do not accept every such name.",
    )


def _name_problem(name: str) -> str:
    """Say what is wrong with a file's name; "" if nothing is."""
    if name.isascii() and name.isprintable():
        return ""
    if _CONTROL.search(name):
        return "contains a control character"
    try:
        name.encode()
    except UnicodeEncodeError:
        return "is not UTF-8"
    return ""
