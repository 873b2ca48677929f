"""Results as Markdown, for the job summary, and as plain text tables. Pure."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from matlab_sagemaker import markdown as md

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matlab_sagemaker.aws.training import Job
    from matlab_sagemaker.errors import KitError
    from matlab_sagemaker.plan import Plan

Rows = list[list[str]]  # the first is the header
NONE = "—"


def failure(error: KitError, verb: str, place: str) -> str:
    """Return what is to be said about an error; `place` is Markdown, or nothing."""
    where = f"In {place}\n\n" if place else ""
    return f"### ❌ {error.title}: {verb}\n\n{where}{md.fenced(str(error))}"


def crash(verb: str) -> str:
    """Return what is to be said about a verb that ended without a word."""
    return f"### ❌ Failed: {verb}\n\nIt ended before it could say why; its log shows how.\n"


def image(title: str, uri: str, tag: str, *, changed: bool) -> str:
    """Return what is to be said about an image."""
    state = "built and pushed" if changed else "unchanged: found in the registry, nothing was built"
    return f"### {title}\n\n{state}\n\n" + markdown(
        [["image", "tag"], [md.code(uri), md.code(tag)]]
    )


def checks(name: str, rows: Rows) -> str:
    """Return what is to be said about an image that was checked."""
    passed = all(row[-1] != "✘" for row in rows[1:])
    return f"### {'✅' if passed else '❌'} Checked {md.code(name)}\n\n" + markdown(_inline(rows))


def training(job: Job, plan: Plan) -> str:
    """Return what is to be said about a training job that has Completed."""
    facts = [
        ["training job", f"`{job.name}`"],
        ["model", f"`{job.model_data}`"],
        ["billed for it", f"{job.billable_s} s"],
    ]
    found = "Found: trained before by these very files, data and settings."
    text = f"### ✅ Trained\n\n{'Trained by this run.' if plan.steps else found}\n\n"
    if job.metrics:
        text += markdown(metrics(job.metrics)) + "\n"
    return text + markdown([["what", "where"], *facts])


def looked(what: str, name: str, *, found: bool) -> str:
    """Return what is to be said about a look for what is made of exactly these files."""
    state = "found" if found else "not found"
    told = f"{md.code(name)} is there." if found else f"There is no {md.code(name)} yet."
    return f"### {what}: {state}\n\n{told} It is named by the files, data and settings.\n"


def metrics(values: Mapping[str, float]) -> Rows:
    """Return metrics as rows of name and value."""
    return [
        ["metric", "value"],
        *([md.inline(name), _number(value)] for name, value in values.items()),
    ]


def compared(now: Mapping[str, float], before: Mapping[str, float]) -> Rows:
    """Return metrics beside those from before; what only one of them has is a dash."""
    rows = [["metric", "before", "now", "change"]]
    for name in [*now, *(gone for gone in before if gone not in now)]:
        old, new = before.get(name), now.get(name)
        change = NONE if old is None or new is None else f"{new - old:+.6g}"
        rows.append([md.inline(name), _number(old), _number(new), change])
    return rows


def _number(value: float | None) -> str:
    return NONE if value is None else f"{value:.6g}"


def prediction(endpoint: str, rows: Rows | None, body: str) -> str:
    """Return what is to be said about an answer: a table where it is one, the text elsewhere."""
    shown = markdown(_inline(rows)) if rows else md.fenced(body[:2000])
    return f"### Prediction of `{endpoint}`\n\n{shown}"


def _inline(rows: Rows) -> Rows:
    return [[md.inline(cell) for cell in row] for row in rows]


def side_by_side(request: str, answer: str) -> Rows | None:
    """Return request and answer as one table, where both are CSV with as many rows; else None."""
    asked, answered = _rows(request), _rows(answer)
    if len(asked) != len(answered) or len(asked) < 2:
        return None
    arrow = ["→"] * len(asked)
    return [[*a, mark, *b] for a, mark, b in zip(asked, arrow, answered, strict=True)]


def _rows(text: str) -> Rows:
    rows = [row for row in csv.reader(io.StringIO(text)) if row]
    return rows if len({len(row) for row in rows}) == 1 else []


def plain(rows: Rows) -> str:
    """Return a table for a terminal."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(f"{c:{w}}" for c, w in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; what a cell holds cannot end it."""
    header, *body = [[_cell(cell) for cell in row] for row in rows]
    lines = [header, ["---"] * len(header), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _cell(text: str) -> str:
    flat = " ".join(text.split())
    return flat.replace("|", "\\|").replace("<", "&lt;")
