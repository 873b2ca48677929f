"""All policies together: cases from AWS's documentation of how IAM decides.

Sources:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html and
its pages on requests within one account and across accounts, on denials and on session policies;
https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
"""

from dataclasses import replace

import pytest

from emulator.iam.conditions import UnknownOperatorError
from emulator.iam.policies import Question
from emulator.iam.verdict import Caller, objection

ACCOUNT, OTHER = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/train"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/train/run-1"
USER = f"arn:aws:iam::{ACCOUNT}:user/carlossalazar"


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action="s3:*", resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action="s3:*", resource="*", **more):
    return {**allow(action, resource, **more), "Effect": "Deny"}


def to(who):
    return {"Principal": who if who == "*" else {"AWS": who}}


def user(*statements):
    return Caller(
        arn=USER,
        principal=USER,
        account=ACCOUNT,
        kind="User",
        identity={"own": document(*statements)} if statements else {},
    )


def session(*statements, policy=None):
    return Caller(
        arn=SESSION,
        principal=ROLE,
        account=ACCOUNT,
        kind="AssumedRole",
        identity={"own": document(*statements)} if statements else {},
        session=policy,
    )


def may(caller, action, resource, policy=None, owner=ACCOUNT, **context):
    asked = Question(action, resource, {key: [value] for key, value in context.items()})
    return objection(caller, asked, owner, policy) is None


READ = ("s3:GetObject", "arn:aws:s3:::b/k")
ANONYMOUS = Caller(arn="anonymous", account="", kind="Anonymous")


# The documentation's own example of one account: Carlos and the bucket of his logs.
CARLOS = user(
    allow(
        ["s3:ListAllMyBuckets", "s3:GetBucketLocation", "s3:GetAccountPublicAccessBlock"],
        "arn:aws:s3:::*",
    ),
    allow("s3:*", ["arn:aws:s3:::carlossalazar", "arn:aws:s3:::carlossalazar/*"]),
    deny("s3:*", "arn:aws:s3:::*log*"),
)
CARLOS_LOGS = document(
    allow(
        "s3:*",
        ["arn:aws:s3:::carlossalazar-logs", "arn:aws:s3:::carlossalazar-logs/*"],
        **to(USER),
    )
)


@pytest.mark.parametrize(
    ("action", "resource", "policy", "allowed"),
    [
        ("s3:PutObject", "arn:aws:s3:::carlossalazar/file", None, True),
        ("s3:PutObject", "arn:aws:s3:::carlossalazar-logs/file", CARLOS_LOGS, False),
        ("s3:ListAllMyBuckets", "arn:aws:s3:::*", None, True),
        ("s3:PutObject", "arn:aws:s3:::another/file", None, False),
        ("ec2:RunInstances", "*", None, False),
    ],
)
def test_carlos_and_his_bucket(action, resource, policy, allowed):
    assert may(CARLOS, action, resource, policy) == allowed


def test_within_an_account_one_of_the_two_policies_is_enough():
    assert may(user(allow()), *READ)
    assert may(user(), *READ, document(allow(**to(USER))))
    assert not may(user(), *READ)


