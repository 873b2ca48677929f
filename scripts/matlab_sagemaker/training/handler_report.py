"""What is said of a handler that was tried: Markdown for summary and comment, and outputs. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matlab_sagemaker.github import markdown, tables
from matlab_sagemaker.github.facts import DifferenceFacts, HandlerFacts
from matlab_sagemaker.project import comparison, request

if TYPE_CHECKING:
    from matlab_sagemaker.training.handler_trial import HandlerTrial

ROWS = 5  # of request and answer, beside the header
_LONGEST = 200  # characters of a cell
_TEXT = 2000  # characters of an answer that is no table


def trial(tried: HandlerTrial) -> tuple[str, dict[str, Any]]:
    """Return the summary and the outputs; an error of the handler's tells itself."""
    return _summary(tried), _outputs(tried)


def facts(tried: HandlerTrial) -> dict[str, Any]:
    """Return what the comment says of it; where it was not asked, only why."""
    asked, job, rows = tried.rehearsal, tried.job, _rows(tried)
    sent, expected = (asked.request, asked.expected) if asked else (None, None)
    difference = _difference(tried)
    handler = HandlerFacts(
        reason=tried.reason,
        job=job.name if job else "",
        billed_s=job.billable_s if job else 0,
        request=sent.file if sent else "",
        rows=rows,
        answer="" if rows else _answer(tried)[:_TEXT],
        expected=expected.file if expected else "",
        difference=DifferenceFacts(**difference) if difference else None,
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
    return text + (markdown.fenced(answer[:_TEXT]) if answer else "")


def _how(tried: HandlerTrial) -> str:
    asked = tried.rehearsal
    if asked is None or asked.request is None:
        return "It has loaded the model; sagemaker.yml names no `inference.request` to ask it."
    if asked.expected:
        return f"With the trained model it answers what {markdown.code(asked.expected.file)} has."
    return "With the trained model it answers this; there is no `inference.expected` to compare."


def _outputs(tried: HandlerTrial) -> dict[str, Any]:
    job, rows = tried.job, _rows(tried)
    return {
        "tried": job is not None,
        "reason": tried.reason,
        "job-name": job.name if job else "",
        "billed-seconds": str(job.billable_s) if job else "",
        "prediction": _answer(tried),
        "rows": rows,
        "as-expected": _as_expected(tried),
        "difference": _difference(tried),
        "changed": tried.changed,
    }


def _as_expected(tried: HandlerTrial) -> bool | str:
    """Return whether the answer is the expected one; nothing where there is none, or none asked."""
    expects = tried.rehearsal is not None and tried.rehearsal.expected is not None
    return tried.verdict.answers if expects and tried.verdict else ""


def _difference(tried: HandlerTrial) -> dict[str, Any]:
    """Return the first row that is not as expected, if there is one."""
    expected = tried.rehearsal.expected if tried.rehearsal else None
    answer = tried.outcome.answer if tried.outcome else None
    if expected is None or answer is None:
        return {}
    try:
        found = comparison.first_difference(expected, answer)
    except ValueError:
        return {}
    return dict(vars(found)) if found else {}


def _answer(tried: HandlerTrial) -> str:
    answer = tried.outcome.answer if tried.outcome else None
    return request.keep(answer, "") if answer else ""


def _rows(tried: HandlerTrial) -> tables.Rows:
    """Return request and answer side by side: header and first rows; none where they are no CSV."""
    sent = tried.rehearsal.request if tried.rehearsal else None
    answer = _answer(tried)
    rows = tables.side_by_side(sent.text, answer) if sent and answer else None
    return [[cell[:_LONGEST] for cell in row] for row in (rows or [])[: ROWS + 1]]
