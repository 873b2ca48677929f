"""Trust policies of roles, for web identities: who may assume, under which conditions. Pure.

What it does not know (an operator, a key, a principal) refuses: a policy never says yes by mistake.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Matches = Callable[[str, str], bool]  # of a value and of what the policy names


def allows(policy: Mapping[str, Any], action: str, provider: str, said: Mapping[str, str]) -> bool:
    """Tell whether the identity provider's token may do the action; `said` is its context."""
    statements = [
        statement
        for statement in _listed(policy.get("Statement", []))
        if _names(statement, action, provider) and _holds(statement.get("Condition", {}), said)
    ]
    effects = {statement.get("Effect") for statement in statements}
    return "Allow" in effects and "Deny" not in effects


def _names(statement: Mapping[str, Any], action: str, provider: str) -> bool:
    principal = statement.get("Principal", {})
    federated = _listed(principal.get("Federated", [])) if isinstance(principal, dict) else []
    actions = _listed(statement.get("Action", []))
    return (principal == "*" or provider in federated) and any(_like(action, a) for a in actions)


def _holds(condition: Mapping[str, Mapping[str, Any]], said: Mapping[str, str]) -> bool:
    known = {key.lower(): value for key, value in said.items()}
    return all(
        _meets(operator, known.get(key.lower()), [str(value) for value in _listed(values)])
        for operator, wanted in condition.items()
        for key, values in wanted.items()
    )


def _meets(operator: str, value: str | None, wanted: list[str]) -> bool:
    """Tell whether a value, or its absence, meets an operator's values; each token has one value.

    ForAllValues is also true without a value, which is why AWS warns of it; here as there.
    """
    _, colon, plain = operator.rpartition(":")
    optional = plain.endswith("IfExists") or (colon and operator.startswith("ForAllValues"))
    name = plain.removesuffix("IfExists")
    positive = _OPERATORS.get(name.replace("Not", ""))
    if positive is None:
        return False
    negated = "Not" in name
    if value is None:
        return bool(optional) or negated
    return any(positive(value, each) for each in wanted) != negated


def _like(value: str, pattern: str) -> bool:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, value, re.DOTALL) is not None


_OPERATORS: dict[str, Matches] = {
    "StringEquals": lambda value, wanted: value == wanted,
    "StringEqualsIgnoreCase": lambda value, wanted: value.lower() == wanted.lower(),
    "StringLike": _like,
}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