@pytest.mark.parametrize("who", [ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root"])
def test_an_account_that_is_named_leaves_it_to_its_own_policies(who):
    policy = document(allow(**to(who)))
    assert not may(user(), *READ, policy)
    assert not may(session(), *READ, policy)
    assert may(user(allow()), *READ, policy)


def test_a_denial_anywhere_outweighs_all():
    whole = document(allow(**to(SESSION)))
    assert may(session(allow(), policy=document(allow())), *READ, whole)
    assert not may(session(allow(), deny()), *READ, whole)
    assert not may(session(allow(), policy=document(allow(), deny())), *READ, whole)
    for who in ("*", ACCOUNT, ROLE, SESSION):
        denied = document(allow(**to(SESSION)), deny(**to(who)))
        assert not may(session(allow()), *READ, denied)


def test_a_session_policy_limits_what_the_role_may():
    narrow = document(allow("s3:GetObject"))
    assert may(session(allow(), policy=narrow), *READ)
    assert not may(session(allow(), policy=narrow), "s3:PutObject", "arn:aws:s3:::b/k")
    assert not may(session(policy=narrow), *READ)


def test_a_session_policy_limits_what_a_resource_gives_the_role_but_not_what_it_gives_the_session():
    narrow = document(allow("s3:ListBucket"))
    assert may(session(), *READ, document(allow(**to(ROLE))))
    assert not may(session(policy=narrow), *READ, document(allow(**to(ROLE))))
    assert may(session(policy=narrow), *READ, document(allow(**to(SESSION))))


@pytest.mark.parametrize(
    ("caller", "policy", "allowed"),
    [
        (user(allow()), None, False),
        (user(), document(allow(**to(USER))), False),
        (user(allow()), document(allow(**to(USER))), True),
        (user(allow()), document(allow(**to(ACCOUNT))), True),
        (user(allow()), document(allow(**to("*"))), True),
        (user(allow()), document(allow(**to(OTHER))), False),
        (
            session(allow(), policy=document(allow("s3:PutObject"))),
            document(allow(**to(ROLE))),
            False,
        ),
    ],
)
def test_across_accounts_both_have_to_allow_it(caller, policy, allowed):
    assert may(caller, *READ, policy, owner=OTHER) == allowed


def test_nobody_in_particular_has_what_everybody_has():
    assert may(ANONYMOUS, *READ, document(allow(**to("*"))))
    assert not may(ANONYMOUS, *READ, document(allow(**to(ACCOUNT))))
    assert not may(ANONYMOUS, *READ)


def test_another_role_of_a_like_name_is_not_named():
    policy = document(allow(**to(f"{ROLE}er")))
    assert not may(session(), *READ, policy)
    other = replace(session(), account=OTHER)
    assert not may(other, *READ, document(allow(**to(ACCOUNT))))


WRITTEN_ONCE = document(  # the documentation's policy against writes without a condition
    deny(
        "s3:PutObject",
        "arn:aws:s3:::b/*",
        **to("*"),
        Condition={
            "Null": {"s3:if-none-match": "true"},
            "Bool": {"s3:ObjectCreationOperation": "true"},
        },
    )
)


@pytest.mark.parametrize(
    ("context", "allowed"),
    [
        ({"s3:ObjectCreationOperation": "true"}, False),
        ({"s3:ObjectCreationOperation": "true", "s3:if-none-match": "*"}, True),
        ({"s3:ObjectCreationOperation": "false"}, True),
    ],
)
def test_a_bucket_that_is_written_once(context, allowed):
    assert (
        may(session(allow()), "s3:PutObject", "arn:aws:s3:::b/k", WRITTEN_ONCE, **context)
        == allowed
    )


@pytest.mark.parametrize(
    ("caller", "policy", "why"),
    [
        (session(), None, "because no identity-based policy allows the s3:GetObject action"),
        (session(deny()), None, "with an explicit deny in an identity-based policy"),
        (
            session(allow(), policy=document(allow("s3:PutObject"))),
            None,
            "because no session policy allows the s3:GetObject action",
        ),
        (
            session(allow(), policy=document(deny())),
            None,
            "with an explicit deny in a session policy",
        ),
        (
            session(allow()),
            document(deny(**to("*"))),
            "with an explicit deny in a resource-based policy",
        ),
        (ANONYMOUS, None, "because no resource-based policy allows the s3:GetObject action"),
    ],
)
def test_the_reason_is_in_the_words_of_aws(caller, policy, why):
    assert objection(caller, Question(*READ), ACCOUNT, policy) == why


def test_what_cannot_be_judged_is_refused():
    policy = document({"Effect": "Deny", "NotPrincipal": {"AWS": ROLE}, "Action": "s3:*",
                       "Resource": "*"})  # fmt: skip
    with pytest.raises(UnknownOperatorError, match="NotPrincipal"):
        may(session(allow()), *READ, policy)
