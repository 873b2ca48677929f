"""A pull request's candidate, from the facts of its steps, compared with a baseline. Pure.

The baseline is the model in production or, if there is none, the model of the base branch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matlab_sagemaker.github import metric_change
from matlab_sagemaker.github.facts import NONE, Metric

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.github.facts import Facts, Failure
    from matlab_sagemaker.github.metric_change import MetricChange

RUNNING = "running"  # the verdict of a step that has not ended


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """What a candidate is compared with.

    `why`: why there is none, or why the serving model could not be checked.
    """

    name: str = ""  # empty: nothing
    job: str = ""
    metrics: Mapping[str, float] | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """The facts of each step; empty for a step that has not run."""

    verdict: str  # the worst of all steps
    branch: str = "main"  # the base branch, into which it will be merged
    train: Facts = NONE
    base: Facts = NONE  # of the step that looks for the base branch's model
    plan: Facts = NONE
    handler: Facts = NONE

    @property
    def steps(self) -> tuple[Facts, ...]:
        """The facts of all steps, the candidate's training first."""
        return self.train, self.handler, self.plan, self.base

    @property
    def baseline(self) -> Baseline:
        """The model that it is compared with."""
        plan, model = self.plan.plan, self.base.model
        unknown = "" if plan else "the endpoint could not be checked"
        if plan and plan.serves:
            serves = plan.serves
            return Baseline(name="production", job=serves.job, metrics=serves.metrics)
        if model:
            return Baseline(name=self.branch, job=model.job, metrics=model.metrics, why=unknown)
        return Baseline(why=unknown or f"nothing is deployed yet, and {self.branch} has no model")

    @property
    def metrics(self) -> list[Metric]:
        """All metrics, in the order of sagemaker.yml."""
        known = {metric.name: metric for metric in self.train.metrics}
        model = self.train.model
        measured = [*model.metrics, *model.missing] if model else []
        others = {name: Metric(name=name) for name in measured if name not in known}
        return [*known.values(), *others.values()]

    @property
    def changes(self) -> dict[str, MetricChange]:
        """How each metric differs from the baseline's."""
        before = self.baseline.metrics or {}
        now = self.train.model.metrics if self.train.model else {}
        return {
            metric.name: metric_change.between(
                before.get(metric.name), now.get(metric.name), metric.better
            )
            for metric in self.metrics
        }

    @property
    def failure(self) -> Failure | None:
        """The failure of the first step that failed."""
        return next((facts.failure for facts in self.steps[:-1] if facts.failure), None)

    @property
    def title(self) -> tuple[str, str]:
        """A sign, and a few words on the candidate's state and on what a merge does with it."""
        if sign_and_words := self._unfinished:
            return sign_and_words
        if broken := self._broken:
            then = " · not deployed on merge" if self.is_gate_failed else ""
            return "❌", ", ".join(broken) + then
        sign, compared = self._compared
        if self.handler.verdict == RUNNING:
            return "⏳", f"{compared} · trying the handler"
        return sign, " · ".join([compared, *self._then])

    @property
    def _unfinished(self) -> tuple[str, str] | None:
        train, model = self.train, self.train.model
        if self.verdict == RUNNING or (model and not model.has_ended):
            return "⏳", "training"
        if train.failure and train.failure.kind == "stillTraining":
            return "⏳", "still training"
        if self.verdict == "cancelled":
            return "⚪", "cancelled"
        return None

    @property
    def _broken(self) -> list[str]:
        """The names of what failed."""
        named = {"training": self.train, "handler": self.handler, "plan": self.plan}
        words = [_words(name, facts) for name, facts in named.items() if facts.verdict == "failure"]
        return list(dict.fromkeys(words)) or (["failed"] if self.verdict == "failure" else [])

    @property
    def is_gate_failed(self) -> bool:
        """Whether the model is not good enough, so that no merge deploys it."""
        return bool(self.train.failure and self.train.failure.kind == "gate")

    @property
    def _compared(self) -> tuple[str, str]:
        baseline, model = self.baseline, self.train.model
        if not model:
            return "✅", "nothing to train"
        if not baseline.name:
            return "✅", "no baseline yet" if self.plan.plan else "trained"
        if baseline.job and baseline.job == model.job:
            return "✅", f"same model as {baseline.name}"
        found = {each.judged for each in self.changes.values()}
        words = " and ".join(word for word in ("better", "worse") if word in found)
        if words:
            return "⚠️" if "worse" in found else "✅", f"{words} than {baseline.name}"
        return "✅", f"as good as {baseline.name}" if found == {"same"} else "trained"

    @property
    def _then(self) -> list[str]:
        plan = self.plan.plan
        if plan is None:
            return []
        return ["deploys on merge" if plan.changes else "a merge changes nothing"]


def _words(name: str, facts: Facts) -> str:
    failure = facts.failure
    if failure is None or failure.kind in ("trainingFailed", "handlerFailed"):
        return f"{name} failed"
    return "gate failed" if failure.kind == "gate" else failure.title
