"""What jobs hand on names resources, but no account."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matlab_sagemaker.github import redact

ACCOUNT = "123456789012"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            f"User: arn:aws:sts::{ACCOUNT}:assumed-role/ci/s is not",
            "User: assumed-role/ci/s is not",
        ),
        (f"arn:aws-cn:sagemaker:cn-north-1:{ACCOUNT}:endpoint/flowers", "endpoint/flowers"),
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", "policy/ReadOnlyAccess"),
        ('no model \\"arn:aws:s\nNext', 'no model \\"(cut)\nNext'),
        ("arn:aws:sagemaker:eu-west-1:12345678", "(cut)"),
        ("arn:aws:s3:::my-bucket/a/b.csv", "s3://(bucket)/a/b.csv"),
        ("`s3://my-bucket/a/model.tar.gz`", "`s3://(bucket)/a/model.tar.gz`"),
        ("https://my-bucket.s3.eu-west-1.amazonaws.com/a", "https://(bucket)/a"),
        (f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/m/t@sha256:0", "(registry)/m/t@sha256:0"),
        (f"{ACCOUNT}.dkr.ecr.cn-north-1.amazonaws.com.cn/m:t", "(registry)/m:t"),
        (f"matlab-sagemaker-{ACCOUNT}-eu-west-1", "matlab-sagemaker-(account)-eu-west-1"),
        ("flowers-444493d595205ff7-1", "flowers-444493d595205ff7-1"),
        ("sha256:ab123456789012cd", "sha256:ab123456789012cd"),
        ("3.141592653589", "3.141592653589"),
        ("Run build-training-image first.", "Run build-training-image first."),
    ],
)
def test_what_tells_the_account_has_a_stand_in(text, told):
    assert redact.without_account(text, {}) == told


def test_inputs_that_may_be_secrets_have_one_too():
    private = {"my-data": "(bucket)", "my-data-role": "(role)"}
    text = "my-data-role may not read my-data."
    assert redact.without_account(text, private) == "(role) may not read (bucket)."


@pytest.mark.parametrize(
    "text", ["flowers-444-1", "my-flowers", "flowers2", "deflowers", "a_flowers"]
)
def test_an_input_within_a_longer_name_is_that_name(text):
    assert redact.without_account(text, {"flowers": "(bucket)"}) == text


@pytest.mark.parametrize("text", ["{}", "s3://{}/code", "`{}`", "role/{}", "({})", "{}."])
def test_an_input_that_stands_alone_is_told_as_what_it_is(text):
    told = redact.without_account(text.format("flowers"), {"flowers": "(bucket)"})
    assert told == text.format("(bucket)")


REGISTRY = f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/"
PIECES = st.lists(st.sampled_from([ACCOUNT, REGISTRY, ROLE, "s3://", "bucket", "x"]), max_size=12)


@given(PIECES, st.sampled_from(" :/-`\n"), st.booleans())
def test_no_account_gets_through(pieces, between, often):
    text = between.join(pieces * (500 if often else 1))
    told = redact.report(text, {})
    assert ACCOUNT not in told
    assert "arn:aws" not in told
    assert len(told.encode()) <= redact.REPORT_LIMIT
