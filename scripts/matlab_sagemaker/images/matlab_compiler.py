"""Compiles a handler with MATLAB into MATLAB Compiler SDK's microservice image, in the engine here.

It runs on a machine with MATLAB, MATLAB Compiler SDK and Docker; all else needs no MATLAB.
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
    """What is compiled: a class, the files that count in the key, and the MATLAB release to use."""

    handler: str
    ingredients: digest.Files  # what MATLAB finds: below handler/ and below matlab/
    release: str  # with or without an update: R2026a, R2026aU2
    key: str  # of the image that will be made of it

    @property
    def code(self) -> digest.Files:
        """The user's files, by where they are in the handler's folder."""
        return build_context.handler_files(self.ingredients)


def preparation(project: Project, token: str) -> Preparation | None:
    """Return what compiles the project's handler; None where its engine needs no compiling."""
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
    """Return the outputs that say what a machine needs to compile, for workflows to prepare it."""
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
    """Compile, and yield the build arguments by which docker/inference/Dockerfile takes it over.

    The engine keeps the microservice image only for the time of the block, under a name that no
    other run has: two may compile the same at a time.
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
            f"cd({_text(folder)})",  # files in the current folder would go before the copy
            *_with_kit(folder / "matlab", source.release),
            _call("microservice", source.handler, code, output, "ImageName", name),
        )
        command = _matlab(token)
        if not shell.stream([*command, statement], {TOKEN: token}, take):
            return
        said = "\n".join(lines[-30:])
        engine.ping()  # where nothing answers this either, it is the engine that has gone
        if trouble := build_errors.of_engine(said):
            raise trouble
        if not started.exists():
            raise _not_started(command[0], said)
        raise _not_compiled(source, said)


def _not_started(program: str, said: str) -> KitError:
    """Return the error that MATLAB ended before it ran anything. Pure.

    Nothing is documented of how matlab-batch tells that it refuses a token.
    """
    if program == "matlab-batch" or _LICENCE.search(said):
        return LicenceError(
            f"{program} ended before MATLAB ran anything: usually the licence is the cause.",
            why=said,
            do=f"With a batch token, put a valid one into the secret that gives {TOKEN}: this "
            "one has expired, was refused, or does not include MATLAB Compiler SDK. "
            "Otherwise let this machine reach its licence. Then run again.",
        )
    return ImageError(
        "MATLAB does not start.",
        why=said,
        do="Correct what it says: `matlab -batch version` must work on this machine.",
    )


def _not_compiled(source: HandlerSource, said: str) -> KitError:
    """Return the error that the last words of a compilation mean. Pure."""
    if found := _WRONG_RELEASE.search(said):
        return _wrong_release(found[1], found[2], said)
    if _LICENCE.search(said):
        return LicenceError(
            f"MATLAB has no licence to compile {source.handler}.",
            why=said,
            do="Give MATLAB here a licence for MATLAB Compiler and MATLAB Compiler SDK.",
        )
    return ImageError(
        f"MATLAB did not compile {source.handler}.",
        why=said,
        do="Correct what MATLAB says; its log is above.",
        place=parsing.place(said, source.code),
    )


# The words of checkRelease.m, and those of MATLAB's licence manager.
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
    """Find MATLAB's command here; raise unless it is `release` and has the Compiler SDK."""
    command, lines = _matlab(token), list[str]()
    statement = _statement(*_with_kit(KIT / "matlab", release), _ASKS_COMPILER)
    if shell.stream([*command, statement], {TOKEN: token}, lines.append):
        said = "\n".join(_masked(line, token) for line in lines[-5:])
        if found := _WRONG_RELEASE.search(said):
            raise _wrong_release(found[1], found[2], said)
        raise ImageError(
            f"{command[0]} does not start, or has no MATLAB Compiler SDK.",
            why=said,
            do="Install MATLAB Compiler and MATLAB Compiler SDK there, with a licence for both.",
        )
    return f"{command[0]} {release} with MATLAB Compiler SDK"


# Called without arguments it raises an error of its own, where it is there at all.
_ASKS_COMPILER = (
    "try, compiler.build.productionServerArchive(); catch err, "
    "try, sagemaker.internal.build.rethrowMissing(err); catch told, "
    "if strcmp(told.identifier, 'sagemaker:build:compiler'), rethrow(told); end, end, end"
)


def _masked(line: str, token: str) -> str:
    """Mask the token and its parts in a line of MATLAB's: matlab-batch may print them."""
    parts = sorted({token, *token.split("::")}, key=len, reverse=True)
    for part in parts:
        if len(part) >= _TELLING:
            line = line.replace(part, "***")
    return line


_TELLING = 6  # characters; a shorter part of a token is no secret


def _matlab(token: str) -> list[str]:
    """Choose the command that runs a statement: matlab-batch for a token, else matlab itself."""
    if token and shutil.which("matlab-batch"):
        return ["matlab-batch"]
    if shutil.which("matlab"):
        return ["matlab", "-batch"]
    raise MatlabMissingError(
        "There is no MATLAB on this machine.",
        why="MATLAB Compiler SDK compiles the handler.",
        do="Run this on a machine with MATLAB and MATLAB Compiler SDK, or, with a batch token in "
        f"{TOKEN}, with matlab-batch.",
    )


def _with_kit(folder: Path, release: str) -> tuple[str, str]:
    """Return what a statement begins with that uses the kit's `folder`, and the right MATLAB.

    By addpath: that matlab-batch heeds MATLABPATH is not confirmed.
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
            why="compiler.package.microserviceDockerImage succeeded, but the engine does not "
            "have the image.",
            do="See MATLAB's log above. MATLAB must use the same Docker engine as this step.",
        ) from error
    return [*(settings["Entrypoint"] or []), *(settings["Cmd"] or [])]
