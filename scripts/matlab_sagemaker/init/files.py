"""The files that init writes into a user's repository: checked, compared, shown, written."""

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
    """One file: the text it has now (None where there is no file), and the text to write."""

    name: str
    path: Path
    before: str | None
    text: str

    @property
    def state(self) -> str:
        """new, same or changed."""
        if self.before is None:
            return "new"
        return "same" if self.before == self.text else "changed"

    def diff(self) -> str:
        """Return what changes, as a unified diff that git and patch read."""
        old = "/dev/null" if self.before is None else f"a/{self.name}"
        before, after = (self.before or "").splitlines(), self.text.splitlines()
        lines = difflib.unified_diff(before, after, old, f"b/{self.name}", lineterm="")
        return "\n".join(lines)


def compare(folder: Path, files: dict[str, str]) -> list[Change]:
    """Find what `files` (path in `folder` -> text) would change; raise InputError."""
    return [Change(name, folder / name, _before(folder, name), files[name]) for name in files]


def _before(folder: Path, name: str) -> str | None:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise InputError(
            f"{name} is outside {folder}: a link leads there.", do="Nothing was written."
        )
    try:
        # git may have given the file Windows' line ends.
        return path.read_bytes().decode(errors="replace").replace("\r\n", "\n")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(
            f"{name} cannot be read: {error.strerror}.", do="Nothing was written."
        ) from error


def write(changes: Iterable[Change]) -> None:
    """Write the files that are new or changed; raise InputError at the first that cannot be."""
    for change in changes:
        if change.state == "same":
            continue
        try:
            change.path.parent.mkdir(parents=True, exist_ok=True)
            change.path.write_text(change.text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise InputError(f"{change.name} cannot be written: {error.strerror}.") from error


def require_root(folder: Path) -> Path:
    """Find the user's repository; raise InputError where `folder` is not its root."""
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}.", do="Name your repository with --folder.")
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
    """Read the project as every verb will, before it is written; raise InputError."""
    try:
        content.parse(text, folder / answers.config)
    except InputError as error:
        raise InputError(
            f"These answers do not make a valid project:\n{error}", do="Nothing was written."
        ) from error


def shown(changes: list[Change], *, whole: bool) -> str:
    """Return a line for each file, with what changes in it."""
    parts = []
    for change in changes:
        parts.append(f"{change.state:9}{change.name}")
        if change.state == "changed" or (whole and change.state == "new"):
            parts.append(change.diff())
    if any(change.state == "changed" for change in changes):
        parts.append(_REPLACED)
    return "\n".join(parts)


_REPLACED = (
    "A changed file is replaced completely: comments, and keys that init does not ask for, are "
    "lost."
)


def refuse_to_overwrite(changes: list[Change]) -> None:
    """Raise OverwriteError where a file exists and differs."""
    if differing := [change.name for change in changes if change.state == "changed"]:
        raise OverwriteError(
            f"{', '.join(differing)} would be overwritten.",
            why="It differs, as shown above. Nothing was written.",
            do="Commit or move it, then run this with --force. Or keep it and change it by hand.",
        )
