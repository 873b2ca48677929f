"""A user's project as the demo shows it: with GNU Octave, and without an account of its own."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import NotJudgedError, Place
from matlab_sagemaker.project import content, rehearsal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from matlab_sagemaker.project.content import AnyProject

_MODEL = ("build-training-image", "train")
_ENDPOINT = ("compile-handler", "deploy")
STANDS_IN = (
    "The project's engine is matlab; here GNU Octave stands in for it, so numbers may differ, and "
    "what only MATLAB or a toolbox has fails."
)


@dataclass(frozen=True)
class Shown:
    """What the demo does with a project."""

    config: Path  # absolute: the user's sagemaker.yml, or its document for the emulator
    steps: tuple[str, ...]
    request: Path | None  # None: the endpoint is asked nothing
    notes: tuple[str, ...]  # what differs from the project, for people


@contextlib.contextmanager
def shown(config: Path, request: Path | None) -> Iterator[Shown]:
    """Yield what is done with a project; a document for the emulator is removed in the end.

    `request` counts before the project's own. Raises InputError where sagemaker.yml is wrong, and
    NotJudgedError where what it names lies in S3.
    """
    project = content.load(config)
    if project.away:
        names = ", ".join(project.away)
        raise NotJudgedError(
            f"The demo cannot show this project: what {names} names lies in S3.",
            why="The demo asks nothing of AWS.",
            do="Put a folder with sample data, or the model, into the repository and name that.",
            place=Place(project.file),
        )
    sent = request or _own_request(project)
    licensed = project.settings.matlab.engine == "matlab"
    written = rehearsal.write(project) if licensed or _has_account(project) else None
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
    """Tell whether the project names what only its own account has."""
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
        return ["The endpoint is asked nothing: name a file as inference.request or --request."]
    return []
