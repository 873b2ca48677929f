"""IAM: who we are to it, whom a role trusts, and what a principal may do. It asks, and no more."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from matlab_sagemaker import permissions
from matlab_sagemaker.aws import session
from matlab_sagemaker.errors import MissingStepError, NotAllowedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matlab_sagemaker.aws.session import Aws


def caller(aws: Aws) -> str:
    """Return the ARN under which AWS knows us; a session's where we have assumed a role."""
    with session.explained("asking AWS who we are"):
        return aws.session.client("sts").get_caller_identity()["Arn"]


def trust(aws: Aws, role: str) -> Any:
    """Return a role's trust policy; raise MissingStepError where the role is not there."""
    with _looking(f"looking at the role {role}"):
        try:
            answer = aws.iam.get_role(RoleName=role.rpartition("/")[2])["Role"]
        except ClientError as error:
            if session.code(error) != "NoSuchEntity":
                raise
            answer = None
        if answer is None or answer["Arn"] != role:
            raise MissingStepError(
                f"There is no role {role}.",
                do="Make it with scripts/setup/aws.yml (README, from zero), or name another: the "
                "execution role with aws.role in sagemaker.yml, that of a step with --principal.",
            )
    return answer["AssumeRolePolicyDocument"]


def principal(aws: Aws, arn: str) -> str:
    """Return the user or role that `arn` is or, being a session, is one of."""
    kind, _, name = arn.rpartition(":")[2].partition("/")
    if kind in ("role", "user") and ":iam:" in arn:
        return arn
    if kind != "assumed-role":
        raise NotAllowedError(f"IAM simulates roles and users; {arn} is neither.")
    role = name.partition("/")[0]
    with _looking(f"looking at the role {role}"):
        return aws.iam.get_role(RoleName=role)["Role"]["Arn"]  # a session's ARN lacks its path


def denied(aws: Aws, arn: str, actions: Sequence[str], resource: str) -> set[str]:
    """Return those of `actions` that the policies of a role or user do not allow on `resource`."""
    context = {k: v for a in actions for k, v in permissions.CONTEXT.get(a, {}).items()}
    pages = aws.iam.get_paginator("simulate_principal_policy").paginate(
        PolicySourceArn=arn,
        ActionNames=list(actions),
        ResourceArns=[resource],
        ContextEntries=[
            {"ContextKeyName": k, "ContextKeyValues": [v], "ContextKeyType": "string"}
            for k, v in context.items()
        ],
    )
    with _looking(f"simulating the policies of {arn}"):
        return {
            result["EvalActionName"]
            for page in pages
            for result in page["EvaluationResults"]
            if result["EvalDecision"] != "allowed"
        }


@contextlib.contextmanager
def _looking(doing: str) -> Iterator[None]:
    """Turn a refusal into NotAllowedError: the steps themselves do not need what was asked."""
    with session.explained(doing):
        try:
            yield
        except ClientError as error:
            if session.code(error) not in session.DENIED:
                raise
            raise NotAllowedError(f"not allowed: {session.message(error)}") from error
