"""Trust policies: they allow what they name, and nothing else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.iam import trust
from helpers.aws import ci_roles
from helpers.github.token_server import Job

PROVIDER = f"arn:aws:iam::123456789012:oidc-provider/{ci_roles.KEY}"
ACTION = "sts:AssumeRoleWithWebIdentity"


def said(job=None, **more):
    claims = {**(job or Job()).claims(), "aud": "sts.amazonaws.com", **more}
    return {f"{ci_roles.KEY}:{name}": value for name, value in claims.items()}


def allows(policy, claims=None, action=ACTION, provider=PROVIDER):
    document = json.loads(policy) if isinstance(policy, str) else policy
    return trust.allows(document, action, provider, claims or said())


def with_condition(condition, effect="Allow"):
    statement = {"Principal": {"Federated": PROVIDER}, "Action": ACTION, "Effect": effect}
    return {"Statement": {**statement, "Condition": condition}}


MAIN = "repo:acme/pumps:ref:refs/heads/main"


@pytest.mark.parametrize("sub", [MAIN, "repo:acme/pumps:*", "repo:acme/*", "repo:acme/pump?:*"])
def test_a_sub_that_is_named_is_trusted(sub):
    assert allows(ci_roles.trust(sub))


@pytest.mark.parametrize(
    "sub",
    [
        "repo:acme@1/pumps@2:*",
        "repo:acme/pumps:pull_request",
        "repo:ACME/pumps:*",
        "repo:acme/pump:*",
        "repo:acme/pumps",
        "repo:acme.pumps:*",
        "[a-z]*",
        "",
    ],
)
def test_a_sub_that_is_not_named_is_not(sub):
    assert not allows(ci_roles.trust(sub))


def test_an_immutable_sub_wants_a_policy_that_names_it():
    new = said(Job(immutable_sub=True))
    assert allows(ci_roles.trust("repo:acme@1/pumps@2:*"), new)
    assert not allows(ci_roles.trust("repo:acme/pumps:*"), new)


def test_any_of_several_values_is_enough():
    policy = ci_roles.trust(["repo:other/x:*", MAIN])
    assert allows(policy)


@pytest.mark.parametrize(
    ("operator", "value", "yes"),
    [
        ("StringEquals", "acme/pumps", True),
        ("StringEquals", "acme/*", False),
        ("StringEquals", "Acme/pumps", False),
        ("StringEqualsIgnoreCase", "Acme/Pumps", True),
        ("StringNotEquals", "acme/pumps", False),
        ("StringNotEquals", "other/x", True),
        ("StringNotLike", "acme/*", False),
        ("ForAnyValue:StringLike", "acme/*", True),
        ("StringLikeIfExists", "acme/*", True),
        ("ArnLike", "acme/*", False),
        ("ArnNotLike", "other/*", False),
        ("Null", "false", True),
        ("Null", "true", False),
        ("DateEquals", "acme/pumps", False),
        ("ForNoValue:StringEquals", "other/x", False),
    ],
)
def test_operators_mean_what_iam_says(operator, value, yes):
    assert allows(with_condition({operator: {f"{ci_roles.KEY}:repository": value}})) is yes


@pytest.mark.parametrize(
    ("operator", "yes"),
    [
        ("StringEquals", False),
        ("StringLike", False),
        ("ForAnyValue:StringLike", False),
        ("ForAnyValue:StringNotEquals", False),
        ("StringNotEquals", True),
        ("StringEqualsIfExists", True),
        ("ForAllValues:StringEquals", True),
    ],
)
def test_a_claim_that_is_not_there_meets_only_what_iam_says(operator, yes):
    assert allows(with_condition({operator: {f"{ci_roles.KEY}:environment": "production"}})) is yes


def test_every_condition_has_to_hold():
    other = {"StringEquals": {f"{ci_roles.KEY}:aud": "other"}}
    assert not allows(ci_roles.trust(MAIN, StringNotLike={f"{ci_roles.KEY}:sub": "repo:acme/*"}))
    assert not allows(with_condition(other))


def test_another_action_or_provider_is_not_meant():
    policy = ci_roles.trust(MAIN)
    assert not allows(policy, action="sts:AssumeRole")
    assert not allows(policy, provider=PROVIDER.replace("123456789012", "210987654321"))
    assert not allows({"Statement": []})


def test_a_denial_counts_before_every_permission():
    yes, no = json.loads(ci_roles.trust(MAIN))["Statement"], with_condition({}, "Deny")["Statement"]
    assert allows({"Statement": yes})
    assert not allows({"Statement": [*yes, no]})


def test_a_denial_that_cannot_be_judged_refuses():
    (yes,) = json.loads(ci_roles.trust(MAIN))["Statement"]
    no = with_condition({"DateEquals": {f"{ci_roles.KEY}:repository": "1"}}, "Deny")
    assert not allows({"Statement": [yes, no["Statement"]]})


@given(st.text(min_size=1))
def test_a_policy_names_no_more_than_its_own_repository(name):
    sub = f"repo:{name}:ref:refs/heads/main"
    assert allows(ci_roles.trust("repo:acme/pumps:*"), {**said(), f"{ci_roles.KEY}:sub": sub}) is (
        sub.startswith("repo:acme/pumps:")
    )
