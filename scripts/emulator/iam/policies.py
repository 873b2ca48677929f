"""Evaluates policy documents for one action on one resource, as IAM does. Pure.

For policies with principals (of roles, buckets, repositories), callers pass only the statements
that name the principal. Policy variables and the operators for dates and addresses are not
supported: a document that uses one is an error, and is never ignored.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from . import conditions
from .conditions import like

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Decision = Literal["allowed", "explicitDeny", "implicitDeny"]


@dataclass(frozen=True)
class Question:
    """An action on a resource; `context` has the request's values by condition key."""

    action: str
    resource: str = "*"
    context: Mapping[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """The decision, the names of the policies that led to it, and missing condition keys."""

    decision: Decision
    sources: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def decide(documents: Mapping[str, Any], question: Question) -> Answer:
    """Decide from policy documents by name: a Deny overrides every Allow; the default is deny."""
    concerned = [
        (name, statement)
        for name, document in documents.items()
        for statement in statements(document)
        if _concerns(statement, question)
    ]
    missing = {key for _, s in concerned for key in _keys(s) if _values(question, key) is None}
    met = [(name, s["Effect"]) for name, s in concerned if _conditions_met(s, question)]
    for effect, decision in _DECISIONS:
        sources = tuple(dict.fromkeys(name for name, found in met if found == effect))
        if sources:
            return Answer(decision, sources, tuple(sorted(missing)))
    return Answer("implicitDeny", missing=tuple(sorted(missing)))


_DECISIONS: tuple[tuple[str, Decision], ...] = (("Deny", "explicitDeny"), ("Allow", "allowed"))


def statements(document: Any) -> list[dict[str, Any]]:
    """Return a document's statements; it may be text, and a single statement may not be a list."""
    parsed = json.loads(document) if isinstance(document, str | bytes) else document
    return _listed(parsed["Statement"])


def _concerns(statement: Mapping[str, Any], question: Question) -> bool:
    action, resource = question.action.lower(), question.resource
    if "NotAction" in statement:
        named = not _any_like([a.lower() for a in _listed(statement["NotAction"])], action)
    else:
        named = _any_like([a.lower() for a in _listed(statement["Action"])], action)
    if "NotResource" in statement:
        return named and not _any_like(_listed(statement["NotResource"]), resource)
    # A role's trust policy names no resource: it applies to the role itself.
    return named and _any_like(_listed(statement.get("Resource", "*")), resource)


def _conditions_met(statement: Mapping[str, Any], question: Question) -> bool:
    return all(
        conditions.met(operator, _listed(wanted), _values(question, key))
        for operator, keys in statement.get("Condition", {}).items()
        for key, wanted in keys.items()
    )


def _any_like(patterns: Iterable[str], value: str) -> bool:
    return any(like(pattern, value) for pattern in patterns)


def _keys(statement: Mapping[str, Any]) -> list[str]:
    return [key for keys in statement.get("Condition", {}).values() for key in keys]


def _values(question: Question, key: str) -> list[str] | None:
    """Look up the values of a condition key, ignoring case in its name."""
    known = {name.lower(): values for name, values in question.context.items()}
    return known.get(key.lower())


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
