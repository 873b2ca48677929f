"""Is the handler's code a program at all? Octave parses it before its image is pushed."""

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
# Packages, private functions and class folders are the handler's as well.
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
    """Let an image's Octave parse the handler; `code` has the user's file of each of its files.

    Raises ImageError with the user's file, and the line, of what cannot be parsed.
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
    """Let this machine's Octave parse the handler, as in `require_in_image`."""
    if not shutil.which("octave-cli"):
        log("octave-cli is not installed here, so the handler's syntax is not checked.")
        return
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as temporary:
        handler = Path(temporary).resolve()
        build_context.lay_out(code, handler)
        statement = _statement(KIT / "docker/octave/compat", KIT / "matlab", handler)
        if shell.stream(["octave-cli", *_OCTAVE, statement], {}, lines.append):
            raise _unparsed("\n".join(lines), handler, code)


def code_of(context: BuildContext) -> digest.Files:
    """Return the user's file of each file of the handler in an image; none where it has none."""
    return build_context.handler_files(context.files)


def as_users(said: str, folder: Path, code: digest.Files) -> str:
    """Return what an engine said with the user's files in place of their copies below `folder`."""
    for name in sorted(code, key=len, reverse=True):
        said = said.replace(f"{folder}/{name}", str(code[name]))
    return said


def place(said: str, code: digest.Files) -> Place | None:
    """Find the place of an error in a file of the user's, as `as_users` returns what was said."""
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
