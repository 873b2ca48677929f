"""Compare an answer with the expected one, by content rather than by bytes. Pure.

CSV and JSON are compared row by row: texts and integers exactly, other numbers up to a relative
difference, because machines compute and print them differently. Other types are compared by bytes.
"""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import json
import math
import re
from dataclasses import dataclass, replace
from typing import Any

NEAR_ZERO = 1e-12  # absolute difference up to which two numbers are the same
_LONGEST = 500  # characters that are shown of a row
_NEXT = re.compile(r"\s*[\[,]?\s*")  # what is before a value in a list of JSON
_HEADER = re.compile(r';\s*header\s*=\s*"?(present|absent)', re.IGNORECASE)
_NONE = object()  # in place of a row, past the end


@dataclass(frozen=True)
class Expected:
    """What an endpoint should answer."""

    file: str
    body: bytes
    content_type: str
    tolerance: float = 1e-6  # relative difference up to which two numbers are the same


@dataclass(frozen=True)
class Difference:
    """The first row in which an answer differs."""

    row: int  # counted from 1, including a header
    expected: str
    answered: str
    line: int | None = None  # of the expected answer; its last row's if that has fewer rows
    table_row: int = 1  # counted in a table with a header, which a list of JSON does not have
    where: str = ""  # as people count: "row 2", or "line 2" if nobody knows what is a header
    words: str = "its content differs"


def first_difference(expected: Expected, answer: bytes) -> Difference | None:
    """Find where `answer` differs; raise ValueError if it is not of the expected type."""
    kind = expected.content_type
    all_wanted, all_got = rows_of(expected.body, kind), rows_of(answer, kind)
    if type(all_wanted) is not type(all_got):
        line = _lines(expected.body, kind)[0]
        return Difference(1, _whole(all_wanted), _whole(all_got), line)
    rows = itertools.zip_longest(all_wanted, all_got, fillvalue=_NONE)
    for number, (wanted, got) in enumerate(rows, start=1):
        if not _same(wanted, got, expected.tolerance):
            found = Difference(number, _shown(wanted), _shown(got))
            return _described(found, kind, (expected.body, all_wanted), (answer, all_got))
    return None


_Parsed = tuple[bytes, list[Any] | tuple[Any]]  # a body and its rows


def _described(found: Difference, kind: str, wanted: _Parsed, got: _Parsed) -> Difference:
    """Say where it is, or that the numbers of rows differ."""
    if _media_type(kind) not in ("text/csv", "application/json"):
        return found
    (body, rows), row = wanted, found.row
    lines = _lines(body, kind)
    found = replace(found, line=lines[max(min(row, len(rows)), 1) - 1])
    if isinstance(rows, tuple):
        return found
    names, is_csv = _has_names(rows, kind), _media_type(kind) == "text/csv"
    if names is None:
        unit = "line"
        where = name = f"line {lines[row - 1]}"
        count, other = (_lines(b, kind)[len(r)] - 1 for b, r in (wanted, got))
    else:
        unit, where = "row", f"row {row - names}"
        count, other = (max(len(r) - names, 0) for _, r in (wanted, got))
        said = f"{where} of the answer" if row > names else "the columns' names"
        name = f"line {found.line} ({said})" if is_csv else where
    words = f"{name} is the first that differs"
    if row > min(len(rows), len(got[1])):
        words = f"the expected answer has {count} {unit}{'s' * (count != 1)}, the answer {other}"
    return replace(found, table_row=row + (not is_csv), where=where, words=words)


def rows_of(body: bytes, content_type: str) -> list[Any] | tuple[Any]:
    """Split a body into its rows; a JSON value that is not a list becomes a tuple of it.

    Raises ValueError if the body is not of its content type.
    """
    kind = _media_type(content_type)
    if kind == "application/json":
        try:
            value = json.loads(body.decode("utf-8-sig"))
        except RecursionError as error:
            raise ValueError("its values are nested too deeply") from error
        return value if isinstance(value, list) else (value,)
    if kind == "text/csv":
        try:
            rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
        except csv.Error as error:
            raise ValueError(str(error)) from error
        while rows and not rows[-1]:  # only at the end: others may be rows with one missing value
            rows.pop()
        return [[_cell(cell) for cell in row] for row in rows]
    return [body]


