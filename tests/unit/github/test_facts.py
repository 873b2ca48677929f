"""Facts leave a step unchanged, except for what names the account and what is too long."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matlab_sagemaker.errors import InputError
from matlab_sagemaker.github import facts
from matlab_sagemaker.github.facts import Facts, FactsInputs, ModelFacts

ACCOUNT = "123456789012"
TEXTS = st.text(max_size=20) | st.sampled_from(
    [ACCOUNT, f"arn:aws:iam::{ACCOUNT}:role/x", "s3://b/k"]
)


@given(st.dictionaries(TEXTS, st.floats(), max_size=5), st.lists(TEXTS, max_size=5))
def test_facts_are_read_as_they_were_written_without_the_account(metrics, lines):
    told = [{"verdict": "success"}, {"model": ModelFacts(job="a", metrics=metrics), "log": lines}]
    text = facts.compose(told, {})
    assert ACCOUNT not in text
    assert "s3://b/" not in text
    json.loads(text, parse_constant=pytest.fail)
    found = facts.parse(text, "train")
    values = {repr(value) for value in metrics.values()}
    assert {repr(value) for value in found.model.metrics.values()} <= values
    assert len(found.log) == len(lines)


def test_a_number_of_twelve_digits_is_no_account():
    text = facts.compose([{"model": ModelFacts(job="a", size=int(ACCOUNT))}], {})
    assert facts.parse(text, "train").model.size == int(ACCOUNT)


def test_inputs_that_may_be_secrets_have_a_stand_in():
    text = facts.compose([{"log": ["may not read my-data"]}], {"my-data": "(bucket)"})
    assert facts.parse(text, "train").log == ["may not read (bucket)"]


@given(st.integers(0, 30_000), st.integers(0, 30_000), st.integers(0, 30_000))
def test_what_is_too_much_is_left_out_whole_and_named(lines, values, names):
    told = {"verdict": "failure", "project": "flowers", "log": ["é" * (lines // 2)]}
    told["hyperparameters"] = {"a": "x" * values}
    told["metrics"] = [facts.Metric(name="y" * names)]
    text = facts.compose([told], {})
    assert len(text.encode()) <= facts.LIMIT
    found = facts.parse(text, "train")
    assert (found.verdict, found.project) == ("failure", "flowers")
    for name in ("log", "hyperparameters", "metrics"):
        kept = getattr(found, name)
        assert bool(kept) != (name in found.left_out)
        assert (
            not kept
            or json.loads(found.model_dump_json())[name]
            == json.loads(Facts.model_validate(told).model_dump_json())[name]
        )
    sizes = {"log": lines, "hyperparameters": values, "metrics": names}
    if sum(sizes.values()) < facts.LIMIT - 500:
        assert found.left_out == []


def test_what_is_too_big_does_not_push_out_what_fits():
    told = {"hyperparameters": {"a": "x" * 30_000}, "log": ["The last line."]}
    found = facts.parse(facts.compose([told], {}), "train")
    assert (found.log, found.left_out) == (["The last line."], ["hyperparameters"])
    both = {"hyperparameters": {"a": "x" * 15_000}, "log": ["y" * 15_000]}
    found = facts.parse(facts.compose([both], {}), "train")
    assert (found.log, found.left_out) == (both["log"], ["hyperparameters"])


@pytest.mark.parametrize(
    "text", ["{", "[]", "1", '"x"', '{"model": 1}', '{"metrics": [1]}', "[" * 9999]
)
def test_what_no_step_tells_is_refused(text):
    with pytest.raises(InputError, match="'train'"):
        facts.parse(text, "train")


def test_a_step_that_has_told_nothing_has_no_facts():
    inputs = FactsInputs(train='{"verdict":"success"}', handler="", plan=" \n", base="")
    assert inputs.told == {"train": Facts(verdict="success")}
