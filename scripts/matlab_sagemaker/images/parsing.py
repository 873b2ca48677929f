"""Lets Octave parse the handler, so that an image with a syntax error is never pushed."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import docker.errors

from matlab_sagemaker import shell
from matlab_sagemaker.errors import ImageError, Place
from matlab_sagemaker.images.docker_engine import wanted_for
from matlab_sagemaker.project import build_context
from matlab_sagemaker.project.build_context import KIT

if TYPE_CHECKING:
    from collections.abc import Callable

    from docker.client import DockerClient

    from matlab_sagemaker import digest
    from matlab_sagemaker.project.build_context import BuildContext

_LIMIT_S = 300
_IN_IMAGE = Path("/opt/matlab-sagemaker")
_OCTAVE = ["--norc", "--no-history", "--quiet", "--no-window-system", "--eval"]
# Goes into subfolders too: packages, private functions and class folders.
_PARSE = r"""
warning('off', 'Octave:shadowed-function');
handler = {handler};
addpath({compat}, {matlab}, handler);
folders = {{handler}};
while ~isempty(folders)
  inside = glob([regexprep(folders{{1}}, '([*?[\\])', '[$1]') '/*']);
  folders = [folders(2:end); inside(cellfun(@isfolder, inside))];
  files = inside(~cellfun(@isempty, regexp(inside, '\.m$')));
  cellfun(@(file) __parse_file__(file), files, 'UniformOutput', false);
end
"""


def require_in_image(engine: DockerClient, reference: str, code: digest.Files) -> None:
    """Parse the handler with the Octave in an image.

    `code` maps each file of the handler in the image to the user's file. Raises ImageError with
    the user's file and the line if a file cannot be parsed.
    """
    handler = _IN_IMAGE / "handler"
    statement = _statement(_IN_IMAGE / "compat", _IN_IMAGE / "matlab", handler)
    try:
        engine.containers.run(
            reference,
            [*_OCTAVE, statement],
            entrypoint="octave-cli",
            network_mode="none",
            labels=wanted_for(_LIMIT_S),
            remove=True,
            stderr=True,
        )
    except docker.errors.ContainerError as error:
        said = bytes(error.stderr or b"").decode(errors="replace")
        raise _unparsed(said, handler, code) from error
    except docker.errors.APIError as error:
        raise ImageError(f"The image {reference} cannot be run.", why=str(error)) from error


def require_here(code: digest.Files, log: Callable[[str], None]) -> None:
    """Parse the handler as `require_in_image` does, with the Octave on this machine, if any."""
    if not shutil.which("octave-cli"):
        log("The handler's syntax was not checked: octave-cli is not installed here.")
        return
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as temporary:
        handler = Path(temporary).resolve()
        build_context.lay_out(code, handler)
        statement = _statement(KIT / "docker/octave/compat", KIT / "matlab", handler)
        if shell.stream(["octave-cli", *_OCTAVE, statement], {}, lines.append):
            raise _unparsed("\n".join(lines), handler, code)


def code_of(context: BuildContext) -> digest.Files:
    """Map each file of the handler in an image to the user's file; empty if it has no handler."""
    return build_context.handler_files(context.files)


def as_users(said: str, folder: Path, code: digest.Files) -> str:
    """Replace the paths of copies below `folder` in an engine's output by the user's files."""
    for name in sorted(code, key=len, reverse=True):
        said = said.replace(f"{folder}/{name}", str(code[name]))
    return said


def place(said: str, code: digest.Files) -> Place | None:
    """Find file and line of an error in output from `as_users`; None if it names no user's file."""
    known = {**code, **{str(path): path for path in code.values()}}
    for form in _FORMS:
        found = form.search(said)
        if found and (file := known.get(found["file"])):
            return Place(str(file), int(found["line"]))
    return None


_FORMS = (
    re.compile(r"near line (?P<line>\d+)(?:, column \d+)?,? (?:of|in) file (?P<file>[^\n]+?\.m)\b"),
    re.compile(r"File: (?P<file>[^\n]+?\.m) Line: (?P<line>\d+)"),  # MATLAB's
)


def _unparsed(said: str, folder: Path, code: digest.Files) -> ImageError:
    said = as_users(said, folder, code)
    at = place(said, code)
    where = f"{at.file}:{at.line}" if at else "it"
    return ImageError(
        "The handler cannot be parsed.",
        why=said.strip()[-1000:],
        do=f"Correct {where} and run again. Nothing was pushed.",
        place=at,
    )


def _statement(compat: Path, matlab: Path, handler: Path) -> str:
    quoted = {
        name: "'" + str(path).replace("'", "''") + "'"
        for name, path in (("compat", compat), ("matlab", matlab), ("handler", handler))
    }
    return _PARSE.format(**quoted)
