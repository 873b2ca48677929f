"""A candidate as Markdown, block by block, the most important first. Pure.

All that steps have told is foreign text: it stays text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import Place
from matlab_sagemaker.github import changed_files, tables
from matlab_sagemaker.github import markdown as md
from matlab_sagemaker.github.candidate import RUNNING
from matlab_sagemaker.github.tables import NONE, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from fractions import Fraction

    from matlab_sagemaker.github.candidate import Candidate
    from matlab_sagemaker.github.change import MetricChange
    from matlab_sagemaker.github.facts import Failure, HandlerFacts
    from matlab_sagemaker.github.repository import Repository

_GIVEN = (
    f"{NONE} metrics and gate: sagemaker.yml names a model that exists already, and no training "
    "job has measured it\n"
)
_AGAIN = (
    "\nThe training image is not released yet: the merge builds it from the merged files, and "
    "trains again on that.\n"
)
_JUDGED = {"better": " 🟢\u00a0better", "worse": " 🔴\u00a0worse", "same": "", "": ""}
_WITHIN_NAME = re.compile(r"(?<=\w)_(?=\w)")
_NO_BREAK = "\u00a0"
HERE = "this pull request"


def blocks(told: Candidate, where: Repository) -> Iterator[tuple[str, str]]:
    """Yield the name and the Markdown of each block that there is."""
    every = {
        "the failure": _failures(told, where),
        "the metrics": _metrics(told),
        "the gate": _gate(told),
        "the handler": _handler(told),
        "the model": _model(told),
        "what changed": changed_files.section(told),
        "the plan": _plan(told),
        "the log": _log(told),
        "the hyperparameters": _hyperparameters(told),
    }
    yield from ((name, text) for name, text in every.items() if text)


def links(told: Candidate, where: Repository) -> str:
    """Return a line of links: commit, training job, its log, the run."""
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
    found = [_failure(facts.failure, where, has_rows=has_rows) for facts in steps if facts.failure]
    if not found and told.verdict == "failure":
        return "No job has said why; the run's log shows it.\n"
    return "\n".join(found)


def _failure(failure: Failure, where: Repository, *, has_rows: bool) -> str:
    """Return an error; what the rows of the gate show already is not said again."""
    link = where.link(Place(failure.file, failure.line)) if failure.file else ""
    place = f" in {link}" if link else ""
    title, advice = md.inline(failure.title), md.prose(failure.do)
    if failure.kind == "cancelled":
        return md.prose(" ".join((failure.what, failure.why, failure.do))) + "\n"
    if failure.kind == "gate" and has_rows:
        return f"**{title}**{place}. {advice}\n"
    parts = [
        f"**{title}**{place}. {md.prose(failure.what)}",
        md.fenced(failure.why) if failure.why else "",
        advice,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _metrics(told: Candidate) -> str:
    """Return the metrics beside those of the baseline; nothing before there are any."""
    model, baseline, changes = told.train.model, told.baseline, told.changes
    if model is None or not (model.metrics or model.missing):
        return ""
    rows = [["metric", md.inline(baseline.name or "baseline"), HERE, "change"]]
    for metric in told.metrics:
        name = metric.name
        unit = f"{_NO_BREAK}{md.inline(metric.unit)}" if metric.unit else ""
        arrow = {"higher": " ↑", "lower": " ↓", None: ""}[metric.better]
        before = _value(baseline.metrics, name, unit, "not measured" if baseline.name else "")
        now = _value(model.metrics, name, unit, model.missing.get(name, "not measured"))
        change = _change(changes[name], unit)
        rows.append([md.inline(name) + arrow, before, now, change])
    reason = f"\n{NONE} {md.inline(baseline.why)}\n" if baseline.why else ""
    return _breakable(tables.markdown(rows, numbers=(1, 2))) + reason


def _value(values: Mapping[str, float] | None, name: str, unit: str, why: str) -> str:
    """Return a number with its unit; a dash with its reason where there is none."""
    if values and name in values:
        return number(values[name]) + unit
    return f"{NONE} ({md.inline(why)})" if why else NONE


def _change(found: MetricChange, unit: str) -> str:
    """Return a change in its unit and in percent; the cells beside it say why there is none."""
    judged = _JUDGED[found.judged]
    if found.judged == "same":
        return "none"
    if found.difference is None:
        return f"{NONE}{judged}"
    share = NONE if found.percent is None else f"{_signed(found.percent, '.3g')}{_NO_BREAK}%"
    reason = f" {found.why}" if found.percent is None else ""
    return f"{_signed(found.difference, '.6g')}{unit} ({share}{reason}){judged}"


def _signed(value: Fraction, form: str) -> str:
    try:
        return format(float(value), f"+{form}")
    except OverflowError:
        return f"{'+' if value > 0 else '-'}∞"


def _gate(told: Candidate) -> str:
    if not told.train.rules:
        return ""
    rows = [
        ["✅" if rule.passed else "❌", *md.inlines((rule.metric, rule.wanted, rule.got))]
        for rule in told.train.rules
    ]
    return _breakable(tables.markdown([["gate", "metric", "wanted", "got"], *rows]))


def _breakable(table: str) -> str:
    """Return a table whose long names may break at their underscores, as on a telephone."""
    return _WITHIN_NAME.sub("_<wbr>", table)


def _handler(told: Candidate) -> str:
    facts, handler = told.handler, told.handler.handler
    if facts.verdict == RUNNING:
        return "⏳ The handler is being tried with this model.\n"
    if handler is None:
        return ""
    if handler.reason:
        return f"{NONE} The handler was not tried: {md.prose(handler.reason)}\n"
    answer = md.fenced(handler.answer) if handler.answer else ""
    table = _breakable(tables.markdown(_answers(handler))) if handler.rows else answer
    said = "What the handler answers:" if facts.failure else _answered(handler)
    return f"{said}\n\n{table}" if table else "" if facts.failure else f"{said}\n"


def _answered(handler: HandlerFacts) -> str:
    """Return how the answer is."""
    asked, expected = md.code(handler.request), md.code(handler.expected)
    if not handler.request:
        return "✅ The handler loads the model; no `inference.request` asks it anything."
    if handler.expected:
        return f"✅ The handler's answer to {asked} matches {expected}:"
    return f"The handler's answer to {asked}; there is no `inference.expected` to compare it with:"


def _answers(handler: HandlerFacts) -> tables.Rows:
    """Return request and answer, with what is expected in the row that differs."""
    rows, different = tables.inline(handler.rows), handler.difference
    if different is None or not 1 < different.row <= len(rows):
        return rows
    notes = ["expected", *([""] * (len(rows) - 1))]
    notes[different.row - 1] = f"❌ {md.inline(different.expected)}"
    return [[*row, note] for row, note in zip(rows, notes, strict=True)]


def _model(told: Candidate) -> str:
    model, tried = told.train.model, told.handler.handler
    if model is None:
        return _GIVEN if told.train.verdict == "success" else ""
    if not model.has_ended:
        return ""
    size = changed_files.size(model.size) if model.size is not None else f"{NONE} (not sealed)"
    instance = f" on {md.inline(model.instance)}" if model.instance else ""
    trained = f"{model.trained_s} s" if model.trained_s else f"{NONE} (unknown)"
    parts = [
        f"Model {size}" if model.metrics or model.size else "",
        f"trained for {trained}, billed {model.billed_s} s{instance}",
        f"handler billed {tried.billed_s} s" if tried and tried.billed_s else "",
        "" if model.by_this_run else "found: trained before by these very files",
    ]
    again = _AGAIN if model.trains_again else ""
    text = " · ".join(filter(None, parts))
    return f"{text[0].upper()}{text[1:]}\n{again}"


def _plan(told: Candidate) -> str:
    plan = told.plan.plan
    if plan is None:
        return ""
    if not plan.endpoint:
        return f"{NONE} {md.prose(plan.text)}\n"
    state = "changes" if plan.changes else "stays as it is"
    when = "if the gate passed" if told.is_gate_failed else "of the merge"
    title = f"The plan {when}: endpoint {md.inline(plan.endpoint)} {state}"
    return md.folded(title, md.fenced(plan.text, "diff"))


def _hyperparameters(told: Candidate) -> str:
    values = told.train.hyperparameters
    rows = [md.inlines(item) for item in values.items()]
    table = tables.markdown([["hyperparameter", "value"], *rows])
    return md.folded("Hyperparameters", table) if rows else ""


def _log(told: Candidate) -> str:
    lines = next((f.log for f in (told.train, told.handler, told.plan) if f.log), [])
    return md.folded("The log's last lines", md.fenced("\n".join(lines))) if lines else ""
