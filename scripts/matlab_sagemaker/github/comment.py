"""The text of a pull request's comment. Pure.

Its first line is hidden and identifies the comment. If steps pass their facts, the comment is
composed of these. Otherwise it has the steps' reports unchanged.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import InputError
from matlab_sagemaker.github import candidate_report, markdown
from matlab_sagemaker.github.candidate import RUNNING, Candidate
from matlab_sagemaker.github.repository import SHORT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.github.facts import Facts
    from matlab_sagemaker.github.repository import Repository

LIMIT = 65_000  # bytes; GitHub refuses a comment of more than 65,536 characters
SIGNS = {  # worst first
    "failure": "❌", "cancelled": "⚪", RUNNING: "⏳", "success": "✅", "skipped": "⚪",
}  # fmt: skip
_FAILURE = re.compile(r"^### ❌ (.+)$", re.MULTILINE)
_OWN_HEADING = re.compile(r"### (?P<sign>\S+) (?P<text>.+)(?:\n+|$)")
_TITLE_LIMIT = 200  # characters
_NOTE_LIMIT = 1000  # bytes


@dataclass(frozen=True, kw_only=True)
class CommentContent:
    """What the comment says: Markdown or facts, and how the run ended."""

    title: str
    verdict: str
    body: str
    facts: Mapping[str, Facts] = field(default_factory=dict)  # by step; they replace the body


def worst(verdicts: str) -> str:
    """Return the worst of one or more verdicts; raise InputError if one is unknown."""
    words = verdicts.replace(",", " ").split()
    if not words or set(words) - set(SIGNS):
        raise InputError(
            f"Input 'verdict' is '{verdicts}'; allowed: {', '.join(SIGNS)}, or several of these.",
            do="Pass the steps' outputs `verdict`, or `${{ join(needs.*.result, ' ') }}`.",
        )
    return min(words, key=list(SIGNS).index)


def is_about(body: str, key: str) -> bool:
    """Check whether a comment is the one for `key`."""
    return body.splitlines()[:1] == [_hidden(key)]


def compose(key: str, content: CommentContent, where: Repository, previous: str) -> str:
    """Compose the whole comment; `previous` is the text that it replaces.

    A run that has just started does not replace what the comment says about the same commit.
    """
    if content.verdict == RUNNING and _is_of(previous, where.commit[:SHORT]):
        return previous
    if content.facts:
        about = where.pull_request
        branch = about.base if about and about.base else "main"
        told = Candidate(verdict=content.verdict, branch=branch, **content.facts)
        return _of_candidate(key, content.title, told, where)
    log = markdown.link("the run's log", where.run_url)
    heading, body = _headed(content)
    place = f"{markdown.code(where.commit[:SHORT])} · {log}"
    head = "\n".join([_hidden(key), heading, "", place, "", ""])
    note = f"\n(cut: {log} shows all of it)\n"
    return head + markdown.shorten(body, LIMIT - len(head.encode()), note)


def _is_of(body: str, commit: str) -> bool:
    """Check whether a comment is about a commit, which is named below its heading."""
    return bool(commit) and commit in "".join(body.splitlines()[2:4])


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


def _headed(content: CommentContent) -> tuple[str, str]:
    """Return the comment's heading, and the body without the heading that it replaces.

    If a failure was not the first report, its own heading stays as well.
    """
    sign, body = SIGNS[content.verdict], content.body
    if not body and content.verdict != "success":
        body = "No job reported the reason; see the run's log.\n"
    own = _OWN_HEADING.match(body)
    if own and own["sign"] == sign:
        how, body = own["text"], body[own.end() :]
    else:
        cause = _FAILURE.search(body) if content.verdict == "failure" else None
        how = cause[1] if cause else content.verdict
    texts = [markdown.inline(text[:_TITLE_LIMIT]) for text in (content.title, how.replace("`", ""))]
    return f"## {sign} {': '.join(filter(None, texts))}", body


def _hidden(key: str) -> str:
    """Format a key as a hidden line of Markdown, which it cannot break out of."""
    return f"<!-- matlab-sagemaker {json.dumps(key).replace('>', chr(92) + 'u003e')} -->"
