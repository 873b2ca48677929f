"""Compares the column names of a request with those of the data. Reads only first lines."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING

from matlab_sagemaker import digest
from matlab_sagemaker.errors import Place
from matlab_sagemaker.project.problems import did_you_mean
from matlab_sagemaker.rehearsal.flaws import CheckResult, Flaw

if TYPE_CHECKING:
    from pathlib import Path

    from matlab_sagemaker.digest import Files
    from matlab_sagemaker.project.content import Project

_LONGEST = 1_000_000  # characters of a first line
_DELIMITERS = ",;\t"  # that readtable recognises in data
_SIGNS = {";": "semicolons", "\t": "tabs"}
_DECODE = re.compile(rb"(?m)^[ \t]*function\b[^\n%]*\bdecode_input\s*\(")


def check(project: Project, request: Path | None) -> CheckResult:
    """Check that the data has the request's columns."""
    known = _of_data(project)
    if request and (wrong := wrong_delimiter(project, request)):
        return CheckResult("columns", "", (wrong,))
    asked = _of_request(request, _DELIMITERS if decodes(project) else ",") if request else []
    if not request:
        return CheckResult("columns", "there is no request to compare with the data", skipped=True)
    if not (known and asked):
        why = "there is no training data to compare the request with"
        if project.settings.training:
            why = "request or data have no column names to compare"
        return CheckResult("columns", why, skipped=True)
    cure = "Correct the name in the request, or ignore this if the model does not need the column"
    place = Place(str(request), 1)
    flaws = [Flaw(place, text, cure, warns=True) for text in _differences(asked, known)]
    return CheckResult("columns", f"the data has all {len(asked)} of the request", tuple(flaws))


def wrong_delimiter(project: Project, request: Path) -> Flaw | None:
    """Return the flaw of a request whose columns are not separated by commas."""
    if decodes(project) or not (sign := _other_delimiter(request)):
        return None
    text = f"the columns are separated by {sign}, but the endpoint reads only commas"
    cure = "Use commas in the request, or write decode_input in the handler"
    return Flaw(Place(str(request), 1), text, cure)


def renamed_columns(project: Project) -> dict[str, str]:
    """Map the names that readtable makes of other names in the data to these: bC to `b c`."""
    return {_valid(name): name for name in _of_data(project) if _valid(name) != name}


def _of_data(project: Project) -> list[str]:
    """Collect the column names of all channels whose data is in the repository."""
    section, files = project.settings.training, project.folders.files
    sources = section.channels.values() if section else ()
    found = (column for each in sources if each in files for column in _of_files(files[each]))
    return list(dict.fromkeys(found))


def _of_files(files: Files) -> list[str]:
    """Collect the column names of CSV files, each once; none if first lines are all numbers."""
    names = (_of_csv(path) for name, path in files.items() if name.lower().endswith(".csv"))
    return list(dict.fromkeys(column for found in names for column in found))


def decodes(project: Project) -> bool:
    """Whether the project's handler reads requests itself, in any format."""
    code = (path for name, path in project.handler_code.items() if name.endswith(".m"))
    return any(_DECODE.search(digest.content(path)) for path in code)


def _other_delimiter(request: Path) -> str:
    """Name what separates a request's columns, for a message; empty if it is commas."""
    if request.suffix.lower() == ".json":
        return ""
    first = _first_line(request)
    found = max(_DELIMITERS, key=first.count)
    return _SIGNS[found] if found != "," and "," not in first and found in first else ""


def _of_request(file: Path, delimiters: str) -> list[str]:
    """Read the column names of a request, if it has any."""
    return _of_json(file) if file.suffix.lower() == ".json" else _of_csv(file, delimiters)


def _differences(asked: list[str], known: list[str]) -> list[str]:
    """Write a sentence about each name that the data lacks; the model may ignore that column."""
    valid = {_valid(name) for name in known}
    free = [name for name in known if name not in asked]  # what a misspelt name may mean
    unknown = (name for name in asked if _valid(name) not in valid)
    return [f"the data has no column '{name}'{did_you_mean(name, free)}" for name in unknown]


def _valid(name: str) -> str:
    """Change a name as MATLAB's readtable does: `flow/mean` becomes `flow_mean`."""
    joined = re.sub(r"\s+(\S?)", lambda space: space[1].upper(), name)
    name = re.sub(r"[^A-Za-z0-9_]", "_", joined)
    return name if name[:1].isalpha() else f"x{name}"


def _of_csv(file: Path, delimiters: str = _DELIMITERS) -> list[str]:
    first = _first_line(file)
    delimiter = max(delimiters, key=first.count)
    cells = next(csv.reader([first], delimiter=delimiter), [])
    return [] if all(map(_is_number, cells)) else [cell.strip() for cell in cells]


def _first_line(file: Path) -> str:
    """Read a file's first line; empty if it cannot be read."""
    try:
        with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            return lines.readline(_LONGEST)
    except OSError:
        return ""


def _of_json(file: Path) -> list[str]:
    try:
        value = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):  # the last: nested too deeply
        return []
    if isinstance(value, dict):
        value = value.get("instances", [value])
    records = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    return list(dict.fromkeys(name for record in records for name in record))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
