"""Adapt a user's project for the demo: with GNU Octave, and without its own AWS account."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import NotJudgedError, Place
from matlab_sagemaker.project import content, emulated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from matlab_sagemaker.project.content import AnyProject

_MODEL = ("build-training-image", "train")
_ENDPOINT = ("compile-handler", "deploy")
STANDS_IN = (
    "The project's engine is matlab, but the demo runs it with GNU Octave: numbers may differ, and "
    "functions that only MATLAB or a toolbox has fail."
)


@dataclass(frozen=True)
class Shown:
    """What the demo does with a project."""

    config: Path  # absolute: the user's sagemaker.yml, or a copy for the emulator
    steps: tuple[str, ...]
    request: Path | None  # None: no request is sent
    notes: tuple[str, ...]  # how the demo differs from the project, for people


@contextlib.contextmanager
def shown(config: Path, request: Path | None) -> Iterator[Shown]:
    """Yield what the demo does with a project; remove its copy of sagemaker.yml afterwards.

    `request` overrides the project's own. Raises InputError if sagemaker.yml is invalid, and
    NotJudgedError if its data or model are in S3.
    """
    project = content.load(config)
    if project.away:
        names = ", ".join(project.away)
        raise NotJudgedError(
            f"The demo cannot show this project, because {names} is in S3.",
            why="The demo does not use AWS.",
            do="Put sample data or the model into the repository, and name that instead.",
            place=Place(project.file),
        )
    sent = request or _own_request(project)
    licensed = project.settings.matlab.engine == "matlab"
    written = emulated.write(project) if licensed or _has_account(project) else None
    try:
        yield Shown(
            config=(written or config).resolve(),
            steps=_steps(project, sent),
            request=sent.resolve() if sent else None,
            notes=(*([STANDS_IN] if licensed else []), *_left_out(project, sent)),
        )
    finally:
        if written:
            written.unlink(missing_ok=True)


def _own_request(project: AnyProject) -> Path | None:
    section = project.settings.inference
    return project.folders.root / section.request if section and section.request else None


def _has_account(project: AnyProject) -> bool:
    """Check whether the project names things that only its own AWS account has."""
    section = project.settings.training
    return "aws" in project.document.value or bool(section and section.image)


def _steps(project: AnyProject, request: Path | None) -> tuple[str, ...]:
    if project.settings.inference is None:
        return _MODEL
    return (*_MODEL, *_ENDPOINT, *(["predict"] if request else []))


def _left_out(project: AnyProject, request: Path | None) -> list[str]:
    if project.settings.inference is None:
        return ["It has no section 'inference', so nothing is deployed."]
    if request is None:
        return ["No request is sent; to send one, set inference.request or --request to a file."]
    return []
