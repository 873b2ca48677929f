"""The difference between a metric and its baseline, and whether it is better. Pure.

Differences are computed from the decimal numbers that people see: 0.945 - 0.95 is exactly -0.005,
which the difference of the two floats is not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Direction = Literal["lower", "higher"] | None  # which of two values is the better one
Judged = Literal["better", "worse", "same", ""]  # empty: unknown


@dataclass(frozen=True, kw_only=True)
class MetricChange:
    """A change of a number; None is an unknown part, for the reason in `why`."""

    difference: Fraction | None = None
    percent: Fraction | None = None  # of the absolute value before
    judged: Judged = ""
    why: str = ""


def between(before: float | None, now: float | None, better: Direction) -> MetricChange:
    """Compare `before` with `now`; None is a missing number."""
    if now is None or before is None:
        return MetricChange(why="no number here" if now is None else "nothing to compare with")
    if not (math.isfinite(now) and math.isfinite(before)):
        same = now == before  # never true for NaN
        return MetricChange(
            judged=_judged(now, before, better) if not same else "same", why="not finite"
        )
    difference = exact(now) - exact(before)
    percent = 100 * difference / abs(exact(before)) if before else None
    return MetricChange(
        difference=difference,
        percent=percent,
        judged=_judged(now, before, better),
        why="" if before else "of 0",
    )


def subtract(before: float, now: float) -> Fraction | float:
    """Subtract `before` from `now`: exactly, if both are finite."""
    if math.isfinite(now) and math.isfinite(before):
        return exact(now) - exact(before)
    return now - before


def exact(number: float) -> Fraction:
    """Return the decimal number that a finite float is written as."""
    return Fraction(repr(number))


def signed(value: Fraction | float, form: str = ".6g") -> str:
    """Format a difference with its sign; one that is too large for a float is infinite."""
    try:
        return format(float(value), f"+{form}")
    except OverflowError:
        return f"{'+' if value > 0 else '-'}∞"


def _judged(now: float, before: float, better: Direction) -> Judged:
    if math.isnan(now) or math.isnan(before):
        return ""
    if now == before:
        return "same"
    if better is None:
        return ""
    return "better" if (now > before) == (better == "higher") else "worse"
