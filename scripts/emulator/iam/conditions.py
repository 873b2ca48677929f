"""The operators in conditions of policies. Pure.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import operator as compare
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class UnknownOperatorError(ValueError):
    """A policy contains something that the emulator cannot evaluate."""


def met(operator: str, wanted: list[Any], values: list[str] | None) -> bool:
    """Whether the values of a key (None: it is absent) meet an operator's values.

    As on AWS, which warns about it, ForAllValues is also true without any value.
    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    if operator == "Null":
        return (values is None) == (str(wanted[0]).lower() == "true")
    quantifier, _, plain = operator.rpartition(":")
    name = plain.removesuffix("IfExists")
    if name not in _OPERATORS or quantifier not in ("", "ForAllValues", "ForAnyValue"):
        raise UnknownOperatorError(f"The emulator cannot judge the condition operator {operator}.")
    negated, matches = _OPERATORS[name]
    if values is None and quantifier != "ForAllValues":
        return plain.endswith("IfExists") or (negated and not quantifier)
    found = [any(matches(str(p), value) for p in wanted) != negated for value in values or []]
    needs_all = quantifier == "ForAllValues" or (negated and not quantifier)
    return all(found) if needs_all else any(found)


def _same(pattern: str, value: str) -> bool:
    return pattern == value


def _same_in_any_case(pattern: str, value: str) -> bool:
    return pattern.lower() == value.lower()


def like(pattern: str, value: str) -> bool:
    """Whether `value` matches a pattern with the wildcards * and ?."""
    if "${" in pattern:
        raise UnknownOperatorError(f"The emulator cannot judge the policy variable in {pattern}.")
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, value, re.DOTALL) is not None


def _arn_like(pattern: str, value: str) -> bool:
    if not value.startswith("arn:"):
        raise UnknownOperatorError(f"The emulator cannot compare {value!r} as an ARN.")
    return like(pattern, value)


def _number(holds: Callable[[float, float], bool]) -> Callable[[str, str], bool]:
    """Make a comparison of a key's value (left) with the policy's; False if one is not a number."""

    def matches(wanted: str, value: str) -> bool:
        try:
            return holds(float(value), float(wanted))
        except ValueError:
            return False

    return matches


_OPERATORS: dict[str, tuple[bool, Callable[[str, str], bool]]] = {
    # (whether it is true if nothing matches, what matches)
    "StringEquals": (False, _same),
    "StringNotEquals": (True, _same),
    "StringEqualsIgnoreCase": (False, _same_in_any_case),
    "StringNotEqualsIgnoreCase": (True, _same_in_any_case),
    "StringLike": (False, like),
    "StringNotLike": (True, like),
    "ArnEquals": (False, _arn_like),
    "ArnLike": (False, _arn_like),
    "ArnNotEquals": (True, _arn_like),
    "ArnNotLike": (True, _arn_like),
    "Bool": (False, _same_in_any_case),
    "NumericEquals": (False, _number(compare.eq)),
    "NumericNotEquals": (True, _number(compare.eq)),
    "NumericLessThan": (False, _number(compare.lt)),
    "NumericLessThanEquals": (False, _number(compare.le)),
    "NumericGreaterThan": (False, _number(compare.gt)),
    "NumericGreaterThanEquals": (False, _number(compare.ge)),
}
