"""Compiles a handler with MATLAB into MATLAB Compiler SDK's microservice image, in the engine here.

It runs on a machine with MATLAB, MATLAB Compiler SDK and Docker; all else needs no MATLAB.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from typing import TYPE_CHECKING

import docker.errors

from matlab_sagemaker import shell
from matlab_sagemaker.contexts import KIT
from matlab_sagemaker.errors import ImageError, MatlabMissingError
from matlab_sagemaker.images.build import TOKEN
from matlab_sagemaker.images.docker import forget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from docker.client import DockerClient


@contextlib.contextmanager
def compiled(
    handler: str,
    code: Path,
    name: str,
    token: str,
    engine: DockerClient,
    log: Callable[[str], None],
) -> Iterator[dict[str, str]]:
    """Compile, and yield the build arguments by which docker/inference/Dockerfile takes it over.

    `name` is the microservice image's, which the engine keeps for the time of the block alone;
    `code` is the folder with the class `handler`.
    """
    try:
        _compile(handler, code, name, token, log)
        entry = json.dumps(_entry(engine, name))
        yield {"MICROSERVICE_IMAGE": name, "MICROSERVICE_COMMAND": entry}
    finally:
        forget(engine, name)


def _compile(handler: str, code: Path, name: str, token: str, log: Callable[[str], None]) -> None:
    lines: list[str] = []

    def take(line: str) -> None:
        lines.append(_masked(line, token))
        log(lines[-1])

    with tempfile.TemporaryDirectory() as output:
        arguments = [handler, str(code.resolve()), output, "ImageName", name]
        command = [*_matlab(token), _statement(arguments)]
        environment = {TOKEN: token, "MATLABPATH": str(KIT / "matlab")}
        if shell.stream(command, environment, take):
            raise ImageError(
                f"MATLAB did not compile {handler}.",
                why="\n".join(lines[-30:]),
                do="Correct what MATLAB says; its log is above.",
            )


def require_compiler(token: str) -> str:
    """Return MATLAB's command here; raise a KitError unless it starts with the Compiler SDK."""
    command, lines = _matlab(token), list[str]()
    environment = {TOKEN: token, "MATLABPATH": str(KIT / "matlab")}
    if shell.stream([*command, _ASKS_COMPILER], environment, lines.append):
        raise ImageError(
            f"{command[0]} does not start, or has no MATLAB Compiler SDK.",
            why="\n".join(_masked(line, token) for line in lines[-5:]),
            do="Install MATLAB Compiler and MATLAB Compiler SDK there, with a licence for both.",
        )
    return f"{command[0]} with MATLAB Compiler SDK"


# Called without arguments it raises an error of its own, where it is there at all.
_ASKS_COMPILER = (
    "try, compiler.build.productionServerArchive(); catch err, "
    "try, sagemaker.internal.build.rethrowMissing(err); catch told, "
    "if strcmp(told.identifier, 'sagemaker:build:compiler'), rethrow(told); end, end, end"
)


def _masked(line: str, token: str) -> str:
    """Return a line of MATLAB's without the token and its parts, which matlab-batch may tell."""
    parts = sorted({token, *token.split("::")}, key=len, reverse=True)
    for part in parts:
        if len(part) >= _TELLING:
            line = line.replace(part, "***")
    return line


_TELLING = 6  # characters; a shorter part of a token is no secret


def _matlab(token: str) -> list[str]:
    """Return the command that runs a statement: matlab-batch for a token, else matlab itself."""
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


def _statement(arguments: list[str]) -> str:
    quoted = ", ".join("'" + text.replace("'", "''") + "'" for text in arguments)
    return f"sagemaker.internal.build.microservice({quoted});"


def _entry(engine: DockerClient, name: str) -> list[str]:
    try:
        settings = engine.images.get(name).attrs["Config"]
    except docker.errors.ImageNotFound as error:
        raise ImageError(
            f"MATLAB made no image {name}.",
            why="compiler.package.microserviceDockerImage ended well, but the engine has no image.",
            do="Look at MATLAB's log above: it has to reach the same Docker engine.",
        ) from error
    return [*(settings["Entrypoint"] or []), *(settings["Cmd"] or [])]
