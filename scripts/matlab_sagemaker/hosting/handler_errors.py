"""Find the line in the user's handler that raised an error, from an answer or a log. Pure.

The kit's handlers answer {"error": identifier, "message": text, "where": "function (file, line n)"}
(see DefaultInferenceRouter.m); the serving process logs such an answer to a ping.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_WHERE = re.compile(r".+ \((?P<file>.+), line (?P<line>\d+)\)")
_LOGGED = re.compile(r'"where":"([^"]+)"')


def place(where: str, code: Mapping[str, Path]) -> Place | None:
    """Find the place in `code`, which maps a path in the image to the handler's file."""
    found = _WHERE.fullmatch(where)
    file = code.get(found["file"]) if found else None
    return Place(str(file), int(found["line"])) if found and file else None


def place_in_log(lines: Iterable[str], code: Mapping[str, Path]) -> Place | None:
    """Find the last place that the lines of a log name."""
    told = [found[1] for line in lines for found in _LOGGED.finditer(line)]
    return place(told[-1], code) if told else None
