"""IAM's simulation of a role's and a user's policies, through boto3."""

import json

import pytest
from botocore.exceptions import ClientError

from helpers.emulator.clients import TRUST


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


@pytest.fixture
def role(aws):
    name = aws.name("role")
    answer = aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    return answer["Role"]


def simulate(aws, arn, actions, resources=(), **context):
    entries = [
        {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}
        for key, value in context.items()
    ]
    pages = aws.iam.get_paginator("simulate_principal_policy").paginate(
        PolicySourceArn=arn,
        ActionNames=actions,
        ContextEntries=entries,
        **({"ResourceArns": list(resources)} if resources else {}),
    )
    return {
        (result["EvalActionName"], result["EvalResourceName"]): result["EvalDecision"]
        for page in pages
        for result in page["EvaluationResults"]
    }


def test_a_role_without_policies_may_do_nothing(aws, role):
    assert simulate(aws, role["Arn"], ["s3:GetObject"]) == {("s3:GetObject", "*"): "implicitDeny"}


def test_each_action_is_judged_on_each_resource(aws, role):
    policy = document(allow("s3:Get*", "arn:aws:s3:::a/*"), allow("s3:Put*", "arn:aws:s3:::b/*"))
    aws.iam.put_role_policy(RoleName=role["RoleName"], PolicyName="own", PolicyDocument=policy)
    found = simulate(
        aws, role["Arn"], ["s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::a/x", "arn:aws:s3:::b/x"]
    )
    assert found == {
        ("s3:GetObject", "arn:aws:s3:::a/x"): "allowed",
        ("s3:GetObject", "arn:aws:s3:::b/x"): "implicitDeny",
        ("s3:PutObject", "arn:aws:s3:::a/x"): "implicitDeny",
        ("s3:PutObject", "arn:aws:s3:::b/x"): "allowed",
    }


def test_attached_policies_count_and_a_deny_outweighs_them(aws, role):
    name, own = aws.name("managed"), {"Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"}
    managed = aws.iam.create_policy(PolicyName=name, PolicyDocument=document(allow("s3:*")))
    aws.iam.attach_role_policy(RoleName=role["RoleName"], PolicyArn=managed["Policy"]["Arn"])
    aws.iam.put_role_policy(
        RoleName=role["RoleName"], PolicyName="own", PolicyDocument=document(own)
    )
    found = simulate(aws, role["Arn"], ["s3:GetObject", "s3:DeleteObject"])
    assert list(found.values()) == ["allowed", "explicitDeny"]


def test_a_condition_needs_its_context(aws, role):
    passed = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    policy = document(allow("iam:PassRole", Condition=passed))
    aws.iam.put_role_policy(RoleName=role["RoleName"], PolicyName="own", PolicyDocument=policy)
    arn = role["Arn"]
    for service, decision in (("sagemaker", "allowed"), ("ec2", "implicitDeny")):
        context = {"iam:PassedToService": f"{service}.amazonaws.com"}
        assert list(simulate(aws, arn, ["iam:PassRole"], **context).values()) == [decision]
    answer = aws.iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=["iam:PassRole"])
    (result,) = answer["EvaluationResults"]
    assert result["EvalDecision"] == "implicitDeny"
    assert result["MissingContextValues"] == ["iam:PassedToService"]


def test_a_user_has_the_policies_of_its_groups(aws):
    user, group = aws.name("user"), aws.name("group")
    arn = aws.iam.create_user(UserName=user)["User"]["Arn"]
    aws.iam.create_group(GroupName=group)
    aws.iam.put_group_policy(
        GroupName=group, PolicyName="g", PolicyDocument=document(allow("s3:Get*"))
    )
    assert list(simulate(aws, arn, ["s3:GetObject"]).values()) == ["implicitDeny"]
    aws.iam.add_user_to_group(GroupName=group, UserName=user)
    assert list(simulate(aws, arn, ["s3:GetObject"]).values()) == ["allowed"]


@pytest.mark.parametrize(
    ("arn", "code"),
    [
        ("arn:aws:iam::123456789012:role/nobody", "NoSuchEntity"),
        ("arn:aws:iam::123456789012:role/elsewhere/role", "NoSuchEntity"),
        ("arn:aws:sts::123456789012:assumed-role/role/session", "InvalidInput"),
    ],
)
def test_who_is_no_identity_is_refused(aws, arn, code):
    with pytest.raises(ClientError) as caught:
        simulate(aws, arn, ["s3:GetObject"])
    assert caught.value.response["Error"]["Code"] == code


def test_a_condition_that_cannot_be_judged_is_refused(aws, role):
    policy = document(allow("s3:*", Condition={"DateLessThan": {"s3:max-keys": "10"}}))
    aws.iam.put_role_policy(RoleName=role["RoleName"], PolicyName="own", PolicyDocument=policy)
    with pytest.raises(ClientError, match="DateLessThan"):
        simulate(aws, role["Arn"], ["s3:GetObject"])
