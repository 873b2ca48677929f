"""Credentials are renewed: whatever the sessions' lives, no expired one is used."""

import itertools
import threading
from datetime import datetime, timedelta, timezone

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from helpers.github.token_server import Job, TokenServer
from matlab_sagemaker.aws import advice, credentials
from matlab_sagemaker.errors import SignInError

ROLE = "arn:aws:iam::123456789012:role/ci"


class Clock:
    def __init__(self):
        self.time = datetime(2026, 11, 25, tzinfo=timezone.utc)

    def __call__(self):
        return self.time

    def go_on(self, seconds):
        self.time += timedelta(seconds=seconds)


class Sts:
    """Returns sessions with these lives, one after the other; None is a refusal."""

    def __init__(self, clock, lives):
        self.clock = clock
        self.lives = iter(lives)
        self.ends = {}

    def assume(self):
        life_s = next(self.lives)
        if life_s is None:
            raise SignInError("refused")
        key = f"ASIA{len(self.ends)}"
        self.ends[key] = self.clock() + timedelta(seconds=life_s)
        return {
            "AccessKeyId": key,
            "SecretAccessKey": "secret",
            "SessionToken": f"token of {key}",
            "Expiration": self.ends[key],
        }


LIVES = st.integers(1, 5) | st.integers(1, 43200)
PAUSES = st.floats(0, 6) | st.floats(0, 50000)


@given(LIVES, st.lists(LIVES | st.none()), st.lists(PAUSES))
def test_no_request_is_signed_with_a_session_that_has_ended(first, lives, pauses):
    clock = Clock()
    sts = Sts(clock, itertools.chain([first], lives, itertools.repeat(3600)))
    renewed = credentials.renewed(sts.assume, ROLE, clock)
    for pause in pauses:
        clock.go_on(pause)
        try:
            used = renewed.get_frozen_credentials()
        except SignInError as error:
            assert "refused" in str(error)  # noqa: PT017 (that it is raised is one of two ends)
        else:
            assert sts.ends[used.access_key] > clock()
            assert used.token == f"token of {used.access_key}"


@pytest.mark.parametrize("life_s", [5, 900, 3600, 43200])
def test_a_session_is_used_for_most_of_its_life(life_s):
    clock = Clock()
    sts = Sts(clock, itertools.repeat(life_s))
    renewed = credentials.renewed(sts.assume, ROLE, clock)
    for _ in range(1000):
        clock.go_on(life_s / 100)
        renewed.get_frozen_credentials()
    assert len(sts.ends) <= 21


def test_a_renewal_that_fails_is_tried_again_while_the_session_lasts():
    clock = Clock()
    sts = Sts(clock, [3600, *[None] * 5, 3600])
    renewed = credentials.renewed(sts.assume, ROLE, clock)
    clock.go_on(2800)
    for _ in range(5):
        clock.go_on(120)
        assert renewed.get_frozen_credentials().access_key == "ASIA0"
    assert renewed.get_frozen_credentials().access_key == "ASIA1"


def test_a_renewal_that_is_refused_until_the_end_says_what_is_not_lost():
    clock = Clock()
    renewed = credentials.renewed(Sts(clock, [3600, None]).assume, ROLE, clock)
    clock.go_on(3590)
    with pytest.raises(SignInError, match=r"could not be renewed.\nrefused\n.*finds finished work"):
        renewed.get_frozen_credentials()


@pytest.mark.parametrize("lives", [[-30], [3600, -30]])
def test_a_clock_that_is_wrong_is_told(lives):
    clock = Clock()
    with pytest.raises(SignInError, match=r"expired 30 s ago.\nCorrect the"):  # noqa: PT012
        renewed = credentials.renewed(Sts(clock, lives).assume, ROLE, clock)
        clock.go_on(3590)
        renewed.get_frozen_credentials()


def test_many_threads_are_served_by_one_renewal():
    clock = Clock()
    sts = Sts(clock, itertools.repeat(3600))
    renewed = credentials.renewed(sts.assume, ROLE, clock)
    clock.go_on(3590)
    used = []
    ask = [
        threading.Thread(target=lambda: used.append(renewed.get_frozen_credentials()))
        for _ in range(20)
    ]
    for thread in ask:
        thread.start()
    for thread in ask:
        thread.join()
    assert {each.access_key for each in used} == {"ASIA1"}


def refused(code, message="said", job=None):
    error = ClientError({"Error": {"Code": code, "Message": message}}, "AssumeRole")
    with TokenServer(job) as server:
        token = server.token("sts.amazonaws.com")
    text = str(advice.of_role(error, ROLE, token))
    assert token not in text
    assert token.split(".")[1] not in text
    return text


@pytest.mark.parametrize("immutable", [False, True])
def test_a_trust_policy_that_says_no_is_told_with_the_tokens_own_claims(immutable):
    job = Job(event="pull_request", immutable_sub=immutable)
    text = refused("AccessDenied", "Not authorized to perform x", job)
    assert "Not authorized to perform x" in text
    assert "aud of the token: sts.amazonaws.com" in text
    assert f"sub of the token: {job.sub}\n" in text
    other = Job(event="pull_request", immutable_sub=not immutable)
    assert f"do not have this form: {other.sub}" in text
    assert "token.actions.githubusercontent.com:aud and :sub" in text


@pytest.mark.parametrize(
    ("code", "do"),
    [
        ("InvalidIdentityToken", "provider for https://token.actions.githubusercontent.com with"),
        ("ExpiredTokenException", "clock"),
        ("RegionDisabledException", "activate STS"),
        ("IDPCommunicationError", "run the job again"),
    ],
)
def test_a_refusal_names_what_to_change(code, do):
    text = refused(code)
    assert f"{code}: said" in text
    assert do in text
    assert ROLE in text
