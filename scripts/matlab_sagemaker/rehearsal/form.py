"""Checks the signature of the training function and the parent class of the handler.

Reads both files.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from matlab_sagemaker import digest
from matlab_sagemaker.errors import Place
from matlab_sagemaker.project import folders
from matlab_sagemaker.rehearsal.flaws import CheckResult, Flaw

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from matlab_sagemaker.digest import Files
    from matlab_sagemaker.rehearsal.parts import Part

_HANDLER = "sagemaker_inference.DefaultInferenceHandler"
_GOES_ON = r"\.\.\.[^\n]*\n"  # the statement continues on the next line
_CONTINUED = re.compile(_GOES_ON)
_FUNCTION = re.compile(rf"^[ \t]*function\b(?P<head>(?:{_GOES_ON}|[^%\n])*)", re.MULTILINE)
_CLASS = re.compile(
    rf"^[ \t]*classdef\b(?:{_GOES_ON}|[^%<\n])*(<(?P<parents>(?:{_GOES_ON}|[^%\n])*))?",
    re.MULTILINE,
)
_BLOCK = re.compile(r"(?ms)^[ \t]*%\{[ \t]*$.*?^[ \t]*%\}[ \t]*$")  # a block comment
_DECLARED = re.compile(r"^[ \t]*arguments\b", re.MULTILINE)
_ARGUMENTS = re.compile(r"\((?P<names>[^)]*)\)\s*$")


def of_function(training: Part, given: Mapping[str, str]) -> CheckResult:
    """Check that it is a function that takes env and the hyperparameters `given`."""
    name, path = training.entry, training.path
    first = _FUNCTION.search(text := _text(path))
    what = f"{name}(env, …)"
    if first is None:
        cure = f"Start it with: function {name}(env, varargin)"
        flaw = Flaw(Place(str(path), 1), f"{name} is not a function, so it cannot take env", cure)
        return CheckResult("training function", what, (flaw,))
    arguments = _ARGUMENTS.search(_CONTINUED.sub(" ", first["head"]).rstrip("; \t"))
    names = [part.strip() for part in arguments["names"].split(",")] if arguments else [""]
    line = _line(text, first.start())
    if names == [""]:
        cure = f"Add the arguments: function {name}(env, varargin)"
        flaw = Flaw(Place(str(path), line), f"{name} takes no arguments, but gets env", cure)
        return CheckResult("training function", what, (flaw,))
    if given and names[-1] != "varargin" and len(names) < 1 + 2 * len(given):
        said = f"{name} takes {len(names)} argument(s), but gets env and {len(given)} pair(s)"
        cure = "Add varargin: each hyperparameter is passed as a name and a value"
        declares = bool(_DECLARED.search(text))  # an arguments block may declare them
        flaw = Flaw(Place(str(path), line), said, cure, warns=declares)
        return CheckResult("training function", what, (flaw,))
    return CheckResult("training function", what)


def of_handler(handler: Part) -> CheckResult:
    """Check that the handler is a class derived from one of the kit's."""
    name, files, path = handler.entry, handler.files, handler.path
    if handler.is_kits:
        return CheckResult("handler", "the kit's own")
    text = _text(path)
    found = _CLASS.search(text)
    if found and _derives(found["parents"], files, {name}):
        return CheckResult("handler", f"{name} is derived from {_HANDLER}")
    what = f"{name} is not derived from {_HANDLER}" if found else f"{name} is not a class"
    cure = f"Start it with: classdef {name.rpartition('.')[2]} < {_HANDLER}"
    line = _line(text, found.start()) if found else 1
    return CheckResult("handler", name, (Flaw(Place(str(path), line), what, cure),))


def _derives(parents: str | None, files: Files, seen: set[str]) -> bool:
    """Whether one of a class's parents is the kit's, or a class in `files` derived from it."""
    for parent in re.split(r"\s*&\s*", _CONTINUED.sub(" ", parents or "").strip()):
        if parent in folders.KITS_HANDLERS:
            return True
        path = files.get(folders.file_of(parent))
        found = _CLASS.search(_text(path)) if path and parent not in seen else None
        if found and _derives(found["parents"], files, {*seen, parent}):
            return True
    return False


def _text(path: Path) -> str:
    text = digest.content(path).decode(errors="replace")
    return _BLOCK.sub(lambda comment: "\n" * comment[0].count("\n"), text)


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
