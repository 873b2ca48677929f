"""The text of a pull request's comment, and what it remembers for the next run. Pure.

Its first line is hidden and identifies the comment. If steps pass their facts, the comment is
composed of these. Otherwise it has the reports unchanged, and a second hidden line with the metrics
as JSON. Anybody who may edit the comment can change that line, so only numbers are read from it.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from matlab_sagemaker.errors import InputError
from matlab_sagemaker.github import candidate_report, markdown, tables
from matlab_sagemaker.github.candidate import RUNNING, Candidate
from matlab_sagemaker.github.repository import SHORT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.github.facts import Facts
    from matlab_sagemaker.github.repository import Repository

Metrics = dict[str, float]

LIMIT = 65_000  # bytes; GitHub refuses a comment of more than 65,536 characters
SIGNS = {  # worst first
    "failure": "❌", "cancelled": "⚪", RUNNING: "⏳", "success": "✅", "skipped": "⚪",
}  # fmt: skip
_HIDDEN = re.compile(r"<!-- matlab-sagemaker (.+) -->")
_FAILURE = re.compile(r"^### ❌ (.+)$", re.MULTILINE)
_OWN_HEADING = re.compile(r"### (?P<sign>\S+) (?P<text>.+)(?:\n+|$)")
_MEMORY_LIMIT = 20_000  # bytes; a larger memory is dropped
_TITLE_LIMIT = 200  # characters
_NOTE_LIMIT = 1000  # bytes


@dataclass(frozen=True, kw_only=True)
class News:
    """What the comment shall say: Markdown or facts, and how the run ended."""

    title: str
    verdict: str
    body: str
    metrics: Metrics = field(default_factory=dict)
    facts: Mapping[str, Facts] = field(default_factory=dict)  # by step; replace body and metrics


@dataclass(frozen=True, kw_only=True)
class Memory:
    """What a comment remembers: the last metrics with their commit, and the ones before."""

    commit: str = ""
    metrics: Metrics = field(default_factory=dict)
    before: Metrics = field(default_factory=dict)

    def then(self, commit: str, metrics: Metrics) -> Memory:
        """Return what the next comment remembers.

        A run of the same commit keeps the comparison of the last run. So does a commit with the
        same metrics; otherwise a push of an unrelated file would hide how the model changed.
        """
        if not metrics:
            return self
        is_same = commit == self.commit or metrics == self.metrics
        return Memory(
            commit=commit, metrics=metrics, before=self.before if is_same else self.metrics
        )


def worst(verdicts: str) -> str:
    """Return the worst of one or more verdicts; raise InputError if one is unknown."""
    words = verdicts.replace(",", " ").split()
    if not words or set(words) - set(SIGNS):
        raise InputError(
            f"Input 'verdict' is '{verdicts}'; allowed: {', '.join(SIGNS)}, or several of these.",
            do="Pass the steps' outputs `verdict`, or `${{ join(needs.*.result, ' ') }}`.",
        )
    return min(words, key=list(SIGNS).index)


def metrics(text: str) -> Metrics:
    """Parse metrics from a JSON object of numbers, or an empty text; else raise InputError."""
    found = _numbers(_parsed(text or "{}"))
    if found is None:
        raise InputError(
            "Input 'metrics' is not a JSON object of numbers.",
            do="Pass the output `metrics` of train unchanged.",
        )
    return found


def is_about(body: str, key: str) -> bool:
    """Check whether a comment is the one for `key`."""
    return body.splitlines()[:1] == [_hidden(key)]


def recall(body: str) -> Memory:
    """Read what a comment remembers; empty if somebody has damaged it."""
    found = _HIDDEN.fullmatch("".join(body.splitlines()[1:2]))
    values = _parsed(found[1]) if found else None
    if not isinstance(values, dict) or not isinstance(values.get("commit"), str):
        return Memory()
    now, before = _numbers(values.get("metrics")), _numbers(values.get("before"))
    return Memory(commit=values["commit"], metrics=_finite(now or {}), before=_finite(before or {}))


def compose(key: str, news: News, where: Repository, previous: str) -> str:
    """Compose the whole comment; `previous` is the text that it replaces.

    That a run has started does not replace anything else about the same commit.
    """
    if news.verdict == RUNNING and _is_of(previous, where.commit[:SHORT]):
        return previous
    if news.facts:
        about = where.pull_request
        branch = about.base if about and about.base else "main"
        told = Candidate(verdict=news.verdict, branch=branch, **news.facts)
        return _of_candidate(key, news.title, told, where)
    memory = recall(previous).then(where.commit, _finite(news.metrics))
    kept = {"commit": memory.commit, "metrics": memory.metrics, "before": memory.before}
    remembered = kept if len(_hidden(kept)) <= _MEMORY_LIMIT else {}
    log = markdown.link("the run's log", where.run_url)
    heading, body = _headed(news)
    place = f"{markdown.code(where.commit[:SHORT])} · {log}"
    head = "\n".join([_hidden(key), _hidden(remembered), heading, "", place, "", ""])
    note = f"\n(cut: {log} shows all of it)\n"
    room = LIMIT - len(head.encode())
    return head + markdown.shorten(_with_comparison(body, news, memory.before), room, note)


def _is_of(body: str, commit: str) -> bool:
    """Check whether a comment is about a commit, which is named below its heading."""
    return bool(commit) and commit in "".join(body.splitlines()[2:5])


def _of_candidate(key: str, title: str, told: Candidate, where: Repository) -> str:
    """Compose the comment on a candidate, from as many whole blocks as fit."""
    sign, words = told.title
    name = markdown.inline((told.train.project or title)[:_TITLE_LIMIT])
    heading = f"## {sign} {': '.join(filter(None, (name, markdown.inline(words))))}"
    head = "\n".join([_hidden(key), heading, "", candidate_report.links(told, where), ""])
    left_out = [name for facts in told.steps for name in facts.left_out]
    kept, room = [head], LIMIT - len(head.encode()) - _NOTE_LIMIT
    for block, text in candidate_report.blocks(told, where):
        size = len(text.encode()) + 1
        if size > room:
            left_out.append(block)
            continue
        kept.append(text)
        room -= size
    if left_out:
        log = markdown.link("the run's log", where.run_url)
        kept.append(f"Left out for lack of space: {', '.join(left_out)}; see {log}.\n")
    return "\n".join(kept)


def _headed(news: News) -> tuple[str, str]:
    """Return the comment's heading, and the body without the heading that it replaces.

    If a failure was not the first report, its own heading stays as well.
    """
    sign, body = SIGNS[news.verdict], news.body
    own = _OWN_HEADING.match(body)
    if own and own["sign"] == sign:
        how, body = own["text"], body[own.end() :]
    else:
        cause = _FAILURE.search(body) if news.verdict == "failure" else None
        how = cause[1] if cause else news.verdict
    texts = [markdown.inline(text[:_TITLE_LIMIT]) for text in (news.title, how.replace("`", ""))]
    return f"## {sign} {': '.join(filter(None, texts))}", body


def _with_comparison(body: str, news: News, before: Metrics) -> str:
    """Add the previous metrics to the table of metrics in the body."""
    if not news.body and news.verdict != "success":
        body = "No job reported the reason; see the run's log.\n"
    if not news.metrics:
        return body
    alone = tables.markdown(tables.metrics(news.metrics))
    compared = tables.markdown(tables.compared(news.metrics, before)) if before else alone
    return body.replace(alone, compared, 1) if alone in body else f"{compared}\n{body}"


def _hidden(value: Any) -> str:
    """Format a value as a hidden line of Markdown, which it cannot break out of."""
    return f"<!-- matlab-sagemaker {json.dumps(value).replace('>', chr(92) + 'u003e')} -->"


def _parsed(text: str) -> Any:
    """Parse a JSON text; None if it is not JSON, or nested too deeply to be ours."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _numbers(values: Any) -> Metrics | None:
    if not isinstance(values, dict):
        return None
    if not all(type(value) in (int, float) for value in values.values()):
        return None
    try:
        return {name: float(value) for name, value in values.items()}
    except OverflowError:
        return None


def _finite(values: Mapping[str, float]) -> Metrics:
    return {name: value for name, value in values.items() if math.isfinite(value)}
