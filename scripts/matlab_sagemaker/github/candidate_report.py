"""A candidate as Markdown, block by block, the most important first. Pure.

Everything that steps report is untrusted text and is escaped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import Place
from matlab_sagemaker.github import changed_files, tables
from matlab_sagemaker.github import markdown as md
from matlab_sagemaker.github.candidate import RUNNING
from matlab_sagemaker.github.metric_change import signed
from matlab_sagemaker.github.tables import NONE, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from matlab_sagemaker.github.candidate import Candidate
    from matlab_sagemaker.github.facts import Failure, HandlerFacts
    from matlab_sagemaker.github.metric_change import MetricChange
    from matlab_sagemaker.github.repository import Repository

_GIVEN = (
    f"{NONE} metrics and gate: sagemaker.yml names an existing model, so no training job "
    "measures it\n"
)
_AGAIN = (
    "\nThe training image is not released yet: the merge builds it from the merged files and "
    "trains again with it.\n"
)
_TRAINS = "⏳ This commit is being trained. Its metrics will appear here.\n"
_NO_MODEL = {"trainingFailed": "training failed", "stillTraining": "still training"}
_JUDGED = {"better": " 🟢\u00a0better", "worse": " 🔴\u00a0worse", "same": "", "": ""}
_WITHIN_NAME = re.compile(r"(?<=\w)_(?=\w)")
_NO_BREAK = "\u00a0"
HERE = "this pull request"


def blocks(told: Candidate, where: Repository) -> Iterator[tuple[str, str]]:
    """Yield the name and the Markdown of each block that is not empty."""
    every = {
        "the failure": _failures(told, where),
        "the training": _TRAINS if told.verdict == RUNNING else "",
        "the metrics": _metrics(told),
        "the gate": _gate(told),
        "the handler": _handler(told),
        "the model": _model(told),
        "what changed": "" if told.verdict == RUNNING else changed_files.section(told),
        "the plan": _plan(told),
        "the log": _log(told),
        "the hyperparameters": _hyperparameters(told),
    }
    yield from ((name, text) for name, text in every.items() if text)


def links(told: Candidate, where: Repository) -> str:
    """Make a line of links: commit, training job, its log, the run."""
    model = told.train.model
    pages = [
        where.commit_link(where.commit),
        md.link("training job", model.page) if model and model.page else "",
        md.link("its log", model.log_page) if model and model.log_page else "",
        md.link("the run's log", where.run_url) if where.run_url else "",
    ]
    return " · ".join(filter(None, pages))


def _failures(told: Candidate, where: Repository) -> str:
    steps = (told.train, told.handler, told.plan)
    has_rows = bool(told.train.rules)
    once = dict.fromkeys(facts.failure for facts in steps if facts.failure)
    found = [_failure(failure, where, has_rows=has_rows) for failure in once]
    if not found and told.verdict == "failure":
        return "No job reported the reason; see the run's log.\n"
    return "\n".join(found)


def _failure(failure: Failure, where: Repository, *, has_rows: bool) -> str:
    """Format an error; does not repeat what the rows of the gate show."""
    link = where.link(Place(failure.file, failure.line)) if failure.file else ""
    place = f" in {link}" if link else ""
    title, advice = md.inline(failure.title), md.prose(failure.do)
    if failure.kind == "cancelled":
        return md.prose(" ".join((failure.what, failure.why, failure.do))) + "\n"
    if failure.kind == "gate" and has_rows:
        return f"**{title}**{place}. {advice}\n"
    what = failure.what.removeprefix(f"{failure.file}:{failure.line}: ")  # shown already
    parts = [
        f"**{title}**{place}. {md.prose(what)}",
        md.fenced(failure.why) if failure.why else "",
        advice,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _metrics(told: Candidate) -> str:
    """Make the table of metrics beside the baseline's; empty before there are any.

    After a failed training it has only those of the baseline.
    """
    model, baseline, changes = told.train.model, told.baseline, told.changes
    values, missing = (model.metrics, model.missing) if model else ({}, {})
    failure = told.train.failure
    if not (values or missing or (failure and baseline.metrics and told.metrics)):
        return ""
    why = "not measured" if values or not failure else _NO_MODEL.get(failure.kind, "not trained")
    rows = [["metric", md.inline(baseline.name or "baseline"), HERE, "change"]]
    for metric in told.metrics:
        name = metric.name
        unit = f"{_NO_BREAK}{md.inline(metric.unit)}" if metric.unit else ""
        arrow = {"higher": " ↑", "lower": " ↓", None: ""}[metric.better]
        before = _value(baseline.metrics, name, unit, "not measured" if baseline.name else "")
        now = _value(values, name, unit, missing.get(name, why))
        change = _change(changes[name], unit)
        rows.append([md.inline(name) + arrow, before, now, change])
    reason = f"\n{NONE} {md.inline(baseline.why)}\n" if baseline.why else ""
    return _breakable(tables.markdown(rows, numbers=(1, 2))) + reason


def _value(values: Mapping[str, float] | None, name: str, unit: str, why: str) -> str:
    """Format a number with its unit; if it is missing, a dash with the reason."""
    if values and name in values:
        return number(values[name]) + unit
    return f"{NONE} ({md.inline(why)})" if why else NONE


def _change(found: MetricChange, unit: str) -> str:
    """Format a change in its unit and in percent; if there is none, the cells beside it say why."""
    judged = _JUDGED[found.judged]
    if found.judged == "same":
        return "none"
    if found.difference is None:
        return f"{NONE}{judged}"
    share = NONE if found.percent is None else f"{signed(found.percent, '.3g')}{_NO_BREAK}%"
    reason = f" {found.why}" if found.percent is None else ""
    return f"{signed(found.difference)}{unit} ({share}{reason}){judged}"


def _gate(told: Candidate) -> str:
    if not told.train.rules:
        return ""
    rows = [
        ["✅" if rule.passed else "❌", *md.inlines((rule.metric, rule.wanted, rule.got))]
        for rule in told.train.rules
    ]
    return _breakable(tables.markdown([["gate", "metric", "wanted", "got"], *rows]))


def _breakable(table: str) -> str:
    """Let long names in a table break at underscores, for narrow screens."""
    return _WITHIN_NAME.sub("_<wbr>", table)


def _handler(told: Candidate) -> str:
    facts, handler = told.handler, told.handler.handler
    if facts.verdict == RUNNING:
        return "⏳ Trying the handler with this model.\n"
    if handler is None:
        return ""
    if handler.reason:
        return f"{NONE} The handler was not tried: {md.prose(handler.reason)}\n"
    answer = md.fenced(handler.answer) if handler.answer else ""
    table = _breakable(tables.markdown(_answers(handler))) if handler.rows else answer
    said = "The handler's answer:" if facts.failure else _answered(handler)
    return f"{said}\n\n{table}" if table else "" if facts.failure else f"{said}\n"


def _answered(handler: HandlerFacts) -> str:
    """Say whether the answer is as expected."""
    asked, expected = md.code(handler.request), md.code(handler.expected)
    if not handler.request:
        return "✅ The handler loads the model; there is no `inference.request` to send."
    if handler.expected:
        return f"✅ The handler's answer to {asked} matches {expected}:"
    return f"The handler's answer to {asked}; there is no `inference.expected` to compare it with:"


def _answers(handler: HandlerFacts) -> tables.Rows:
    """Make rows of request and answer, with the expected answer in the row that differs."""
    rows, different = tables.inline(handler.rows), handler.difference
    if different is None or different.row == 1:
        return rows
    where = f" ({md.inline(different.where)})" if different.row > len(rows) else ""
    notes = ["expected", *([""] * (len(rows) - 1))]
    notes[min(different.row, len(rows)) - 1] = f"❌ {md.inline(different.expected)}{where}"
    return [[*row, note] for row, note in zip(rows, notes, strict=True)]


def _model(told: Candidate) -> str:
    model, tried = told.train.model, told.handler.handler
    if model is None:
        return _GIVEN if told.train.verdict == "success" and told.verdict != RUNNING else ""
    if not model.has_ended:
        return ""
    size = changed_files.size(model.size) if model.size is not None else f"{NONE} (not sealed)"
    instance = f" on {md.inline(model.instance)}" if model.instance else ""
    trained = f"{model.trained_s} s" if model.trained_s else f"{NONE} (not reported)"
    parts = [
        f"Model {size}" if model.metrics or model.size else "",
        f"trained for {trained}, billed {model.billed_s} s{instance}",
        f"handler billed {tried.billed_s} s" if tried and tried.billed_s else "",
        "" if model.by_this_run else "reused: trained earlier from the same files",
    ]
    again = _AGAIN if model.trains_again else ""
    text = " · ".join(filter(None, parts))
    return f"{text[0].upper()}{text[1:]}\n{again}"


def _plan(told: Candidate) -> str:
    plan, failure = told.plan.plan, told.train.failure
    if plan is None or (failure and failure.kind != "gate"):  # no model, nothing to merge
        return ""
    if not plan.endpoint:
        return f"{NONE} {md.prose(plan.text)}\n"
    state = "changes" if plan.changes else "stays as it is"
    which = "The plan if the gate passed" if told.is_gate_failed else "The merge's plan"
    title = f"{which}: endpoint {md.inline(plan.endpoint)} {state}"
    return md.folded(title, md.fenced(plan.text, "diff"))


def _hyperparameters(told: Candidate) -> str:
    values = told.train.hyperparameters
    rows = [md.inlines(item) for item in values.items()]
    table = tables.markdown([["hyperparameter", "value"], *rows])
    return md.folded("Hyperparameters", table) if rows else ""


def _log(told: Candidate) -> str:
    found = [facts.log for facts in (told.train, told.handler, told.plan) if facts.log]
    # If the gate failed, training succeeded, and its log explains nothing.
    lines = found[-1 if told.is_gate_failed else 0] if found else []
    return md.folded("The log's last lines", md.fenced("\n".join(lines))) if lines else ""
