"""Reports on a rehearsal: metrics, the answer as a table, and everything that is wrong."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from matlab_sagemaker.errors import NotJudgedError
from matlab_sagemaker.github import markdown, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matlab_sagemaker.github.run import Run
    from matlab_sagemaker.rehearsal.local_run import Follows, RehearsalResult


@contextlib.contextmanager
def unjudged(run: Run, follows: Follows) -> Iterator[None]:
    """Report a NotJudgedError as the user wants: as an error or as a warning."""
    try:
        yield
    except NotJudgedError as error:
        if follows == "error":
            raise
        run.show_as_warning(error)
        if not run.has_outputs:  # the rehearsal did not start
            run.outputs({"engine": "", "metrics": {}, "prediction": "", "judged": False})


def tell(run: Run, result: RehearsalResult) -> None:
    """Report everything; raise the most serious problem, if there is one."""
    if release := _another_release(result):
        run.warn(release)
    if result.rehearsal.handler and not result.rehearsal.request:
        run.warn(
            "The handler got no request, so it has not predicted: set inference.request or "
            "--request to a file."
        )
    if len(values := _metrics(result)) > 1:
        run.log_foreign(tables.plain(values))
    if asked := _asked(result):
        rows = tables.side_by_side(*asked)
        run.log_foreign(tables.plain(rows) if rows else asked[1])
    run.report(_summary(result), _outputs(result), logged=True)
    gravest, others = result.verdict.wrong[:1], result.verdict.wrong[1:]
    for problem in [*others, *result.verdict.doubtful]:
        run.warn(str(problem))
    for problem in gravest:
        raise problem
    if result.verdict.answers and result.rehearsal.expected:
        run.log(f"The answer is as {result.rehearsal.expected.file} expects.")


def _metrics(result: RehearsalResult) -> tables.Rows:
    """Make a row for each metric with its unit, or the reason why it has no value."""
    known = result.rehearsal.metrics
    values = [
        [name, f"{tables.number(value)} {known[name].unit or ''}".rstrip()]
        for name, value in result.metrics.items()
    ]
    without = [[name, f"{tables.NONE} ({why})"] for name, why in result.missing.items()]
    return [["metric", "value"], *values, *without]


def _asked(result: RehearsalResult) -> tuple[str, str] | None:
    """Return the request and its answer as text, if there are both."""
    sent, answer = result.rehearsal.request, result.outcome.answer
    return (sent.text, answer.decode(errors="replace")) if sent and answer is not None else None


def _summary(result: RehearsalResult) -> str:
    state = "❌" if result.verdict.wrong else "✅"
    if not result.verdict.judged:
        state = "⚠️ Not judged:"
    text = f"### {state} Rehearsal with {result.engine.title}\n\n"
    if len(values := _metrics(result)) > 1:
        text += tables.markdown(tables.inline(values)) + "\n"
    if asked := _asked(result):
        rows = tables.side_by_side(*asked)
        text += tables.markdown(tables.inline(rows)) if rows else markdown.fenced(asked[1][:2000])
    return text


def _outputs(result: RehearsalResult) -> dict[str, Any]:
    asked = _asked(result)
    return {
        "engine": result.engine.name,
        "metrics": dict(result.metrics),
        "prediction": asked[1] if asked else "",
        "judged": result.verdict.judged,
    }


def _another_release(result: RehearsalResult) -> str:
    """Warn if the images have another MATLAB release than this machine; else return empty."""
    wanted = result.rehearsal.project.settings.matlab.release.partition("U")[0]
    here = f"R{result.outcome.release}"
    if result.engine.name == "octave" or here in ("R", wanted):
        return ""
    return f"This MATLAB is {here}; the images have {wanted} (matlab.release in sagemaker.yml)."
