"""--help shows what matters first, each option with its text, and correct examples."""

import re
import runpy
import shlex

import pytest

from helpers.kit import parsers
from helpers.kit.paths import KIT
from matlab_sagemaker.github.run import Run

VERBS = [*parsers.DECLARED, *parsers.PROGRAMS]


def options(text):
    """Return the options of a help text, in their order."""
    return re.findall(r"^  --([a-z-]+)", text, re.MULTILINE)


def test_every_verb_is_here(monkeypatch):
    monkeypatch.syspath_prepend(KIT / "scripts")
    listed = runpy.run_path(str(KIT / "scripts/__main__.py"), run_name="listing")["verbs"]()
    assert set(listed) == set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_an_example_is_one_that_the_verb_takes(verb):
    _, _, shown = parsers.usage(verb).partition("\nexamples:\n")
    lines = re.findall(rf"(?m)^  scripts/run {verb}(.*?)(?:  |$)", shown)
    assert lines
    for line in lines:
        assert parsers.refusal(verb, shlex.split(line)) == ""


@pytest.mark.parametrize("verb", VERBS)
def test_help_shows_both_ways_to_start_a_verb(verb):
    text = parsers.usage(verb)
    assert text.startswith(f"usage: scripts/run {verb}")
    assert f"  python scripts {verb} " in text


def test_what_has_to_be_given_comes_first_and_signing_in_has_a_group_of_its_own():
    own, _, sign_in = Run("delete", {}, []).usage().partition("signing in to AWS")
    assert options(own)[:2] == ["endpoint-name", "config"]
    assert "(required)" in own
    assert options(sign_in) == ["role-to-assume", "audience", "role-session-name"]
    assert options(own)[-2:] == ["region", "bucket"]


@pytest.mark.parametrize("verb", parsers.DECLARED)
def test_each_input_says_what_it_does(verb):
    for name, about in parsers.declaration(verb)["inputs"].items():
        assert len(about["description"].split()) >= 3, name
        assert about["description"].endswith("."), name


def test_requests_are_shown_by_verbs_that_make_some():
    assert "verbose" in options(Run("train", {}, []).usage())
    assert "verbose" not in options(Run("check", {}, []).usage())
