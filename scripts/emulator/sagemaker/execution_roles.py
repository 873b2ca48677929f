"""Execution roles: each request checks them in IAM, and containers assume them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from emulator.cloud import Cloud, Scope
from emulator.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping

_PRINCIPAL = "sagemaker.amazonaws.com"


def check_role(cloud: Cloud, scope: Scope, arn: str) -> None:
    """Check that SageMaker may assume the role; raises SageMaker's ValidationError if not.

    Source: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
    """
    iam = cloud.iam(Scope(_account(arn) or scope.account, scope.region))
    try:
        role = iam.get_role(RoleName=arn.rpartition("/")[2])["Role"]
    except iam.exceptions.NoSuchEntityException as error:
        raise _not_assumable(arn) from error
    trust: Any = role["AssumeRolePolicyDocument"]
    if role["Arn"] != arn or not _trusts(trust):
        raise _not_assumable(arn)


def role_environment(cloud: Cloud, scope: Scope, arn: str) -> dict[str, str]:
    """Return variables that make AWS clients in a container use its role and this emulator.

    On SageMaker, a credentials endpoint provides these instead.
    """
    credentials = cloud.credentials(scope, arn)
    return {
        "AWS_REGION": scope.region,
        "AWS_DEFAULT_REGION": scope.region,
        "AWS_ENDPOINT_URL": cloud.url,
        "AWS_ACCESS_KEY_ID": credentials["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": credentials["SecretAccessKey"],
        "AWS_SESSION_TOKEN": credentials["SessionToken"],
    }


def _account(arn: str) -> str:
    return arn.split(":")[4]


def _trusts(document: Mapping[str, Any] | str) -> bool:
    policy = json.loads(document) if isinstance(document, str) else document
    statements = policy.get("Statement", [])
    if isinstance(statements, dict):
        statements = [statements]
    return any(s.get("Effect") == "Allow" and _PRINCIPAL in _services(s) for s in statements)


def _services(statement: Mapping[str, Any]) -> list[str]:
    principal = statement.get("Principal", {})
    if principal == "*":
        return [_PRINCIPAL]
    services = principal.get("Service", [])
    return [services] if isinstance(services, str) else services


def _not_assumable(arn: str) -> ValidationError:
    return ValidationError(
        f"Could not assume role {arn}. Please ensure that the role exists and allows "
        f"principal '{_PRINCIPAL}' to assume the role."
    )
