"""Whether anyone who may push a branch may deploy, from gh's answers about the environment."""

import os

import pytest

from helpers.github.gh import ONLY_PROTECTED, REVIEWERS, WAIT, Gh
from matlab_sagemaker.doctor import environment
from matlab_sagemaker.project.git import Remote
from matlab_sagemaker.project.workflows import Calls

REMOTE = Remote("github.com", "acme", "flowers")
ANYONE = "anyone who can push a branch can deploy"


@pytest.fixture
def gh(tmp_path, monkeypatch):
    """A gh that can see the repository, which has no protected branches."""
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    made = Gh(tmp_path, REMOTE.full_name)
    made.protect()
    return made


def look(name="production", remote=REMOTE):
    (found,) = environment.findings(remote, Calls(branches=("main",), environments=(name,)))
    return found


def test_one_that_does_not_exist_is_made_without_rules(gh):
    found = look()
    assert found.warns
    assert found.name == "environment production"
    assert found.found.startswith("it does not exist, and GitHub creates it without rules")
    assert ANYONE in found.found
    assert "allow only main" in found.fix
    assert "need a paid plan" in found.fix


def test_one_without_reviewers_and_branches_is_open(gh):
    gh.environment("production", WAIT)
    found = look()
    assert found.warns
    assert found.found == f"no required reviewers, and every branch may deploy: {ANYONE}"


def test_reviewers_are_enough(gh):
    gh.environment("production", WAIT, REVIEWERS)
    found = look()
    assert (found.passed, found.warns) == (True, False)
    assert found.found == "1 required reviewer: one has to approve each deployment"


@pytest.mark.parametrize(
    ("protected", "allowed", "warns", "words"),
    [
        (["main"], [("branch", "main")], False, "only protected branches may deploy: main"),
        ([], [("branch", "main")], True, "not known to be protected: main."),
        (["main"], [("branch", "main"), ("branch", "dev")], True, "to be protected: dev."),
        (["main"], [("branch", "release/*")], True, "to be protected: release/*."),
        (["main"], [("tag", "main")], True, "to be protected: tag main."),
        (["main"], [("branch", "main"), ("branch", "*")], True, ANYONE),
        (["main"], [("branch", "**/*")], True, ANYONE),
    ],
)
def test_branches_are_enough_where_they_are_protected(gh, protected, allowed, warns, words):
    gh.protect(*protected)
    gh.environment("production", allowed=allowed)
    found = look()
    assert (found.passed, found.warns) == (True, warns)
    assert words in found.found


@pytest.mark.parametrize(("protected", "warns"), [(["main"], False), ([], True)])
def test_only_protected_branches_means_all_where_none_is_protected(gh, protected, warns):
    gh.protect(*protected)
    gh.environment("production", policy=ONLY_PROTECTED)
    found = look()
    assert found.warns == warns
    assert (ANYONE in found.found) == warns


def test_a_name_is_written_as_addresses_write_it(gh):
    gh.environment("eu%20west", REVIEWERS)
    assert look("eu west").passed


def test_without_gh_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    found = look()
    assert found.passed is None
    assert found.found == ("not checked: gh is not on PATH. Install it: https://cli.github.com")


def test_without_a_sign_in_it_says_so(gh):
    gh.sign_out()
    found = look()
    assert found.passed is None
    assert found.found == (
        "not checked: gh is not signed in to GitHub. Sign in: gh auth login --hostname github.com"
    )


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("branches?protected=true&per_page=100", 404),
        ("environments/production", 403),
        ("environments/production/deployment-branch-policies?per_page=100", 404),
    ],
)
def test_without_the_right_it_says_what_github_says(gh, path, status):
    gh.environment("production", allowed=[("branch", "main")])
    gh.refuse(path, status)
    found = look()
    assert found.passed is None
    assert "gh cannot read the rules of acme/flowers on github.com: " in found.found
    assert f"(HTTP {status})" in found.found


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("echo '<html>'", "its answer is not JSON"),
        ("echo 'error connecting to api.github.com' >&2; exit 1", "error connecting to"),
    ],
)
def test_what_is_no_answer_tells_nothing(gh, tmp_path, said, words):
    (tmp_path / "gh").write_text(f"#!/bin/sh\n{said}\n")
    found = look()
    assert found.passed is None
    assert words in found.found


def test_without_a_remote_or_a_name_nobody_is_asked(gh):
    assert look(remote=None).passed is None
    assert look("*").passed is None
