"""Doctor's looks at this machine: git, Docker and its disk, MATLAB, Octave. It changes nothing."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matlab_sagemaker import diagnosis, shell
from matlab_sagemaker.diagnosis import Finding, fine, skipped
from matlab_sagemaker.errors import KitError, MissingStepError
from matlab_sagemaker.images import docker, microservice

if TYPE_CHECKING:
    from matlab_sagemaker.images import Builder

_USES_DOCKER = {"build-training-image", "compile-handler", "check-image"}


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What is asked of this machine."""

    steps: tuple[str, ...]
    builder: Builder
    engine: str  # matlab or octave; empty where sagemaker.yml does not tell
    room: int  # bytes on disk for the largest image
    token: str  # the batch token, or nothing
    release: str  # of MATLAB; empty where sagemaker.yml does not tell


def findings(needs: Needs, *, elsewhere: bool = False) -> list[Finding]:
    """Return what was found; where the steps run `elsewhere`, little is asked of this machine."""
    if elsewhere:
        why = "no Docker or MATLAB is looked for here: the workflows' runners need them (--steps)"
        return [diagnosis.look("git", _git), skipped("this machine", why)]
    return [
        diagnosis.look("git", _git),
        *_docker(needs),
        diagnosis.look("MATLAB", lambda: _matlab(needs)),
        diagnosis.look("Octave", lambda: _octave(needs)),
    ]


def _git() -> Finding:
    lines: list[str] = []
    if shell.stream(["git", "--version"], {}, lines.append):
        raise MissingStepError("There is no git on PATH.", do="Install git.")
    return fine("git", lines[-1])


def _docker(needs: Needs) -> list[Finding]:
    why = f"not needed by {', '.join(needs.steps)}"
    if needs.builder == "folder":
        why = "not needed by the builder folder"
    elif set(needs.steps) & _USES_DOCKER:
        return _engine(needs.room)
    return [skipped(what, why) for what in ("Docker", "buildx", "disk")]


def _engine(room: int) -> list[Finding]:
    buildx = diagnosis.look("buildx", lambda: fine("buildx", docker.require_buildx()))
    try:
        engine = docker.client()
    except KitError as error:
        return [diagnosis.wrong("Docker", error), buildx, skipped("disk", "no Docker engine")]
    return [
        fine("Docker", "an engine answers"),
        buildx,
        diagnosis.look("disk", lambda: fine("disk", docker.require_disk(engine, room))),
    ]


def _matlab(needs: Needs) -> Finding:
    if needs.engine != "matlab":
        return skipped("MATLAB", f"not needed by the engine {needs.engine or 'that is not known'}")
    if "compile-handler" not in needs.steps:
        return skipped("MATLAB", f"not needed by {', '.join(needs.steps)}")
    return fine("MATLAB", microservice.require_compiler(needs.token, needs.release))


def _octave(needs: Needs) -> Finding:
    if needs.engine != "octave" or needs.builder != "folder":
        return skipped("Octave", "not needed on this machine: the images hold what they run")
    program = shutil.which("octave-cli")
    if program is None:
        raise MissingStepError(
            "There is no octave-cli on PATH.",
            why="The emulator runs folder images with this machine's Octave.",
            do="Install GNU Octave (apt-get install octave).",
        )
    return fine("Octave", program)
