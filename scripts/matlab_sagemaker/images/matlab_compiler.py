"""Compiles a handler with MATLAB Compiler SDK into a microservice image in this Docker engine.

Only this module needs MATLAB and MATLAB Compiler SDK on the machine that runs it.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import docker.errors

from matlab_sagemaker import shell
from matlab_sagemaker.errors import ImageError, LicenceError, MatlabMissingError
from matlab_sagemaker.images import build_errors, parsing
from matlab_sagemaker.images.buildx import TOKEN
from matlab_sagemaker.images.docker_engine import forget
from matlab_sagemaker.project import build_context
from matlab_sagemaker.project.build_context import KIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from docker.client import DockerClient

    from matlab_sagemaker import digest
    from matlab_sagemaker.errors import KitError
    from matlab_sagemaker.images.publish import Preparation
    from matlab_sagemaker.project.config import MatlabSection
    from matlab_sagemaker.project.content import Project


@dataclass(frozen=True, kw_only=True)
class HandlerSource:
    """The handler class to compile, its files, and the MATLAB release to compile it with."""

    handler: str
    ingredients: digest.Files  # the user's files below handler/, the kit's below matlab/
    release: str  # with or without an update: R2026a, R2026aU2
    key: str  # the content key of the inference image

    @property
    def code(self) -> digest.Files:
        """The user's files, by their path in the handler's folder."""
        return build_context.handler_files(self.ingredients)


def preparation(project: Project, token: str) -> Preparation | None:
    """Prepare to compile the project's handler; None if its engine needs no compiling."""
    context, release = project.inference_image, project.settings.matlab.release
    if context.engine != "matlab":
        return None
    source = HandlerSource(
        handler=project.handler.name,
        ingredients=context.ingredients,
        release=release,
        key=context.key,
    )
    return partial(compiled, source, token)


def outputs(matlab: MatlabSection) -> dict[str, str]:
    """Return the step outputs with which a workflow sets up MATLAB for compiling."""
    products = [name for name in build_context.products_of(matlab) if name != "MATLAB"]
    return {
        "engine": matlab.engine,
        "release": matlab.release,
        "products": " ".join(products),
    }


@contextlib.contextmanager
def compiled(
    source: HandlerSource, token: str, engine: DockerClient, log: Callable[[str], None]
) -> Iterator[dict[str, str]]:
    """Compile, and yield the build arguments that docker/inference/Dockerfile needs to use it.

    The microservice image is removed at the end of the block. Its name is random, since two runs
    may compile the same handler at the same time.
    """
    name = f"matlab-microservice:{source.key}-{secrets.token_hex(4)}"
    try:
        _compile(source, name, token, engine, log)
        entry = json.dumps(_entry(engine, name))
        yield {"MICROSERVICE_IMAGE": name, "MICROSERVICE_COMMAND": entry}
    finally:
        forget(engine, name)


def _compile(
    source: HandlerSource, name: str, token: str, engine: DockerClient, log: Callable[[str], None]
) -> None:
    lines: list[str] = []

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        started, output, code = folder / "started", folder / "output", folder / "handler"
        build_context.lay_out(source.ingredients, folder)

        def take(line: str) -> None:
            own = parsing.as_users(line, code, source.code)
            lines.append(_masked(own, token))
            log(lines[-1])

        statement = _statement(
            f"fclose(fopen({_text(started)}, 'w'))",
            f"cd({_text(folder)})",  # MATLAB prefers files in the current folder over the copy
            *_with_kit(folder / "matlab", source.release),
            _call("microservice", source.handler, code, output, "ImageName", name),
        )
        command = _matlab(token)
        if not shell.stream([*command, statement], {TOKEN: token}, take):
            return
        said = "\n".join(lines[-30:])
        engine.ping()  # raises if the engine is gone: then that is the cause
        if trouble := build_errors.of_engine(said):
            raise trouble
        if not started.exists():
            raise _not_started(command[0], said)
        raise _not_compiled(source, said)


def _not_started(program: str, said: str) -> KitError:
    """Make the error for a MATLAB that ended before it ran our first statement. Pure.

    MathWorks does not document what matlab-batch prints when it refuses a token.
    """
    if program == "matlab-batch" or _LICENCE.search(said):
        return LicenceError(
            f"{program} ended before MATLAB ran anything; the usual cause is the licence.",
            why=said,
            do=f"If you use a batch token, put a valid one into the secret behind {TOKEN}: it may "
            "have expired, been refused, or not include MATLAB Compiler SDK. Otherwise make sure "
            "that this machine can reach its licence. Then run again.",
        )
    return ImageError(
        "MATLAB does not start.",
        why=said,
        do="Fix the cause above: `matlab -batch version` must work on this machine.",
    )


