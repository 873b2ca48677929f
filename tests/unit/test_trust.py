"""Whom a role trusts: SageMaker, and a repository's jobs; `sub` in both forms, `aud`, denials."""

import itertools
import json

import pytest

import ci_role
from matlab_sagemaker import trust
from matlab_sagemaker.calls import Calls

SAGEMAKER, ASSUME = "sagemaker.amazonaws.com", "sts:AssumeRole"
NAMES, NUMBERS = "octo-org/pump-faults", "octo-org@65/pump-faults@74"
MAIN, PULL_REQUEST, PRODUCTION = "ref:refs/heads/main", "pull_request", "environment:production"
AUDIENCE = "sts.amazonaws.com"
FROM_MAIN = Calls(branches=("main",))


def sagemaker(*statements):
    return trust.of_sagemaker("role", "arn", {"Statement": list(statements)})


def statement(principal, effect="Allow", action=ASSUME, condition=None):
    made = {"Effect": effect, "Principal": principal, "Action": action}
    return {**made, "Condition": condition} if condition else made


@pytest.mark.parametrize(
    ("principal", "effect", "expected"),
    [
        ({"Service": SAGEMAKER}, "Allow", "fine"),
        ({"Service": ["ec2.amazonaws.com", SAGEMAKER]}, "Allow", "fine"),
        ("*", "Allow", "fine"),
        ({"Service": "ec2.amazonaws.com"}, "Allow", "wrong"),
        ({"AWS": "arn:aws:iam::123456789012:root"}, "Allow", "wrong"),
        ({"Service": SAGEMAKER}, "Deny", "wrong"),
    ],
)
@pytest.mark.parametrize("condition", [None, {"StringEquals": {"aws:SourceAccount": "1"}}])
@pytest.mark.parametrize("alone", [True, False])
def test_a_role_trusts_sagemaker_under_whatever_conditions(
    principal, effect, expected, condition, alone
):
    made = statement(principal, effect, condition=condition)
    policy = {"Statement": made if alone else [made]}
    assert trust.of_sagemaker("role", "arn", policy).state == expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (ASSUME, "fine"), ("sts:*", "fine"), ("*", "fine"), ("STS:assumerole", "fine"),
        (["sts:TagSession", ASSUME], "fine"), ("sts:TagSession", "wrong"), ([], "wrong"),
        ("sts:AssumeRoleWithWebIdentity", "wrong"),
    ],
)  # fmt: skip
def test_it_is_to_assume_the_role_that_sagemaker_is_let(action, expected):
    assert sagemaker(statement({"Service": SAGEMAKER}, action=action)).state == expected


@pytest.mark.parametrize(
    ("denied", "expected"),
    [
        (statement("*", "Deny"), "wrong"),
        (statement({"Service": SAGEMAKER}, "Deny", "sts:*"), "wrong"),
        (statement({"Service": SAGEMAKER}, "Deny", "sts:TagSession"), "fine"),
        (statement({"Service": "ec2.amazonaws.com"}, "Deny"), "fine"),
        (statement("*", "Deny", condition={"StringNotEquals": {"aws:SourceAccount": "1"}}), "fine"),
    ],
)
def test_a_denial_without_a_condition_outweighs_it(denied, expected):
    allowed = statement({"Service": SAGEMAKER})
    for order in itertools.permutations([allowed, denied]):
        assert sagemaker(*order).state == expected


def github(sub, kind, calls=FROM_MAIN, audience=AUDIENCE, **words):
    policy = json.loads(ci_role.trust(sub, **words))
    jobs = trust.jobs(NAMES, kind, audience, calls)
    return trust.of_github("trust", "role", policy, jobs)


def subs(*contexts, repository=NAMES):
    return [f"repo:{repository}:{context}" for context in contexts]


