"""Checks the files of a request and its expected answer: format and number of rows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from matlab_sagemaker import digest
from matlab_sagemaker.errors import Place
from matlab_sagemaker.project import comparison
from matlab_sagemaker.project.request import TYPES
from matlab_sagemaker.rehearsal.flaws import CheckResult, Flaw

if TYPE_CHECKING:
    from pathlib import Path


def check(request: Path | None, expected: Path | None) -> CheckResult:
    """Check that both can be read, and have the same number of rows."""
    files = [file for file in (request, expected) if file and file.suffix.lower() in TYPES]
    if not files:
        return CheckResult("request", "no request in CSV or JSON", skipped=True)
    flaws = [flaw for file in files for flaw in _unreadable(file)]
    if not flaws and len(files) == 2:
        asked, answered = map(_count, files)
        if asked != answered:
            text = f"{answered} row(s) are expected, but {request} has {asked}"
            cure = "Correct the expected answer, unless the handler combines rows"
            flaws = [Flaw(Place(str(expected), 1), text, cure, warns=True)]
    rows = f"{_count(files[0])} row(s)" if not flaws else ""
    return CheckResult("request", rows, tuple(flaws))


def _unreadable(file: Path) -> list[Flaw]:
    try:
        _count(file)
    except ValueError as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        kind = TYPES[file.suffix.lower()]
        return [Flaw(Place(str(file), line), f"it is not {kind}: {error}", "Correct the file")]
    return []


def _count(file: Path) -> int | None:
    return comparison.row_count(digest.content(file), TYPES[file.suffix.lower()])
