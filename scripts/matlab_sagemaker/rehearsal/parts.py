"""The two parts of a project that run MATLAB code: training and handler. Reads the code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from matlab_sagemaker import digest
from matlab_sagemaker.errors import Place
from matlab_sagemaker.project.build_context import KIT
from matlab_sagemaker.project.content import TrainedProject
from matlab_sagemaker.project.folders import file_of

if TYPE_CHECKING:
    from matlab_sagemaker.digest import Files
    from matlab_sagemaker.project.content import Project
    from matlab_sagemaker.rehearsal.outcome import Fault


@dataclass(frozen=True)
class Part:
    """The training or the handler: its name for messages, and its code."""

    name: str
    entry: str  # the training function or handler class
    files: Files  # of all its folders, by their path in the image
    folders: list[Path]  # the user's, absolute; the one with the entry's file comes first

    @property
    def path(self) -> Path:
        """The file of the entry."""
        return self.files[file_of(self.entry)]

    @property
    def is_kits(self) -> bool:
        """Whether the entry is one of the kit's handlers, not the user's code."""
        return self.path.is_relative_to(KIT / "matlab")

    def place(self, fault: Fault) -> Place | None:
        """Find where an error was raised; a file in another folder is found by its name."""
        name = Path(fault.file).name
        named = [path for path in self.files.values() if path.name == name]
        path = self.files.get(fault.file) or (named[0] if len(named) == 1 else None)
        if path and fault.line < 1:
            return _definition(path, re.split(r"[./>]", fault.function)[-1])
        return Place(str(path), fault.line) if path else None

    def definition(self, function: str = "") -> Place:
        """Find the definition of a function in the entry's file, or else the file's first line."""
        return _definition(self.path, function or self.entry.rpartition(".")[2])


def training_of(project: Project) -> Part | None:
    """Return the training; None if the project already has a model."""
    if not isinstance(project, TrainedProject):
        return None
    section = project.training
    places = _folders(project, section.code, section.function)
    return Part("training", section.function, project.training_code, places)


def handler_of(project: Project) -> Part | None:
    """Return the handler; None if the project has none."""
    section = project.settings.inference
    if section is None:
        return None
    handler = project.handler
    places = _folders(project, section.code or [], handler.name)
    if handler.name != section.handler:  # one of the kit's handlers
        places.insert(0, handler.files[file_of(handler.name)].parent)
    return Part("handler", handler.name, handler.files, places)


def _definition(file: Path, function: str) -> Place:
    lines = digest.content(file).decode(errors="replace").splitlines()
    pattern = re.compile(rf"^\s*function\b.*\b{re.escape(function)}\s*(\(|$)")
    at = (number for number, line in enumerate(lines, 1) if pattern.match(line))
    return Place(str(file), next(at, 1))


def _folders(project: Project, names: list[str], entry: str) -> list[Path]:
    places = [(project.folders.root / name).resolve() for name in names]
    return sorted(places, key=lambda folder: not (folder / file_of(entry)).is_file())
