"""Checks, compares, shows and writes the files that init makes in a user's repository."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import InputError, OverwriteError
from matlab_sagemaker.project import content, git

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from matlab_sagemaker.init.answers import Answers


@dataclass(frozen=True)
class Change:
    """One file: its current text (None if it does not exist), and the text to write."""

    name: str
    path: Path
    before: str | None
    text: str

    @property
    def state(self) -> str:
        """Whether it is new, same or changed."""
        if self.before is None:
            return "new"
        return "same" if self.before == self.text else "changed"

    def diff(self) -> str:
        """Format the change as a unified diff that git and patch can read."""
        old = "/dev/null" if self.before is None else f"a/{self.name}"
        before, after = (self.before or "").splitlines(), self.text.splitlines()
        lines = difflib.unified_diff(before, after, old, f"b/{self.name}", lineterm="")
        return "\n".join(lines)


def compare(folder: Path, files: dict[str, str]) -> list[Change]:
    """Compare `files` (path in `folder` -> text) with the disk; raise InputError if unreadable."""
    return [Change(name, folder / name, _before(folder, name), files[name]) for name in files]


def _before(folder: Path, name: str) -> str | None:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise InputError(
            f"{name} is outside {folder}: a link leads there.", do="Nothing was written."
        )
    try:
        # git may have converted the file to Windows line endings.
        return path.read_bytes().decode(errors="replace").replace("\r\n", "\n")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(
            f"{name} cannot be read: {error.strerror}.", do="Nothing was written."
        ) from error


def write(changes: Iterable[Change]) -> None:
    """Write new and changed files; raise InputError at the first that cannot be written."""
    for change in changes:
        if change.state == "same":
            continue
        try:
            change.path.parent.mkdir(parents=True, exist_ok=True)
            change.path.write_text(change.text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise InputError(f"{change.name} cannot be written: {error.strerror}.") from error


def require_root(folder: Path) -> Path:
    """Return the root of the user's repository; raise InputError if `folder` is not the root."""
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}.", do="Set --folder to your repository.")
    root = git.find_root(folder)
    if root and root.resolve() != folder.resolve():
        inner = folder.resolve().relative_to(root.resolve()).as_posix()
        raise InputError(
            f"{folder} is inside the repository {root}.",
            why="GitHub reads workflows only at the root of a repository.",
            do=f"Use --folder {root} --config {inner}/sagemaker.yml.",
        )
    return folder


def check(answers: Answers, folder: Path, text: str) -> None:
    """Read the new project as the other commands will; raise InputError if it is not valid."""
    try:
        content.parse(text, folder / answers.config)
    except InputError as error:
        raise InputError(
            f"These answers do not make a valid project:\n{error}", do="Nothing was written."
        ) from error


def shown(changes: list[Change], *, whole: bool) -> str:
    """List each file, with its changes."""
    parts = []
    for change in changes:
        parts.append(f"{change.state:9}{change.name}")
        if change.state == "changed" or (whole and change.state == "new"):
            parts.append(change.diff())
    if any(change.state == "changed" for change in changes):
        parts.append(_REPLACED)
    return "\n".join(parts)


_REPLACED = (
    "Changed files are replaced completely: comments, and keys that init does not ask for, are "
    "lost."
)


def refuse_to_overwrite(changes: list[Change]) -> None:
    """Raise OverwriteError if a file exists and differs."""
    if differing := [change.name for change in changes if change.state == "changed"]:
        raise OverwriteError(
            f"{', '.join(differing)} would be overwritten.",
            why="It differs, as shown above. Nothing was written.",
            do="Commit or move it, then use --force. Or keep it, and make the changes by hand.",
        )
