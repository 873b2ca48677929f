"""The gate: whether a model is good enough to be deployed, rule by rule. Pure.

`gate` of sagemaker.yml says what a metric has to be, `champion` how far it may be from that of the
model that serves. Differences are those of the decimal numbers that people see: 0.945 - 0.95 is
-0.005, and not a little less, as the difference of the two floats is.
"""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from matlab_sagemaker.errors import GateError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.project.content import AnyProject

_COMPARISONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_DIFFERENCES = {"at_least": operator.ge, "at_most": operator.le}
NOTHING_SERVES = "nothing serves yet to compare with"
SERVES_ITSELF = "it is the model that serves"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One rule: what it wants of a metric, what the model has, and whether that is enough."""

    rule: Literal["gate", "champion"]
    metric: str
    wanted: str
    got: str
    passed: bool


@dataclass(frozen=True, kw_only=True)
class Serving:
    """The model that serves, which a candidate is compared with."""

    training_job: str = ""  # that made it; empty: it was given
    metrics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What came of all rules."""

    rows: tuple[Row, ...] = ()
    gate: Literal["passed", "failed", "none"] = "none"  # none: there are no rules
    error: GateError | None = None  # what is to be raised of a model that fails
    serves_itself: bool = False  # a rule of champion has been kept only since this model serves


NONE = Judgement()


def judge(
    project: AnyProject, metrics: Mapping[str, float], serving: Serving | None, job: str
) -> Judgement:
    """Return the judgement of the model that the training job `job` made, with its metrics.

    Where nothing is `serving`, or that very model, every rule of champion is kept.
    """
    gate, champion = project.settings.gate or {}, project.settings.champion or {}
    same = serving is not None and bool(job) and serving.training_job == job
    note = NOTHING_SERVES if serving is None else SERVES_ITSELF if same else ""
    before = serving.metrics if serving else {}
    rows = [
        *(_compared(name, text, metrics.get(name)) for name, text in gate.items()),
        *(
            _differing(name, which, limit, (metrics.get(name), before.get(name)), note)
            for name, difference in champion.items()
            for which, limit in difference.items()
        ),
    ]
    if not rows:
        return NONE
    if broken := [row for row in rows if not row.passed]:
        return Judgement(rows=tuple(rows), gate="failed", error=_error(project, job, broken))
    return Judgement(rows=tuple(rows), gate="passed", serves_itself=same and bool(champion))


def change(now: float, before: float) -> Fraction | float:
    """Return how much `now` is above `before`, as people reckon who see both as decimals.

    It is exact, but for numbers that are not finite.
    """
    if math.isfinite(now) and math.isfinite(before):
        return _exact(now) - _exact(before)
    return now - before


def _error(project: AnyProject, job: str, broken: list[Row]) -> GateError:
    return GateError(
        f"The model of {job} is not good enough: it does not pass the gate of sagemaker.yml.",
        why="\n".join(f"{row.metric}: {row.got}; wanted: {row.wanted}" for row in broken),
        do="The endpoint was not changed. Improve the model, or change the rules: that trains "
        "nothing again. To deploy it all the same, run deploy by hand with ignore-gate.",
        place=project.place(broken[0].rule, broken[0].metric),
    )


def _compared(metric: str, comparison: str, value: float | None) -> Row:
    sign = comparison[: 2 if comparison[1:2] == "=" else 1]
    limit = float(comparison.removeprefix(sign))
    keeps = value is not None and _COMPARISONS[sign](value, limit)  # NaN keeps none
    return Row(rule="gate", metric=metric, wanted=comparison, got=_shown(value), passed=keeps)


def _differing(
    metric: str, which: str, limit: float, values: tuple[float | None, float | None], note: str
) -> Row:
    """Return the row of a rule of champion; `values` are the candidate's and the serving one's."""
    now, before = values
    if note:
        got, keeps = f"{_shown(now)} ({note})", now is not None and not math.isnan(now)
    elif now is None or before is None:
        got, keeps = f"{_shown(now)}; production has {_shown(before)}", False
    else:
        changed = change(now, before)
        got = f"{float(changed):+.6g} ({_shown(now)} against {_shown(before)})"
        keeps = _DIFFERENCES[which](changed, _exact(limit))
    wanted = f"{which.replace('_', ' ')} {limit:+g} against production"
    return Row(rule="champion", metric=metric, wanted=wanted, got=got, passed=keeps)


def _exact(number: float) -> Fraction:
    return Fraction(repr(number))


def _shown(value: float | None) -> str:
    return "no number" if value is None else f"{value!r}"
