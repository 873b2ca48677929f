"""A change equals the one computed by hand, whatever the numbers are."""

import math
from decimal import Context, Decimal
from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from matlab_sagemaker.github import metric_change

EXACT = Context(prec=2000)
VALUES = st.none() | st.floats(width=64) | st.sampled_from([0.0, -0.0, 0.93, math.inf, -math.inf])
BETTER = st.sampled_from(["higher", "lower", None])


@given(VALUES, VALUES, BETTER)
@example(0.94, 0.96, "higher")
@example(-2.0, -1.0, "lower")
@example(-0.5, 0.5, "higher")
@example(0.0, 0.5, "lower")
@example(-0.0, 0.0, "lower")
@example(0.0, 0.0, None)
@example(math.nan, 1.0, "higher")
@example(1.0, math.nan, "lower")
@example(math.inf, math.inf, "higher")
@example(-math.inf, math.inf, "higher")
@example(None, 1.0, "higher")
@example(1.0, None, "higher")
@example(5e-324, -1.7976931348623157e308, "lower")
def test_a_change_is_what_whoever_reckons_by_hand_gets(before, now, better):
    found = metric_change.between(before, now, better)
    assert found.judged == judged_by_hand(before, now, better)
    known = before is not None and now is not None
    if not (known and math.isfinite(before) and math.isfinite(now)):
        assert found.difference is found.percent is None
        assert found.why
        assert not known or str(metric_change.subtract(before, now)) == str(now - before)
        return
    difference = EXACT.subtract(Decimal(repr(now)), Decimal(repr(before)))
    assert metric_change.subtract(before, now) == found.difference
    assert found.difference == Fraction(difference)
    if before == 0:
        assert found.percent is None
        assert found.why == "of 0"
    else:
        size = Decimal(repr(before)).copy_abs()
        assert found.percent * Fraction(size) == 100 * Fraction(difference)
        assert found.why == ""


def test_a_difference_too_large_for_a_float_is_infinite():
    most = 1.7976931348623157e308
    assert metric_change.signed(metric_change.subtract(-most, most)) == "+∞"
    assert metric_change.signed(metric_change.subtract(most, -most)) == "-∞"
    assert metric_change.signed(Fraction(-1, 3), ".3g") == "-0.333"


def judged_by_hand(before, now, better):
    if before is None or now is None or math.isnan(before) or math.isnan(now):
        return ""
    if before == now:
        return "same"
    rises = before < now
    if better == "higher":
        return "better" if rises else "worse"
    if better == "lower":
        return "worse" if rises else "better"
    return ""
