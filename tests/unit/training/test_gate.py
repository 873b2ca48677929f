"""The gate decides as one would by hand, whatever the numbers are."""

import math
import re
from decimal import Context, Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpers.kit.paths import KIT
from matlab_sagemaker.errors import GateError
from matlab_sagemaker.project import content
from matlab_sagemaker.training import gate
from matlab_sagemaker.training.gate import Serving

EXAMPLE = KIT / "examples/TrainAndDeployClassificationTree"
TEXT = (EXAMPLE / "sagemaker.yml").read_text(encoding="utf-8")
EXACT = Context(prec=2000)
VALUES = (
    st.none() | st.floats(width=64) | st.sampled_from([0.0, -0.0, 0.1, -0.005, math.inf, -math.inf])
)
ACCURACY = "resubstitution_accuracy"


def without_rules():
    """Return the lines of the example's sagemaker.yml without the gate's."""
    return re.sub(r"(?m)^(gate|champion):.*\n(  .*\n)*", "", TEXT).splitlines()


def project(rules):
    """Return the example with other rules."""
    return content.parse("\n".join([*without_rules(), *rules]), EXAMPLE / "sagemaker.yml")


@pytest.fixture(scope="module")
def plain():
    return project([])


class Ruled:
    """A project with only the rules, which is all that the gate reads."""

    def __init__(self, gate=None, champion=None):
        self.settings, self.gate, self.champion = self, gate, champion

    def place(self, *_location):
        return None


def judged(rules, now, before=None, job="new"):
    metrics = {} if now is None else {"m": now}
    return gate.judge(rules, metrics, before, job)


def serving(value, job="old"):
    return Serving(training_job=job, metrics={} if value is None else {"m": value})


@given(VALUES, st.sampled_from(["<", "<=", ">", ">="]), st.floats(-1e9, 1e9))
@example(0.93, ">=", 0.93)
@example(0.4, "<", 0.4)
@example(math.nan, "<", 1.0)
@example(None, "<=", 0.0)
def test_a_gate_compares_as_numbers_are_written(value, sign, limit):
    (row,) = judged(Ruled(gate={"m": f"{sign} {limit!r}"}), value).rows
    by_hand = False
    if value is not None and not math.isnan(value):
        x, y = Decimal(repr(value)), Decimal(repr(limit))
        by_hand = {"<": x < y, "<=": x <= y, ">": x > y, ">=": x >= y}[sign]
    assert row.passed is by_hand


@given(VALUES, VALUES, st.sampled_from(["at_least", "at_most"]), st.floats(-1e3, 1e3))
@example(0.945, 0.95, "at_least", -0.005)  # as floats the difference is a little more
@example(0.3, 0.2, "at_most", 0.1)
@example(0.0, -0.0, "at_least", 0.0)
@example(math.inf, math.inf, "at_least", -1.0)
@example(math.inf, 1.0, "at_least", 0.0)
@example(1.0, math.inf, "at_most", 0.0)
@example(math.nan, 1.0, "at_most", 0.0)
@example(None, 1.0, "at_most", 0.0)
@example(1.0, None, "at_most", 0.0)
@example(1.7e308, -1.7e308, "at_least", 0.0)
@example(-1.7e308, 1.7e308, "at_least", 0.0)
def test_a_champion_is_compared_as_the_numbers_are_written(now, before, which, limit):
    (row,) = judged(Ruled(champion={"m": {which: limit}}), now, serving(before)).rows
    assert row.passed is by_hand(now, before, which, limit)


def by_hand(now, before, which, limit):
    if now is None or before is None or math.isnan(now) or math.isnan(before):
        return False
    if math.isinf(now) and now == before:
        return False  # their difference is undefined
    difference = EXACT.subtract(Decimal(repr(now)), Decimal(repr(before)))
    limit = Decimal(repr(limit))
    return difference >= limit if which == "at_least" else difference <= limit


@given(VALUES)
def test_where_nothing_serves_any_number_is_good_enough_and_a_note_says_why(now):
    (row,) = judged(Ruled(champion={"m": {"at_least": 1.0}}), now).rows
    assert row.passed is (now is not None and not math.isnan(now))
    assert gate.NOTHING_SERVES in row.got


def test_the_model_that_serves_is_no_rival_of_its_own():
    """Otherwise a rule that demands an improvement would refuse each merge's second run."""
    rules = Ruled(champion={"m": {"at_least": 0.01}})
    same = judged(rules, 0.9, serving(0.9, job="new"))
    (row,) = same.rows
    assert (row.passed, same.serves_itself) == (True, True)
    assert gate.SERVES_ITSELF in row.got
    other = judged(rules, 0.95, serving(0.9, job="old"))
    assert (other.gate, other.serves_itself) == ("passed", False)
    without = judged(Ruled(gate={"m": ">= 0"}), 0.9, serving(0.9, job="new"))
    assert not without.serves_itself, "no rule was kept for that"
    assert not judged(rules, 0.9, serving(0.9, job="old")).rows[0].passed
    assert not judged(rules, 0.9, serving(0.9, job=""), job="").rows[0].passed


def test_all_rules_count_and_none_is_no_rule():
    rules = Ruled(gate={"m": ">= 0.5"}, champion={"m": {"at_least": 0.0}})
    both = judged(rules, 0.6, serving(0.7))
    assert [(row.rule, row.passed) for row in both.rows] == [("gate", True), ("champion", False)]
    assert [judged(rules, x, serving(0.7)).gate for x in (0.7, 0.6)] == ["passed", "failed"]
    nothing = judged(Ruled(), 0.6, serving(0.7))
    assert (nothing.gate, nothing.rows, nothing.error) == ("none", (), None)
    wanted = "at least +0 against production"
    got = "-0.1 (0.6 against 0.7)"
    told = {"rule": "champion", "metric": "m", "wanted": wanted, "got": got, "passed": False}
    assert vars(both.rows[1]) == told


def test_the_error_leads_to_the_first_rule_that_is_broken():
    rules = [f"gate: {{{ACCURACY}: '>= 0.5'}}", f"champion:\n  {ACCURACY}: {{at_least: 0}}"]
    found, text = project(rules), "\n".join([*without_rules(), *rules])
    error = gate.judge(found, {ACCURACY: 0.6}, Serving(metrics={ACCURACY: 0.7}), "job").error
    assert isinstance(error, GateError)
    assert error.exit_code == 19
    assert text.splitlines()[error.place.line - 1].startswith(f"  {ACCURACY}: {{at_least")
    assert f"{ACCURACY}: -0.1 (0.6 against 0.7)" in str(error)


def test_the_error_of_a_job_that_has_sealed_nothing_names_its_image_not_its_model():
    ruled = project([f"gate: {{{ACCURACY}: '>= 0.9'}}"])
    error = gate.judge(ruled, None, None, "new").error
    assert isinstance(error, GateError)
    assert "has sealed no metrics" in error.why
    assert "no number" not in error.why


def test_a_project_without_rules_reads_none(plain):
    assert gate.judge(plain, {}, None, "job") is gate.NONE
