"""Files that are to stand in a user's repository: compared first, then written all or none."""

from __future__ import annotations

import contextlib
import difflib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Change:
    """One file: what stands in it now, and what is to."""

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
    """Return what `files` (path in `folder` -> text) would change; raise InputError."""
    return [Change(name, folder / name, _before(folder, name), files[name]) for name in files]


def _before(folder: Path, name: str) -> str | None:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise InputError(f"{name} leads out of {folder}, by a link.", do="Nothing was written.")
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
    """Write what differs: all of it beside its place first, so that a full disk changes nothing."""
    made: list[Path] = []
    try:
        wanted = [(change, _beside(change, made)) for change in changes if change.state != "same"]
        for change, new in wanted:
            os.replace(new, change.path.resolve())  # noqa: PTH105 (says that it overwrites)
    except OSError as error:
        raise InputError(f"{error.filename} cannot be written: {error.strerror}.") from error
    finally:
        for new in made:
            with contextlib.suppress(OSError):  # in its place by now
                new.unlink()


def _beside(change: Change, made: list[Path]) -> Path:
    """Write a file beside its place, under a name that nothing has, and add it to `made`."""
    change.path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{change.path.name}.", dir=change.path.parent)
    made.append(new := Path(name))
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(change.text)
    if change.before is None:
        new.chmod(0o666 & ~_umask())  # mkstemp's own files are for their owner alone
    else:
        shutil.copymode(change.path, new)
    return new


def _umask() -> int:
    """Return the mask of new files, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
