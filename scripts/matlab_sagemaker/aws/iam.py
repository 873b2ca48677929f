"""IAM: reads who we are, whether a role exists, and what a role or user may do."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Literal

from botocore.exceptions import ClientError

from matlab_sagemaker.aws import session
from matlab_sagemaker.errors import MissingStepError, NotAllowedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from matlab_sagemaker.aws.session import Aws


def caller(aws: Aws) -> str:
    """Ask AWS for our ARN: that of the session if we have assumed a role."""
    with session.explained("asking AWS who we are"):
        return aws.session.client("sts").get_caller_identity()["Arn"]


def require_role(aws: Aws, role: str) -> None:
    """Raise MissingStepError if there is no role with this ARN."""
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
                do="Create it with scripts/setup/aws.yml (the kit's docs/getting-started.md), "
                "or use another: set aws.training_role and aws.serving_role in sagemaker.yml for "
                "jobs and endpoints, and --principal for a step.",
            )


def principal(aws: Aws, arn: str) -> str:
    """Return the ARN of the user or role behind `arn`, which may be a session's."""
    kind, _, name = arn.rpartition(":")[2].partition("/")
    if kind in ("role", "user") and ":iam:" in arn:
        return arn
    if kind != "assumed-role":
        raise NotAllowedError(f"IAM can simulate only roles and users; {arn} is neither.")
    role = name.partition("/")[0]
    with _looking(f"looking at the role {role}"):
        return aws.iam.get_role(RoleName=role)["Role"]["Arn"]  # a session's ARN has no path


def denied(
    aws: Aws, arn: str, actions: Sequence[str], resource: str, context: Mapping[str, str]
) -> set[str]:
    """Ask IAM which `actions` the policies of a role or user do not allow on `resource`.

    `context` holds the request's condition keys; several values are separated by commas.
    """
    pages = aws.iam.get_paginator("simulate_principal_policy").paginate(
        PolicySourceArn=arn,
        ActionNames=list(actions),
        ResourceArns=[resource],
        ContextEntries=[
            {
                "ContextKeyName": key,
                "ContextKeyValues": value.split(","),
                "ContextKeyType": _KINDS.get(key, "string"),
            }
            for key, value in context.items()
        ],
    )
    with _looking(f"simulating the policies of {arn}"):
        return {
            result["EvalActionName"]
            for page in pages
            for result in page["EvaluationResults"]
            if result["EvalDecision"] != "allowed"
        }


_KINDS: dict[str, Literal["numeric", "stringList"]] = {
    "sagemaker:InstanceTypes": "stringList",
    "sagemaker:VpcSubnets": "stringList",
    "sagemaker:VpcSecurityGroupIds": "stringList",
    "sagemaker:MaxRuntimeInSeconds": "numeric",
}


@contextlib.contextmanager
def _looking(doing: str) -> Iterator[None]:
    """Turn a refusal into NotAllowedError: no step needs these requests to succeed."""
    with session.explained(doing):
        try:
            yield
        except ClientError as error:
            if session.code(error) not in session.DENIED:
                raise
            raise NotAllowedError(f"not allowed: {session.message(error)}") from error
