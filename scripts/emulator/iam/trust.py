"""Evaluates roles' trust policies for web identities. Pure.

Anything unknown (an operator, a key, a principal) means no, so nothing is allowed by mistake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .conditions import UnknownOperatorError
from .policies import Question, decide, statements

if TYPE_CHECKING:
    from collections.abc import Mapping


def allows(policy: Mapping[str, Any], action: str, provider: str, said: Mapping[str, str]) -> bool:
    """Whether the identity provider's token may do the action; `said` is its context."""
    named = [statement for statement in statements(policy) if _names(statement, provider)]
    question = Question(action, context={key: [value] for key, value in said.items()})
    try:
        return decide({"trust": {"Statement": named}}, question).decision == "allowed"
    except UnknownOperatorError:
        return False


def _names(statement: Mapping[str, Any], provider: str) -> bool:
    principal = statement.get("Principal", {})
    if not isinstance(principal, dict):
        return bool(principal == "*")
    federated = principal.get("Federated", [])
    return provider in (federated if isinstance(federated, list) else [federated])
