"""Whether an answer is the expected one: by content, not by its bytes. Pure.

CSV and JSON are compared row by row: numbers to a relative difference of 1e-6, for they are
printed and computed differently by different machines; texts exactly. All else is compared whole.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import math
from dataclasses import dataclass
from typing import Any

TOLERANCE, NEAR_ZERO = 1e-6, 1e-12  # relative, absolute
_LONGEST = 500  # characters that are shown of a row
_NONE = object()  # where there is no row any more


@dataclass(frozen=True)
class Expected:
    """What an endpoint should answer."""

    file: str
    body: bytes
    content_type: str


@dataclass(frozen=True)
class Difference:
    """The first row in which an answer differs; the rows are counted from 1, a header is one."""

    row: int
    expected: str
    answered: str


def first_difference(expected: Expected, answer: bytes) -> Difference | None:
    """Return where `answer` differs; raise ValueError where it is not of the expected type."""
    rows = itertools.zip_longest(
        rows_of(expected.body, expected.content_type),
        rows_of(answer, expected.content_type),
        fillvalue=_NONE,
    )
    for number, (wanted, got) in enumerate(rows, start=1):
        if not _same(wanted, got):
            return Difference(number, _shown(wanted), _shown(got))
    return None


def rows_of(body: bytes, content_type: str) -> list[Any]:
    """Return the rows of a body; a JSON value that is no list is one row. Raises ValueError."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        value = json.loads(body.decode("utf-8-sig"))
        return value if isinstance(value, list) else [value]
    if kind == "text/csv":
        try:
            rows = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""))
            return [[_cell(cell) for cell in row] for row in rows if row]
        except csv.Error as error:
            raise ValueError(str(error)) from error
    return [body]


def _cell(text: str) -> str | float:
    """Return a cell's number, or its text; what Python alone takes for a number is none."""
    try:
        return text if "_" in text else float(text)
    except ValueError:
        return text


def _same(wanted: Any, got: Any) -> bool:
    if isinstance(wanted, dict) and isinstance(got, dict):
        return wanted.keys() == got.keys() and all(_same(wanted[k], got[k]) for k in wanted)
    if isinstance(wanted, list) and isinstance(got, list):
        return len(wanted) == len(got) and all(map(_same, wanted, got))
    if _is_number(wanted) and _is_number(got):
        return wanted == got or _close(wanted, got)
    return type(wanted) is type(got) and bool(wanted == got)


def _close(wanted: float, got: float) -> bool:
    try:
        both_nan = math.isnan(wanted) and math.isnan(got)
        return both_nan or math.isclose(wanted, got, rel_tol=TOLERANCE, abs_tol=NEAR_ZERO)
    except OverflowError:  # an integer that is no float
        return False


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _shown(row: Any) -> str:
    if row is _NONE:
        return "(no such row)"
    if isinstance(row, bytes):
        text = row.decode(errors="replace")
    elif isinstance(row, list) and all(isinstance(cell, (str, float)) for cell in row):
        text = ",".join(f"{cell:.15g}" if isinstance(cell, float) else cell for cell in row)
    else:
        text = json.dumps(row, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