def _not_compiled(source: HandlerSource, said: str) -> KitError:
    """Make the error for a failed compilation from its last lines. Pure."""
    if found := _WRONG_RELEASE.search(said):
        return _wrong_release(found[1], found[2], said)
    if _LICENCE.search(said):
        return LicenceError(
            f"MATLAB has no licence to compile {source.handler}.",
            why=said,
            do="This machine needs licences for MATLAB Compiler and MATLAB Compiler SDK.",
        )
    return ImageError(
        f"MATLAB could not compile {source.handler}.",
        why=said,
        do="Fix the error that MATLAB reports; its log is above.",
        place=parsing.place(said, source.code),
    )


# Printed by checkRelease.m and by MATLAB's licence manager.
_WRONG_RELEASE = re.compile(
    r"wrong release: this MATLAB is (R\w+), and matlab\.release in sagemaker\.yml is (R\w+)"
)
_LICENCE = re.compile(r"licen[cs]e (checkout failed|manager error)", re.IGNORECASE)


def _wrong_release(here: str, wanted: str, said: str) -> MatlabMissingError:
    return MatlabMissingError(
        f"The MATLAB on this machine is {here}, but matlab.release in sagemaker.yml is {wanted}.",
        why=said,
        do=f"Put MATLAB {wanted} first on PATH (with setup-matlab, set its input release), or "
        "correct matlab.release.",
    )


def require_compiler(token: str, release: str) -> str:
    """Check that this machine has MATLAB `release` and the Compiler SDK; raise a KitError if not.

    Returns a line that says what was found.
    """
    command, lines = _matlab(token), list[str]()
    statement = _statement(*_with_kit(KIT / "matlab", release), _ASKS_COMPILER)
    if shell.stream([*command, statement], {TOKEN: token}, lines.append):
        said = "\n".join(_masked(line, token) for line in lines[-5:])
        if found := _WRONG_RELEASE.search(said):
            raise _wrong_release(found[1], found[2], said)
        raise ImageError(
            f"{command[0]} does not start, or does not have MATLAB Compiler SDK.",
            why=said,
            do="Install MATLAB Compiler and MATLAB Compiler SDK, with licences for both.",
        )
    return f"{command[0]} {release} with MATLAB Compiler SDK"


# Without arguments the function raises an error even if it is installed; only an error that says
# that it is missing counts.
_ASKS_COMPILER = (
    "try, compiler.build.productionServerArchive(); catch err, "
    "try, sagemaker.internal.build.rethrowMissing(err); catch told, "
    "if strcmp(told.identifier, 'sagemaker:build:compiler'), rethrow(told); end, end, end"
)


def _masked(line: str, token: str) -> str:
    """Mask the token and its parts in a line of output: matlab-batch may print them."""
    parts = sorted({token, *token.split("::")}, key=len, reverse=True)
    for part in parts:
        if len(part) >= _TELLING:
            line = line.replace(part, "***")
    return line


_TELLING = 6  # characters; shorter parts of a token are too common to be secret


def _matlab(token: str) -> list[str]:
    """Choose the command that runs a statement: matlab-batch if there is a token, else matlab."""
    if token and shutil.which("matlab-batch"):
        return ["matlab-batch"]
    if shutil.which("matlab"):
        return ["matlab", "-batch"]
    raise MatlabMissingError(
        "There is no MATLAB on this machine.",
        why="MATLAB Compiler SDK compiles the handler.",
        do="Run this on a machine with MATLAB and MATLAB Compiler SDK, or with matlab-batch and a "
        f"batch token in {TOKEN}.",
    )


def _with_kit(folder: Path, release: str) -> tuple[str, str]:
    """Begin a statement: add the kit's `folder` to the path, then check MATLAB's release.

    It uses addpath because it is not confirmed that matlab-batch reads MATLABPATH.
    """
    return f"addpath({_text(folder)})", _call("checkRelease", release)


def _call(function: str, *arguments: object) -> str:
    return f"sagemaker.internal.build.{function}({', '.join(map(_text, arguments))})"


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _statement(*parts: str) -> str:
    return "; ".join(parts) + ";"


def _entry(engine: DockerClient, name: str) -> list[str]:
    try:
        settings = engine.images.get(name).attrs["Config"]
    except docker.errors.ImageNotFound as error:
        raise ImageError(
            f"MATLAB did not build the image {name}.",
            why="compiler.package.microserviceDockerImage succeeded, but the image is not in the "
            "Docker engine.",
            do="See MATLAB's log above. MATLAB must use the same Docker engine as this step.",
        ) from error
    return [*(settings["Entrypoint"] or []), *(settings["Cmd"] or [])]
