"""How a verb signs in to AWS: decided and fully checked before any request."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matlab_sagemaker.aws import signin
from matlab_sagemaker.errors import InputError
from matlab_sagemaker.github.run import Run

ROLE = "arn:aws:iam::123456789012:role/ci"
ON_GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_RUN_ID": "42",
    "ACTIONS_ID_TOKEN_REQUEST_URL": "https://here",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "word",
}


def identity(environment=None, **given):
    inputs = {"region": "", "role_to_assume": ROLE, "audience": "sts", "role_session_name": ""}
    run = Run("train", ON_GITHUB if environment is None else environment, [])
    _, chosen, _log = signin.connector(run, signin.SignInInputs(**{**inputs, **given})).args
    return chosen


def test_without_a_role_boto3_finds_who_we_are():
    assert identity(role_to_assume="") is None
    assert identity({}, role_to_assume="") is None


def test_a_session_is_named_after_the_run():
    assert identity().session_name == "matlab-sagemaker-42"
    assert identity(role_session_name="mine").session_name == "mine"


def test_a_role_is_for_jobs_of_github_alone():
    with pytest.raises(InputError, match="only in a job of GitHub Actions"):
        identity({})


@pytest.mark.parametrize(
    "role",
    [
        ROLE,
        "arn:aws-cn:iam::123456789012:role/a/path/ci@x",
        "arn:aws-us-gov:iam::123456789012:role/ci",
    ],
)
def test_a_role_of_any_partition_is_taken(role):
    assert identity(role_to_assume=role, audience="sts.amazonaws.com.cn").role == role


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("role_to_assume", "ci"),
        ("role_to_assume", "arn:aws:iam::1234:role/ci"),
        ("role_to_assume", "arn:aws:iam::123456789012:user/me"),
        ("role_to_assume", "arn:aws:sts::123456789012:assumed-role/ci/me"),
        ("role_to_assume", f"{ROLE}\n"),
        ("role_to_assume", f"{ROLE} "),
        ("audience", "two words"),
        ("audience", "x" * 256),
        ("role_session_name", "x"),
        ("role_session_name", "x" * 65),
        ("role_session_name", "refs/heads/main"),
        ("role_session_name", "zürich"),
        ("region", "europe"),
    ],
)
def test_a_wrong_input_is_named(name, value):
    with pytest.raises(InputError, match=f"Input '{name.replace('_', '-')}' is "):
        identity(**{name: value})


@given(st.from_regex(r"[\w+=,.@-]{2,64}", fullmatch=True, alphabet=st.characters(codec="ascii")))
def test_every_session_name_that_sts_takes_is_taken(name):
    assert identity(role_session_name=name).session_name == name
