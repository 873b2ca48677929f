"""A session that expires while a step waits: renewed silently, or refused with a message.

Sessions last five seconds here, in AWS and on the client; a step takes longer.
"""

import functools
import re

import pytest

from helpers.aws import ci_roles
from helpers.aws.assumed_role import assumed, keys, recorded, secrets, shown
from helpers.emulator.process import Emulator
from helpers.github.token_server import TokenServer
from helpers.kit import verb_runs
from helpers.kit.verb_runs import SAVE, jobs, write_function
from helpers.kit.waiting import eventually

pytestmark = pytest.mark.slow

SECONDS = 5


@pytest.fixture(scope="module")
def emulator(issuer, tmp_path_factory):
    options = ("--time-scale", "0.01", "--session-seconds", SECONDS, "--issuer", issuer.url)
    started = Emulator(tmp_path_factory.mktemp("emulator") / "work", *options)
    verb_runs.set_up(started.url)
    ci_roles.create_provider(verb_runs.client("iam", started.url))
    yield started.url
    assert started.stop() == 0


@pytest.fixture(scope="module")
def aws(emulator):
    """As for other tests, but with this emulator."""
    return functools.cache(lambda service: verb_runs.client(service, emulator))


@pytest.fixture(scope="module")
def role(emulator):
    return ci_roles.create_role(verb_runs.client("iam", emulator), "ci", "repo:acme/pumps:*")


@pytest.fixture
def github():
    """The token server of one job."""
    with TokenServer() as server:
        yield server


@pytest.fixture
def as_role(github, role):
    """The variables of a step that assumes the role."""
    return {"INPUT_ROLE_TO_ASSUME": role, "GITHUB_RUN_ID": "77", **github.environment()}


def test_a_session_that_ends_in_mid_training_is_renewed_unseen(project, github, as_role):
    project.succeed("build-training-image", "--repository", "release", **as_role)
    write_function(project, "for k = 1:14, disp(k); pause(1); end", SAVE)
    github.tokens.clear()
    with recorded(project) as (exchanges, address):
        result = project.succeed("train", **as_role, **address)
    assert len(github.tokens) >= 4
    assert [parse["WebIdentityToken"] for parse in assumed(exchanges)] == [
        [token] for token in github.tokens
    ]
    assert len(keys(exchanges)) == len(github.tokens)
    assert all(key.startswith("ASIA") for key in keys(exchanges))
    assert not [exchange for exchange in exchanges if b"xpired" in exchange.body]
    text, masks = shown(result)
    assert not re.search("error|xpired|renew|retry", text, re.IGNORECASE)
    assert result.stderr == ""
    hidden = secrets(exchanges, github)
    assert not [secret for secret in hidden if secret in text + result.summary]
    assert set(masks) == set(hidden) - {github.request_token}, "and nothing that is an output"


def test_a_token_endpoint_that_is_busy_for_a_moment_is_not_seen(project, github, as_role):
    project.succeed("build-training-image", "--repository", "release", **as_role)
    write_function(project, "pause(7);", SAVE)
    github.tokens.clear()
    process = project.start("train", **as_role)
    eventually(lambda: github.tokens)
    github.fail(503, times=2)
    result = project.finish(process)
    assert (result.code, result.annotations) == (0, [])
    assert not github.failures


def test_a_renewal_that_is_refused_loses_nothing(project, github, as_role, aws):
    project.succeed("build-training-image", "--repository", "release", **as_role)
    write_function(project, "pause(12);", SAVE)
    process = project.start("train", **as_role)
    eventually(lambda: jobs(aws, project))
    github.fail(403)
    result = project.finish(process)
    assert result.code == 5
    assert "could not be renewed" in result.annotations[0]
    assert "finds finished work" in result.annotations[0]
    github.failures.clear()
    assert "waiting for it" in project.succeed("train", **as_role).stdout
    assert list(jobs(aws, project).values()) == ["Completed"]
