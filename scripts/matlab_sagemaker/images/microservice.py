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
from pathlib import Path
from typing import TYPE_CHECKING

import docker.errors

from matlab_sagemaker import contexts, digest, shell
from matlab_sagemaker.contexts import KIT
from matlab_sagemaker.errors import ImageError, LicenceError, MatlabMissingError
from matlab_sagemaker.images import causes
from matlab_sagemaker.images.build import TOKEN
from matlab_sagemaker.images.docker import forget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from docker.client import DockerClient

    from matlab_sagemaker.errors import KitError


@dataclass(frozen=True, kw_only=True)
class Source:
    """What is compiled: a class, the folder that holds it, and the MATLAB release that has to.

    Of the folder it is what counts in the key: an archive holds no .git, whatever `code` names.
    """

    handler: str
    code: Path
    release: str  # with or without an update: R2026a, R2026aU2
    key: str  # of the image that will be made of it


@contextlib.contextmanager
def compiled(
    source: Source, token: str, engine: DockerClient, log: Callable[[str], None]
) -> Iterator[dict[str, str]]:
    """Compile, and yield the build arguments by which docker/inference/Dockerfile takes it over.

    The engine keeps the microservice image for the time of the block alone, under a name that no
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
    source: Source, name: str, token: str, engine: DockerClient, log: Callable[[str], None]
) -> None:
    lines: list[str] = []

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        started, output, code = folder / "started", folder / "output", folder / "handler"
        contexts.lay_out(digest.folder_files(source.code), code)

        def take(line: str) -> None:
            own = line.replace(str(code), str(source.code.resolve()))  # the user's, not the copy
            lines.append(_masked(own, token))
            log(lines[-1])

        statement = _statement(
            f"fclose(fopen({_text(started)}, 'w'))",
            f"cd({_text(folder)})",  # what lies in the current folder would go before the copy
            *_with_kit(source.release),
            _call("microservice", source.handler, code, output, "ImageName", name),
        )
        command = _matlab(token)
        if not shell.stream([*command, statement], {TOKEN: token}, take):
            return
        said = "\n".join(lines[-30:])
        engine.ping()  # where nothing answers this either, it is the engine that has gone
        if trouble := causes.of_engine(said):
            raise trouble
        if not started.exists():
            raise _not_started(command[0], said)
        raise _not_compiled(source.handler, said)


def _not_started(program: str, said: str) -> KitError:
    """Return the error that MATLAB ended before it ran anything. Pure.

    Nothing is documented of how matlab-batch tells that it refuses a token.
    """
    if program == "matlab-batch" or _LICENCE.search(said):
        return LicenceError(
            f"{program} ended before MATLAB ran anything: usually the licence is the cause.",
            why=said,
            do="Where it is a batch token, put a valid one into the secret that gives "
            f"{TOKEN}: it has expired, was refused, or lacks MATLAB Compiler SDK. Else let this "
            "machine reach its licence, then run again.",
        )
    return ImageError(
        "MATLAB does not start.",
        why=said,
        do="Correct what it says: `matlab -batch version` has to work on this machine.",
    )


def _not_compiled(handler: str, said: str) -> KitError:
    """Return the error that the last words of a compilation mean. Pure."""
    if found := _WRONG_RELEASE.search(said):
        return _wrong_release(found[1], found[2], said)
    if _LICENCE.search(said):
        return LicenceError(
            f"MATLAB did not compile {handler} for want of a licence.",
            why=said,
            do="Give MATLAB here a licence for MATLAB Compiler and MATLAB Compiler SDK.",
        )
    return ImageError(
        f"MATLAB did not compile {handler}.",
        why=said,
        do="Correct what MATLAB says; its log is above.",
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
        do=f"Let a MATLAB {wanted} be the first on PATH (with setup-matlab, its input release), or "
        "correct matlab.release.",
    )


def require_compiler(token: str, release: str) -> str:
    """Return MATLAB's command here; raise unless it is `release` and has the Compiler SDK."""
    command, lines = _matlab(token), list[str]()
    statement = _statement(*_with_kit(release), _ASKS_COMPILER)
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


def _with_kit(release: str) -> tuple[str, str]:
    """Return what a statement begins with that uses the kit: its folder, and the right MATLAB.

    By addpath: that matlab-batch heeds MATLABPATH is not confirmed.
    """
    return f"addpath({_text(KIT / 'matlab')})", _call("checkRelease", release)


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
            f"MATLAB made no image {name}.",
            why="compiler.package.microserviceDockerImage ended well, but the engine has no image.",
            do="Look at MATLAB's log above: it has to reach the same Docker engine.",
        ) from error
    return [*(settings["Entrypoint"] or []), *(settings["Cmd"] or [])]