@pytest.mark.parametrize("repository", [NAMES, NUMBERS, "octo-org@*/pump-faults@*"])
@pytest.mark.parametrize("contexts", [(MAIN,), (PULL_REQUEST, MAIN), (PRODUCTION,), ("*",)])
@pytest.mark.parametrize("kind", trust.CONTEXTS)
def test_a_role_trusts_the_jobs_that_it_is_for(kind, contexts, repository):
    needed = {"image": {PULL_REQUEST, MAIN}, "train": {PULL_REQUEST, MAIN}, "compile": {MAIN},
              "deploy": {PRODUCTION}, "": set()}[kind]  # fmt: skip
    finding = github(subs(*contexts, repository=repository), kind)
    assert (finding.state == "fine") == (needed <= set(contexts) or contexts == ("*",))


@pytest.mark.parametrize("kind", trust.CONTEXTS)
@pytest.mark.parametrize(
    "repository",
    ["octo-org/pump-faults-2", "octo-org/pump", "Octo-Org/pump-faults", "someone/pump-faults",
     "someone@65/pump-faults@74", "octo-org@65/other@74"],
)  # fmt: skip
def test_another_repository_is_none_of_ours_and_the_line_that_is_wanted_is_shown(kind, repository):
    contexts = (PULL_REQUEST, MAIN, PRODUCTION)
    finding = github(subs(*contexts, repository=repository), kind)
    assert finding.state == "wrong"
    shown = {"image": MAIN, "train": PULL_REQUEST, "compile": MAIN, "deploy": "environment:NAME"}
    for name in (NAMES, "octo-org@OWNER-ID/pump-faults@REPO-ID"):
        assert f":sub repo:{name}:{shown.get(kind, 'NAME')}" in finding.fix.splitlines()


@pytest.mark.parametrize("kind", trust.CONTEXTS)
def test_a_token_for_somebody_else_is_told_by_its_audience(kind):
    contexts = (PULL_REQUEST, MAIN, PRODUCTION)
    finding = github(subs(*contexts), kind, audience="api://other")
    assert finding.state == "wrong"
    assert ":aud api://other" in finding.fix.splitlines()


@pytest.mark.parametrize(
    ("branches", "sub", "expected"),
    [
        ((), "ref:refs/heads/trunk", "fine"),
        (("*",), "ref:refs/heads/trunk", "fine"),
        (("main",), "ref:refs/heads/trunk", "wrong"),
        (("trunk", "main"), "ref:refs/heads/trunk", "wrong"),
        ((), "ref:refs/tags/v1", "wrong"),
    ],
)
def test_the_branch_that_is_deployed_is_trusted_and_an_unknown_one_is_any(branches, sub, expected):
    assert github(subs(sub), "compile", Calls(branches=branches)).state == expected


@pytest.mark.parametrize(
    ("environments", "expected"),
    [((), "fine"), (("*",), "fine"), (("production",), "fine"), (("staging",), "wrong"),
     (("production", "staging"), "wrong")],
)  # fmt: skip
def test_each_environment_that_is_deployed_to_is_trusted(environments, expected):
    finding = github(subs(PRODUCTION), "deploy", Calls(environments=environments))
    assert finding.state == expected
    if expected == "wrong":
        assert f":sub repo:{NAMES}:environment:staging" in finding.fix.splitlines()
        assert "production" not in finding.fix


@pytest.mark.parametrize("kind", ["train", ""])
def test_a_denial_of_all_tokens_outweighs_them(kind):
    policy = json.loads(ci_role.trust(subs(PULL_REQUEST, MAIN)))
    (allowed,) = policy["Statement"]
    denied = {k: v for k, v in allowed.items() if k != "Condition"} | {"Effect": "Deny"}
    jobs = trust.jobs(NAMES, kind, AUDIENCE, FROM_MAIN)
    assert trust.of_github("t", "r", {"Statement": [allowed]}, jobs).state == "fine"
    assert trust.of_github("t", "r", {"Statement": [allowed, denied]}, jobs).state == "wrong"


@pytest.mark.parametrize(("kind", "expected"), [("train", "wrong"), ("", "skipped")])
def test_a_role_that_takes_no_tokens_at_all(kind, expected):
    policy = {"Statement": [statement({"Service": "ec2.amazonaws.com"})]}
    jobs = trust.jobs(NAMES, kind, AUDIENCE, FROM_MAIN)
    assert trust.of_github("trust", "role", policy, jobs).state == expected
