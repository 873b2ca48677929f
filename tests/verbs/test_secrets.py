"""The batch token's secret: created once, changed with the token, and not written otherwise."""

import uuid

import pytest

from helpers.kit import verb_runs
from matlab_sagemaker.aws import secrets, session
from matlab_sagemaker.errors import AwsError, MissingStepError


@pytest.fixture(scope="module")
def aws(emulator):
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"AWS_ENDPOINT_URL": emulator, **verb_runs.CREDENTIALS}.items():
            patch.setenv(name, value)
        yield session.connect(None)


@pytest.fixture
def name():
    return f"kit/{uuid.uuid4().hex}"


def versions(aws, name):
    return len(
        aws.secrets.list_secret_version_ids(SecretId=name, IncludeDeprecated=True)["Versions"]
    )


def value(aws, name):
    return aws.secrets.get_secret_value(SecretId=name)["SecretString"]


def test_a_token_that_is_there_is_not_written_again(aws, name):
    for _ in range(3):
        secrets.put(aws, name, "me@host::first")
    assert (value(aws, name), versions(aws, name)) == ("me@host::first", 1)


@pytest.mark.parametrize("tokens", ["ab", "aba", "abba", "abab", "aabbcc"])
def test_the_last_token_counts_also_one_that_comes_back(aws, name, tokens):
    for token in tokens:
        secrets.put(aws, name, token)
        assert value(aws, name) == token


def test_no_token_is_put_into_a_secret_that_is_to_be_deleted(aws, name):
    secrets.put(aws, name, "token")
    aws.secrets.delete_secret(SecretId=name)
    with pytest.raises(MissingStepError, match="restore-secret"):
        secrets.put(aws, name, "token")


def test_a_value_that_somebody_else_has_put_is_replaced(aws, name):
    aws.secrets.create_secret(Name=name, SecretString="theirs")
    secrets.put(aws, name, "ours")
    assert value(aws, name) == "ours"


def test_a_job_may_read_a_secret_that_holds_a_value(aws, name):
    arn = aws.secrets.create_secret(Name=name, SecretString="token")["ARN"]
    assert secrets.require(aws, name) == secrets.require(aws, arn) == arn


@pytest.mark.parametrize(
    ("made", "deleted", "words"),
    [
        ({}, False, "holds no value(?s:.*)put-secret-value --secret-id"),
        (
            {"SecretString": "token"},
            True,
            "scheduled for deletion(?s:.*)restore-secret --secret-id",
        ),
        (None, False, "There is no secret(?s:.*)store-token"),
    ],
    ids=["empty", "deleted", "absent"],
)
def test_a_secret_that_no_job_could_read_is_told_before_one_is_made(
    aws, name, made, deleted, words
):
    if made is not None:
        aws.secrets.create_secret(Name=name, **made)
    if deleted:
        aws.secrets.delete_secret(SecretId=name)
    with pytest.raises(MissingStepError, match=words):
        secrets.require(aws, name)


def test_a_secret_that_an_arn_names_is_not_made(aws):
    arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:absent-AbCdEf"
    with pytest.raises(AwsError, match="storing the batch token"):
        secrets.put(aws, arn, "token")
