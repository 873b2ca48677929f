"""Checks this machine: git, Docker and its disk, MATLAB, Octave. It changes nothing."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matlab_sagemaker import shell
from matlab_sagemaker.checks import Check, fine, skipped
from matlab_sagemaker.doctor import findings as doctor_findings
from matlab_sagemaker.errors import KitError, MissingStepError
from matlab_sagemaker.images import docker_engine, matlab_compiler

if TYPE_CHECKING:
    from matlab_sagemaker.images.publish import Builder

_USES_DOCKER = {"build-training-image", "compile-handler", "check-image"}


@dataclass(frozen=True, kw_only=True)
class Workload:
    """What this machine is used for."""

    steps: tuple[str, ...]
    builder: Builder
    engine: str  # matlab or octave; empty if sagemaker.yml does not say
    room: int  # bytes on disk for the largest image
    token: str  # the batch token, or empty
    release: str  # of MATLAB; empty if sagemaker.yml does not say


def findings(workload: Workload, *, elsewhere: bool = False) -> list[Check]:
    """Check this machine; if the steps run `elsewhere`, check only git."""
    if elsewhere:
        why = (
            "Docker and MATLAB are needed on the workflows' runners, not here (to check this "
            "machine, use --steps)"
        )
        return [doctor_findings.look("git", _git), skipped("this machine", why)]
    return [
        doctor_findings.look("git", _git),
        *_docker(workload),
        doctor_findings.look("MATLAB", lambda: _matlab(workload)),
        doctor_findings.look("Octave", lambda: _octave(workload)),
    ]


def _git() -> Check:
    lines: list[str] = []
    if shell.stream(["git", "--version"], {}, lines.append):
        raise MissingStepError("There is no git on PATH.", do="Install git.")
    return fine("git", lines[-1])


def _docker(workload: Workload) -> list[Check]:
    why = f"not needed by {', '.join(workload.steps)}"
    if workload.builder == "folder":
        why = "not needed with the builder folder"
    elif set(workload.steps) & _USES_DOCKER:
        return _engine(workload.room)
    return [skipped(what, why) for what in ("Docker", "buildx", "disk")]


def _engine(room: int) -> list[Check]:
    buildx = doctor_findings.look("buildx", lambda: fine("buildx", docker_engine.require_buildx()))
    try:
        engine = docker_engine.client()
    except KitError as error:
        return [
            doctor_findings.of_error("Docker", error),
            buildx,
            skipped("disk", "no Docker engine"),
        ]
    return [
        fine("Docker", "an engine answers"),
        buildx,
        doctor_findings.look(
            "disk", lambda: fine("disk", docker_engine.require_disk(engine, room))
        ),
    ]


def _matlab(workload: Workload) -> Check:
    if workload.engine != "matlab":
        engine = workload.engine
        why = f"not needed with the engine {engine}" if engine else "the engine is unknown"
        return skipped("MATLAB", why)
    if "compile-handler" not in workload.steps:
        return skipped("MATLAB", f"not needed by {', '.join(workload.steps)}")
    return fine("MATLAB", matlab_compiler.require_compiler(workload.token, workload.release))


def _octave(workload: Workload) -> Check:
    if workload.engine != "octave" or workload.builder != "folder":
        return skipped("Octave", "not needed on this machine: the images contain it")
    program = shutil.which("octave-cli")
    if program is None:
        raise MissingStepError(
            "There is no octave-cli on PATH.",
            why="The emulator runs folder images with this machine's Octave.",
            do="Install GNU Octave (apt-get install octave).",
        )
    return fine("Octave", program)
