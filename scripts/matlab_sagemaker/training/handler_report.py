"""The report on a tried handler: Markdown for summary and comment, and outputs. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matlab_sagemaker.github import markdown, tables
from matlab_sagemaker.github.facts import DifferenceFacts, HandlerFacts
from matlab_sagemaker.project import request

if TYPE_CHECKING:
    from matlab_sagemaker.training.handler_trial import HandlerTrial

ROWS = 5  # of request and answer, without the header
_LONGEST = 200  # characters of a cell
_TOLD = ("row", "expected", "answered")  # of a difference
_TEXT = 2000  # characters of an answer that is not a table


def trial(tried: HandlerTrial) -> tuple[str, dict[str, Any]]:
    """Return the summary and the outputs; a handler's error is shown where it is raised."""
    return _summary(tried), _outputs(tried)


def facts(tried: HandlerTrial) -> dict[str, Any]:
    """Gather what the comment shows; for a handler that was not tried, only the reason."""
    asked, job, rows = tried.rehearsal, tried.job, _rows(tried)
    sent, expected = (asked.request, asked.expected) if asked else (None, None)
    found, difference = tried.difference, None
    if found and min(found.table_row, ROWS + 2) <= len(rows):  # not only the expected answer has it
        row, where = found.table_row, found.where
        difference = DifferenceFacts(row=row, where=where, expected=found.expected)
    handler = HandlerFacts(
        reason=tried.reason,
        billed_s=job.billable_s if job else 0,
        request=sent.file if sent else "",
        rows=rows,
        answer="" if rows else _cut(_answer(tried), _TEXT),
        expected=expected.file if expected else "",
        difference=difference,
    )
    return {"handler": handler}


def _summary(tried: HandlerTrial) -> str:
    if tried.reason:
        return f"### {tables.NONE} Handler not tried\n\n{tried.reason}\n"
    if tried.error or tried.job is None:
        return ""
    text = f"### ✅ Handler answered\n\n{_how(tried)}\n\n"
    rows = _rows(tried)
    if rows:
        return text + tables.markdown(tables.inline(rows))
    answer = _answer(tried)
    return text + (markdown.fenced(_cut(answer, _TEXT)) if answer else "")


def _how(tried: HandlerTrial) -> str:
    asked = tried.rehearsal
    if asked is None or asked.request is None:
        return "It loaded the model. To send it a request, set `inference.request`."
    if asked.expected:
        file = markdown.code(asked.expected.file)
        return f"With the trained model it gives the answer expected in {file}."
    return "With the trained model it gives this answer. To check it, set `inference.expected`."


def _outputs(tried: HandlerTrial) -> dict[str, Any]:
    job, rows, difference = tried.job, _rows(tried), tried.difference
    return {
        "tried": job is not None,
        "reason": tried.reason,
        "job-name": job.name if job else "",
        "billed-seconds": str(job.billable_s) if job else "",
        "prediction": _answer(tried),
        "rows": rows,
        "as-expected": _as_expected(tried),
        "difference": {name: vars(difference)[name] for name in _TOLD} if difference else {},
        "changed": tried.changed,
    }


def _as_expected(tried: HandlerTrial) -> bool | str:
    """Return whether the answer is as expected; "" if none is expected or nothing was tried."""
    expects = tried.rehearsal is not None and tried.rehearsal.expected is not None
    return tried.verdict.answers if expects and tried.verdict else ""


def _answer(tried: HandlerTrial) -> str:
    answer = tried.outcome.answer if tried.outcome else None
    return request.keep(answer, "") if answer else ""


def _rows(tried: HandlerTrial) -> tables.Rows:
    """Show request and answer side by side; empty unless both are tables with equally many rows.

    There are the header, the first rows and, if that comes later, the first that differs.
    """
    sent = tried.rehearsal.request if tried.rehearsal else None
    answer, found = _answer(tried), tried.difference
    different = found.table_row if found else 0
    rows = (tables.side_by_side(sent.text, answer) if sent and answer else None) or []
    later = rows[different - 1 :][:1] if different > ROWS + 1 else []
    shown = [*rows[: ROWS + 1], *later]
    return [[_cut(cell, _LONGEST) for cell in row] for row in shown]


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}… (cut)"
