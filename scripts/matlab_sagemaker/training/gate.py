"""The gate: whether a model is good enough to be deployed, rule by rule. Pure.

In sagemaker.yml, `gate` sets limits for metrics, and `champion` limits how far they may be from
those of the model that serves now. Differences are exact for the decimal numbers that people see.
"""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from matlab_sagemaker.errors import GateError
from matlab_sagemaker.github import metric_change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.project.content import AnyProject

_COMPARISONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_DIFFERENCES = {"at_least": operator.ge, "at_most": operator.le}
NOTHING_SERVES = "there is no serving model yet to compare with"
SERVES_ITSELF = "this is the serving model"


@dataclass(frozen=True, kw_only=True)
class RuleResult:
    """One rule: what it requires of a metric, what the model has, and whether that is enough."""

    rule: Literal["gate", "champion"]
    metric: str
    wanted: str
    got: str
    passed: bool


@dataclass(frozen=True, kw_only=True)
class Serving:
    """The model that the endpoint serves now, with which a candidate is compared."""

    training_job: str = ""  # the job that made it; empty: sagemaker.yml named the model
    metrics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The result of all rules."""

    rows: tuple[RuleResult, ...] = ()
    gate: Literal["passed", "failed", "none"] = "none"  # none: there are no rules
    error: GateError | None = None  # to be raised if the model fails
    serves_itself: bool = False  # champion's rules passed only because this model serves already


NONE = Judgement()


def judge(
    project: AnyProject, sealed: Mapping[str, float] | None, serving: Serving | None, job: str
) -> Judgement:
    """Judge the model that the training job `job` made, by its `sealed` metrics.

    They are None if the job has sealed nothing: then it passes no rule. If nothing is `serving`, or
    this very model is, every rule of champion passes.
    """
    gate, champion = project.settings.gate or {}, project.settings.champion or {}
    same = serving is not None and bool(job) and serving.training_job == job
    note = NOTHING_SERVES if serving is None else SERVES_ITSELF if same else ""
    metrics, before = sealed or {}, serving.metrics if serving else {}
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
        why = _NOT_SEALED if sealed is None else _listed(broken)
        error = _error(project, job, broken[0], why)
        return Judgement(rows=tuple(rows), gate="failed", error=error)
    return Judgement(rows=tuple(rows), gate="passed", serves_itself=same and bool(champion))


_NOT_SEALED = (
    "The job has sealed no metrics, because its image (training.image) does not have the kit's "
    "entrypoint. Derive it FROM the kit's training image."
)


def _listed(broken: list[RuleResult]) -> str:
    return "\n".join(f"{row.metric}: {row.got}; wanted: {row.wanted}" for row in broken)


def warning(project: AnyProject, metrics: Mapping[str, float]) -> str:
    """Say which rules of `gate` a rehearsed model with these metrics breaks; empty for none."""
    rules = (project.settings.gate or {}).items()
    rows = [_compared(name, text, metrics[name]) for name, text in rules if name in metrics]
    broken = _listed([row for row in rows if not row.passed])
    return f"This model would not pass the gate in sagemaker.yml.\n{broken}" if broken else ""


def _error(project: AnyProject, job: str, first: RuleResult, why: str) -> GateError:
    return GateError(
        f"The model of {job} is not good enough: it does not pass the gate in sagemaker.yml.",
        why=why,
        do="The endpoint was not changed. Improve the model, or change the rules: that does not "
        "train again. To deploy this model anyway, run deploy by hand with ignore-gate.",
        place=project.place(first.rule, first.metric),
    )


def _compared(metric: str, comparison: str, value: float | None) -> RuleResult:
    sign = comparison[: 2 if comparison[1:2] == "=" else 1]
    limit = float(comparison.removeprefix(sign))
    keeps = value is not None and _COMPARISONS[sign](value, limit)  # NaN passes no comparison
    return RuleResult(
        rule="gate", metric=metric, wanted=comparison, got=_shown(value), passed=keeps
    )


def _differing(
    metric: str, which: str, limit: float, values: tuple[float | None, float | None], note: str
) -> RuleResult:
    """Judge one rule of champion; `values` are the candidate's and the serving model's."""
    now, before = values
    if note:
        got, keeps = f"{_shown(now)} ({note})", now is not None and not math.isnan(now)
    elif now is None or before is None:
        got, keeps = f"{_shown(now)}; production has {_shown(before)}", False
    else:
        changed = metric_change.subtract(before, now)
        got = f"{metric_change.signed(changed)} ({_shown(now)} against {_shown(before)})"
        keeps = _DIFFERENCES[which](changed, metric_change.exact(limit))
    wanted = f"{which.replace('_', ' ')} {limit:+g} against production"
    return RuleResult(rule="champion", metric=metric, wanted=wanted, got=got, passed=keeps)


def _shown(value: float | None) -> str:
    return "no number" if value is None else f"{value!r}"
