"""Results as Markdown for the job summary, and as plain text tables. Pure."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import visible
from matlab_sagemaker.github import markdown as md

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from matlab_sagemaker.errors import KitError

Rows = list[list[str]]  # the first is the header
NONE = "—"
_UNITS = ("B", "kB", "MB", "GB", "TB")
_DIGEST = re.compile(r"(?<![0-9a-f])([0-9a-f]{12})[0-9a-f]{52}(?![0-9a-f])")
_LINE_END = re.compile(r"\r\n?|\n")
_BLANKS = re.compile(r"[^\S\u00a0]+")  # all but the no-break space


def failure(error: KitError, verb: str, place: str) -> str:
    """Write the summary of an error; `place` is Markdown or empty."""
    where = f"In {place}\n\n" if place else ""
    return f"### ❌ {error.title}: {verb}\n\n{where}{md.fenced(str(error))}"


def crash(verb: str) -> str:
    """Write the summary of a verb that ended without reporting anything."""
    return f"### ❌ Failed: {verb}\n\nIt ended before it could report the reason; see its log.\n"


def looked(what: str, name: str, *, found: bool) -> str:
    """Write the summary of `--find-only`, which looks for the result of exactly these files."""
    state = "found" if found else "not found"
    told = f"{md.code(name)} exists." if found else f"There is no {md.code(name)} yet."
    return f"### {what}: {state}\n\n{told} Its name depends on the files, data and settings.\n"


def inline(rows: Rows) -> Rows:
    """Escape rows of foreign text for Markdown."""
    return [md.inlines(row) for row in rows]


def plain(rows: Rows) -> str:
    """Format a table for a terminal: ends of lines in cells as arrows, others as escapes."""
    rows = [[visible(_LINE_END.sub("↵", cell)) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(f"{c:{w}}" for c, w in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)


def outputs(values: Mapping[str, object], texts: Mapping[str, str]) -> str:
    """Format outputs and their `texts` for a terminal; long ones were already shown above.

    Outputs that are None were not looked up, and are left out.
    """
    width = max(map(len, texts))
    long = {n for n, v in values.items() if _is_nested(v) or "\n" in texts[n]}
    known = {n: t for n, t in texts.items() if values[n] is not None}
    lines = {n: "(shown above)" if n in long else t for n, t in known.items()}
    lines |= {n: "(none)" for n, v in values.items() if v == []}
    return "\n".join(f"{name:{width}}  {text}".rstrip() for name, text in lines.items())


def _is_nested(value: object) -> bool:
    inner = value.values() if isinstance(value, dict) else ()
    return isinstance(value, list) or any(isinstance(each, (dict, list)) for each in inner)


def markdown(rows: Sequence[Sequence[str]], numbers: Container[int] = ()) -> str:
    """Format a Markdown table; no text can break out of its cell.

    `numbers` are the indices of the right-aligned columns.
    """
    header, *body = [[_cell(cell) for cell in row] for row in rows]
    rule = ["---:" if column in numbers else "---" for column in range(len(header))]
    lines = [header, rule, *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def with_metrics(values: Mapping[str, float], missing: Mapping[str, str], *tables: Rows) -> str:
    """Format a Markdown table of metrics, if there are any, and each of `tables` that has rows.

    `missing` says why a metric has no value, by its name.
    """
    without = [[md.inline(name), f"{NONE} ({md.inline(why)})"] for name, why in missing.items()]
    measured = [[*metrics(values), *without]] if values or missing else []
    return "\n".join(markdown(rows) for rows in (*measured, *tables) if rows)


def _cell(text: str) -> str:
    flat = _BLANKS.sub(" ", text).strip(" ")
    return flat.replace("|", "\\|").replace("<", "&lt;")


def metrics(values: Mapping[str, float]) -> Rows:
    """Make rows of name and value."""
    numbers = map(number, values.values())
    rows = [list(row) for row in zip(md.inlines(values), numbers, strict=True)]
    return [["metric", "value"], *rows]


def number(value: float | None) -> str:
    """Format a number with six significant digits; None is a dash."""
    return NONE if value is None else f"{value:.6g}"


def size(count: float) -> str:
    """Format a number of bytes for people, in decimal units."""
    unit = 0
    while count >= 999.5 and unit + 1 < len(_UNITS):
        count, unit = count / 1000, unit + 1
    return f"{count:.3g} {_UNITS[unit]}"


def shorten_digests(text: str) -> str:
    """Shorten each key or digest in a text from 64 to its first 12 digits."""
    return _DIGEST.sub(r"\1…", text)


def side_by_side(request: str, answer: str) -> Rows | None:
    """Join request and answer into one table if both are tables with equally many rows; else None.

    A table is CSV, or JSON with a list of records that have the same names and plain values.
    """
    asked, answered = _rows(request), _rows(answer)
    if len(asked) != len(answered) or len(asked) < 2:
        return None
    arrow = ["→"] * len(asked)
    return [[*a, mark, *b] for a, mark, b in zip(asked, arrow, answered, strict=True)]


def _rows(text: str) -> Rows:
    text = text.removeprefix("\ufeff")
    with contextlib.suppress(ValueError, RecursionError):
        return _records(json.loads(text, parse_int=str, parse_float=str))
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    except csv.Error:  # a field is longer than the reader's limit
        return []
    return rows if len({len(row) for row in rows}) == 1 else []


def _records(value: object) -> Rows:
    """Make rows of a list of records, or of the one in an object; numbers are texts already."""
    if isinstance(value, dict) and len(value) == 1:
        (value,) = value.values()
    if not (isinstance(value, list) and value and isinstance(value[0], dict)):
        return []
    names = list(value[0])
    if not all(isinstance(record, dict) and record.keys() == value[0].keys() for record in value):
        return []
    cells = [[record[name] for name in names] for record in value]
    if any(isinstance(cell, (dict, list)) for row in cells for cell in row):
        return []
    rows = [names, *([c if isinstance(c, str) else json.dumps(c) for c in row] for row in cells)]
    # JSON may have unpaired surrogates, which UTF-8 cannot have.
    return [[c.encode(errors="backslashreplace").decode() for c in row] for row in rows]
