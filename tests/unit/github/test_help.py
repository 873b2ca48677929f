"""--help shows what matters first, each option with its text, and correct examples."""

import re
import shlex

import pytest
import yaml

from helpers.kit.paths import KIT
from matlab_sagemaker.github import examples, inputs
from matlab_sagemaker.github.run import Run

DECLARED = {
    **{file.parent.name: file for file in KIT.glob("action/*/action.yml")},
    **{file.stem: file for file in KIT.glob("scripts/*.yml")},
}
ACTIONS = {verb: yaml.safe_load(file.read_text()) for verb, file in DECLARED.items()}


def options(text):
    """Return the options of a help text, in their order."""
    return re.findall(r"^  --([a-z-]+)", text, re.MULTILINE)


@pytest.mark.parametrize("verb", DECLARED)
def test_an_example_is_one_that_the_verb_takes(verb):
    assert examples.EXAMPLES[verb]
    for words in examples.EXAMPLES[verb]:
        parser = inputs._parser(verb, ACTIONS[verb], {})
        given = inputs._with_values(ACTIONS[verb], shlex.split(words))
        parser.parse_intermixed_args(given)


@pytest.mark.parametrize("verb", DECLARED)
def test_help_shows_both_ways_to_start_a_verb(verb):
    text = Run(verb, {}, []).usage()
    assert text.startswith(f"usage: scripts/run {verb}")
    assert f"  python scripts {verb} " in text


def test_what_has_to_be_given_comes_first_and_signing_in_has_a_group_of_its_own():
    own, _, sign_in = Run("delete", {}, []).usage().partition("signing in to AWS")
    assert options(own)[:2] == ["endpoint-name", "config"]
    assert "(required)" in own
    assert options(sign_in) == ["role-to-assume", "audience", "role-session-name"]
    assert options(own)[-2:] == ["region", "bucket"]


@pytest.mark.parametrize("verb", DECLARED)
def test_each_input_says_what_it_does(verb):
    for name, about in ACTIONS[verb]["inputs"].items():
        assert len(about["description"].split()) >= 3, name
        assert about["description"].endswith("."), name


def test_requests_are_shown_by_verbs_that_make_some():
    assert "verbose" in options(Run("train", {}, []).usage())
    assert "verbose" not in options(Run("check", {}, []).usage())
