"""Finds the file of a function that is not defined: in the repository, but not on the path."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from matlab_sagemaker.project.folders import OFF_PATH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matlab_sagemaker.rehearsal.parts import Part


def find(name: str, part: Part, root: Path) -> str:
    """Say where `name`.m is and how to call it, as the end of a sentence; "" if it is nowhere."""
    wanted, root = f"{name}.m", root.resolve()
    for file in part.files:
        *inner, last = file.split("/")
        if last != wanted:
            continue
        if not any(map(OFF_PATH.match, inner)):
            return ""  # it is on the path: the error has another cause
        packages = [folder[1:] for folder in inner if folder.startswith("+")]
        if inner[-1].startswith("+"):
            return f"; did you mean {'.'.join([*packages, name])}?"
        if inner[-1] == "private":
            own = _shown(part.files[file].resolve(), root)
            return f"; {own} can be called only from {Path(own).parent.parent.as_posix()}"
    return next(_outside(wanted, part, root), "")


def _outside(wanted: str, part: Part, root: Path) -> Iterator[str]:
    """Yield an advice for each such file that is not in the part's folders."""
    section = "training" if part.name == "training" else "inference"
    for name, inside, files in os.walk(root):
        inside[:] = sorted(each for each in inside if not OFF_PATH.match(each))
        folder = Path(name)
        if wanted not in files or any(map(folder.is_relative_to, part.folders)):
            continue
        do = f"add {_shown(folder, root)} to {section}.code"
        if below := [own for own in part.folders if own.is_relative_to(folder)]:
            do = f"move it into {_shown(below[0], root)}"  # folders of code cannot be nested
        yield f"; {_shown(folder / wanted, root)} has it: {do}"


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