def _lines(body: bytes, kind: str) -> list[int]:
    """Find the line where each row of JSON or CSV begins; of CSV, also the one after the last."""
    text = body.decode("utf-8-sig")
    if _media_type(kind) == "application/json":
        return _lines_of_json(text)
    reader = csv.reader(io.StringIO(text, newline=""))
    return [1, *(reader.line_num + 1 for _ in reader)]


def _lines_of_json(text: str) -> list[int]:
    """Find the line of each value in a list; of another value it is the first line."""
    lines, line, counted, decoder = [], 1, 0, json.JSONDecoder()
    at = _next(text, 0) if text.lstrip().startswith("[") else len(text)
    while at < len(text) and not text.startswith("]", at):
        line, counted = line + text.count("\n", counted, at), at
        lines.append(line)
        at = _next(text, decoder.raw_decode(text, at)[1])
    return lines or [1]


def _next(text: str, at: int) -> int:
    found = _NEXT.match(text, at)
    return found.end() if found else at


def row_count(body: bytes, content_type: str) -> int | None:
    """Count the rows of data in a body of CSV or JSON; None for other types.

    The first line of CSV is data if it has a number or the type says so, otherwise the columns'
    names. Raises ValueError if the body is not of its content type.
    """
    rows = rows_of(body, content_type)
    if isinstance(rows, tuple):
        (value,) = rows
        lists = [value.get(key) for key in _LISTS] if isinstance(value, dict) else []
        return next((len(found) for found in lists if isinstance(found, list)), 1)
    if any(isinstance(row, bytes) for row in rows):
        return None
    return len(rows) - (_has_names(rows, content_type) is not False)


def _has_names(rows: list[Any], content_type: str) -> bool | None:
    """Whether the first row has the columns' names; None if nothing but text says so."""
    if not rows or _media_type(content_type) != "text/csv":
        return False
    if said := _HEADER.search(content_type):
        return said[1].lower() == "present"
    if any(map(_is_number, rows[0])):
        return False
    return any(_is_number(cell) for row in rows for cell in row) or None


def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


_LISTS = ("instances", "predictions")  # of a JSON object, as TensorFlow Serving has them


def _cell(text: str) -> str | float:
    """Read a cell as a number if it is one, except forms such as 1_000 that only Python accepts."""
    if "_" not in text:
        for number in (int, float):
            with contextlib.suppress(ValueError):
                return number(text)
    return text


def _same(wanted: Any, got: Any, tolerance: float) -> bool:
    if isinstance(wanted, dict) and isinstance(got, dict):
        return wanted.keys() == got.keys() and all(
            _same(wanted[k], got[k], tolerance) for k in wanted
        )
    if isinstance(wanted, list) and isinstance(got, list):
        pairs = zip(wanted, got, strict=False)
        return len(wanted) == len(got) and all(_same(w, g, tolerance) for w, g in pairs)
    if _is_number(wanted) and _is_number(got):
        whole = isinstance(wanted, int) and isinstance(got, int)
        return bool(wanted == got) or (not whole and _close(wanted, got, tolerance))
    return type(wanted) is type(got) and bool(wanted == got)


def _close(wanted: float, got: float, tolerance: float) -> bool:
    try:
        both_nan = math.isnan(wanted) and math.isnan(got)
        return both_nan or math.isclose(wanted, got, rel_tol=tolerance, abs_tol=NEAR_ZERO)
    except OverflowError:  # an integer too large for a float
        return False


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _whole(rows: list[Any] | tuple[Any]) -> str:
    return _cut(json.dumps(rows if isinstance(rows, list) else rows[0], ensure_ascii=False))


def _shown(row: Any) -> str:
    if row is _NONE:
        return "(no such row)"
    if isinstance(row, bytes):
        text = row.decode(errors="replace")
    elif isinstance(row, list) and all(isinstance(cell, (str, int, float)) for cell in row):
        text = ",".join(f"{cell:.15g}" if isinstance(cell, float) else str(cell) for cell in row)
    else:
        text = json.dumps(row, ensure_ascii=False)
    return _cut(text)


def _cut(text: str) -> str:
    text = text.encode(errors="backslashreplace").decode()  # JSON may have unpaired surrogates
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
