"""Results as Markdown, for the job summary, and as plain text tables. Pure."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import visible
from matlab_sagemaker.github import markdown as md

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from matlab_sagemaker.errors import KitError

Rows = list[list[str]]  # the first is the header
NONE = "—"
_BLANKS = re.compile(r"[^\S\u00a0]+")  # where a line may break


def failure(error: KitError, verb: str, place: str) -> str:
    """Return what is to be said about an error; `place` is Markdown, or nothing."""
    where = f"In {place}\n\n" if place else ""
    return f"### ❌ {error.title}: {verb}\n\n{where}{md.fenced(str(error))}"


def crash(verb: str) -> str:
    """Return what is to be said about a verb that ended without a word."""
    return f"### ❌ Failed: {verb}\n\nIt ended before it could say why; its log shows how.\n"


def looked(what: str, name: str, *, found: bool) -> str:
    """Return what is to be said about a look for what is made of exactly these files."""
    state = "found" if found else "not found"
    told = f"{md.code(name)} is there." if found else f"There is no {md.code(name)} yet."
    return f"### {what}: {state}\n\n{told} It is named by the files, data and settings.\n"


def inline(rows: Rows) -> Rows:
    """Return rows of foreign text as rows of Markdown."""
    return [md.inlines(row) for row in rows]


def plain(rows: Rows) -> str:
    """Return a table for a terminal, which no cell can steer."""
    rows = [list(map(visible, row)) for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(f"{c:{w}}" for c, w in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)


def outputs(values: Mapping[str, object], texts: Mapping[str, str]) -> str:
    """Return outputs and their `texts` for a terminal; what is long has been shown by then.

    What is None was not looked for, and is left out.
    """
    width = max(map(len, texts))
    long = {n for n, v in values.items() if isinstance(v, list) or "\n" in texts[n]}
    known = {n: t for n, t in texts.items() if values[n] is not None}
    lines = {n: "(shown above)" if n in long else t for n, t in known.items()}
    lines |= {n: "(none)" for n, v in values.items() if v == []}
    return "\n".join(f"{name:{width}}  {text}".rstrip() for name, text in lines.items())


def markdown(rows: Sequence[Sequence[str]], numbers: Container[int] = ()) -> str:
    """Return a Markdown table; what a cell holds cannot end it. `numbers` are its right columns."""
    header, *body = [[_cell(cell) for cell in row] for row in rows]
    rule = ["---:" if column in numbers else "---" for column in range(len(header))]
    lines = [header, rule, *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def with_metrics(values: Mapping[str, float], missing: Mapping[str, str], *tables: Rows) -> str:
    """Return a Markdown table of metrics, if there are any, and those of `tables` that have rows.

    `missing` says why a metric has no value, by its name.
    """
    without = [[md.inline(name), f"{NONE} ({md.inline(why)})"] for name, why in missing.items()]
    measured = [[*metrics(values), *without]] if values or missing else []
    return "\n".join(markdown(rows) for rows in (*measured, *tables) if rows)


def _cell(text: str) -> str:
    flat = _BLANKS.sub(" ", text).strip(" ")
    return flat.replace("|", "\\|").replace("<", "&lt;")


def metrics(values: Mapping[str, float]) -> Rows:
    """Return metrics as rows of name and value."""
    numbers = map(number, values.values())
    rows = [list(row) for row in zip(md.inlines(values), numbers, strict=True)]
    return [["metric", "value"], *rows]


def compared(now: Mapping[str, float], before: Mapping[str, float]) -> Rows:
    """Return metrics beside those from before; what only one of them has is a dash."""
    rows = [["metric", "before", "now", "change"]]
    for name in [*now, *(gone for gone in before if gone not in now)]:
        old, new = before.get(name), now.get(name)
        change = NONE if old is None or new is None else f"{new - old:+.6g}"
        rows.append([md.inline(name), number(old), number(new), change])
    return rows


def number(value: float | None) -> str:
    """Return a number as people see it; a dash where there is none."""
    return NONE if value is None else f"{value:.6g}"


def side_by_side(request: str, answer: str) -> Rows | None:
    """Return request and answer as one table, where both are CSV with as many rows; else None."""
    asked, answered = _rows(request), _rows(answer)
    if len(asked) != len(answered) or len(asked) < 2:
        return None
    arrow = ["→"] * len(asked)
    return [[*a, mark, *b] for a, mark, b in zip(asked, arrow, answered, strict=True)]


def _rows(text: str) -> Rows:
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    except csv.Error:  # a field that is longer than the reader takes
        return []
    return rows if len({len(row) for row in rows}) == 1 else []
