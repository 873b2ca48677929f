"""Judges a rehearsal that has ended: each problem has a cause, a line and a remedy.

Reads the code and sagemaker.yml.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import KitError, NotJudgedError, Place, RehearsalFailedError
from matlab_sagemaker.project import comparison
from matlab_sagemaker.rehearsal import faults
from matlab_sagemaker.rehearsal.case import Case
from matlab_sagemaker.rehearsal.faults import AGAIN, failed
from matlab_sagemaker.rehearsal.stage import SAVE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.rehearsal.engine import LocalEngine
    from matlab_sagemaker.rehearsal.outcome import Outcome
    from matlab_sagemaker.rehearsal.parts import Part
    from matlab_sagemaker.rehearsal.stage import Rehearsal


_BEFORE_TRAINING = "sagemaker:rehearse:syntax"  # an identifier from sagemaker.internal.rehearse


@dataclass(frozen=True)
class Verdict:
    """What is wrong, the most serious first, and what may be wrong."""

    wrong: list[KitError]
    doubtful: list[KitError]
    answers: bool = False  # whether there is an expected answer, and the answer is the same

    @property
    def judged(self) -> bool:
        """Whether this machine could judge the project at all."""
        return not any(isinstance(error, NotJudgedError) for error in self.wrong)


def judge(
    rehearsal: Rehearsal,
    engine: LocalEngine,
    outcome: Outcome,
    missing: Mapping[str, str],
    strays: list[str],
) -> Verdict:
    """Judge the outcome of a rehearsal.

    `missing` has the reason for each metric without a value; `strays` are the .mat files that the
    training left in its current folder.
    """
    training, handler = rehearsal.training, rehearsal.handler
    if early := _before_the_end_of_training(rehearsal, engine, outcome):
        return Verdict([early], [])
    if not outcome.finished:
        return Verdict([_silent_end(engine, outcome)], [])
    metrics = rehearsal.metrics
    without = {name: _without_value(rehearsal, name, why) for name, why in missing.items()}
    required = [error for name, error in without.items() if metrics[name].required]
    optional = [error for name, error in without.items() if not metrics[name].required]
    if training and not outcome.model:
        return Verdict([_nothing_saved(training, strays), *required], optional)
    if outcome.handler and handler:
        case = Case(outcome.handler, handler, rehearsal, engine, outcome)
        return Verdict([faults.explain(case), *required], optional)
    optional += _other_count(rehearsal, outcome)
    different = _unexpected(rehearsal, outcome)
    answers = rehearsal.expected is not None and not different
    if engine.stands_in:  # the expected answer is MATLAB's; Octave's may differ
        return Verdict(required, [*different, *optional], answers)
    return Verdict([*different, *required], optional, answers)


def _before_the_end_of_training(
    rehearsal: Rehearsal, engine: LocalEngine, outcome: Outcome
) -> KitError | None:
    """Explain an error in the training, or one in the handler that was found before training."""
    part, fault = rehearsal.training, outcome.training
    if outcome.handler and outcome.handler.identifier == _BEFORE_TRAINING:
        part, fault = rehearsal.handler, outcome.handler
    return faults.explain(Case(fault, part, rehearsal, engine, outcome)) if part and fault else None


def _nothing_saved(training: Part, strays: list[str]) -> KitError:
    left = f" It wrote {', '.join(strays)} into the current folder." if strays else ""
    return failed(
        "The training saved no model",
        f"env.ModelFolder, which becomes model.tar.gz, is empty.{left}",
        f"Save one in it: {SAVE} {AGAIN}",
        training.definition(),
    )


def _without_value(rehearsal: Rehearsal, name: str, why: str) -> KitError:
    do = "The metric is optional; there is nothing to do unless you expect it."
    if rehearsal.metrics[name].required:
        do = f"Correct the pattern, or what the training prints. {AGAIN}"
        if why in _NOT_FINITE:
            do = f"The training printed {_NOT_FINITE[why]}: correct what it computes. {AGAIN}"
    return failed(
        f"The metric {name} has no value",
        f"In the training's log {why}.",
        do,
        rehearsal.project.place("training", "metrics", name),
    )


_NOT_FINITE = {  # in the words of metrics.py
    "its last value is nan": "NaN, which is no number",
    "its last value is inf": "Inf, which is not finite",
    "its last value is -inf": "-Inf, which is not finite",
}


def unprinted(outcome: Outcome) -> str:
    """Say why the training could not print its metrics; empty if it could."""
    if outcome.training:
        return "the training failed before"
    early = outcome.handler and outcome.handler.identifier == _BEFORE_TRAINING
    return "the training has not started" if early else ""


def _silent_end(engine: LocalEngine, outcome: Outcome) -> KitError:
    return RehearsalFailedError(
        f"{engine.title} ended with exit code {outcome.exit_code} before it could report an error.",
        why="Usually the code calls exit or quit. Its last output is above.",
        do=f"Remove the call to exit or quit. {AGAIN}",
    )


def _other_count(rehearsal: Rehearsal, outcome: Outcome) -> list[KitError]:
    """Warn if the answer does not have a row for each row of the request.

    Only if there is no expected answer, which would decide.
    """
    sent, answer = rehearsal.request, outcome.answer
    if rehearsal.expected or sent is None or answer is None:
        return []
    try:
        asked = comparison.row_count(sent.body, sent.content_type)
        answered = comparison.row_count(answer, sent.accept)
    except ValueError:  # the handler has its own format
        return []
    if None in (asked, answered) or asked == answered:
        return []
    what = f"The handler answers with {answered} row(s) for {asked} in the request"
    why = "Callers expect one row for each row of the request."
    do = f"If this is not intended, let predict return a row for each. {AGAIN}"
    handler = rehearsal.handler
    own = handler.definition("predict") if handler and not handler.is_kits else None
    return [failed(what, why, do, own)]


def _unexpected(rehearsal: Rehearsal, outcome: Outcome) -> list[KitError]:
    expected = rehearsal.expected
    if expected is None or outcome.answer is None:
        return []
    try:
        difference = comparison.first_difference(expected, outcome.answer)
    except ValueError as error:
        what = f"The answer is not {expected.content_type}, unlike {expected.file}"
        return [failed(what, f"{error}.", f"Correct the handler. {AGAIN}", None)]
    if difference is None:
        return []
    return [
        failed(
            f"The answer is not the expected one: {difference.words}",
            f"expected: {difference.expected}\nanswered: {difference.answered}",
            f"Correct the handler. If the new answer is right, copy it to {expected.file}.",
            Place(expected.file, difference.line),
        )
    ]
