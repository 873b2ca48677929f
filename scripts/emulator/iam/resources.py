"""Looks up the account and the policy of a resource.

Only the policies of buckets and ECR repositories, and the trust policies of roles, are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.ecr.models import ecr_backends
from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends
from moto.s3.models import s3_backends
from moto.secretsmanager.models import secretsmanager_backends

if TYPE_CHECKING:
    from moto.s3.models import FakeBucket

    from emulator.cloud import Scope


def owner(resource: str, caller: str) -> str:
    """Return the account that owns a resource; the caller's, if it does not exist yet."""
    if resource.startswith("arn:") and resource.split(":")[2] == "s3":
        found = bucket(resource)
        return found.account_id if found else caller
    parts = resource.split(":", 5)
    return parts[4] if len(parts) == 6 and parts[4] else caller


def policy(resource: str) -> Any:
    """Return the policy of a resource, as text or parsed; None if it has none."""
    service, region, account, name = _parts(resource)
    if service == "s3":
        found = bucket(resource)
        return found.policy if found else None
    if service == "ecr" and name.startswith("repository/"):
        repositories = ecr_backends[account][region].repositories
        repository = repositories.get(name.partition("/")[2])
        return repository.policy if repository else None
    return None


def trust(role_arn: str) -> Any:
    """Return a role's trust policy; None if the role does not exist."""
    _, _, account, _ = _parts(role_arn)
    try:
        role = iam_backends[account][role_arn.split(":")[1]].get_role_by_arn(role_arn)
    except NotFoundException:
        return None
    return role.assume_role_policy_document


def bucket(resource: str) -> FakeBucket | None:
    """Find the bucket of an ARN; as on AWS, its name is unique across all accounts."""
    name = resource.split(":", 5)[5].partition("/")[0]
    partition, account = s3_backends.bucket_accounts.get(name, ("", ""))
    return s3_backends[account][partition].buckets.get(name) if account else None


def is_there(object_arn: str) -> bool:
    """Whether an object exists."""
    found = bucket(object_arn)
    key = object_arn.split(":", 5)[5].partition("/")[2]
    return found is not None and key in found.keys


def secret(resource: str, scope: Scope) -> str:
    """Complete the ARN of a secret that is given by a part of it."""
    secrets = secretsmanager_backends[scope.account][scope.region].secrets
    found = secrets.get(resource) or secrets.get(resource.partition(":secret:")[2])
    return found.arn if found else resource


def _parts(resource: str) -> tuple[str, str, str, str]:
    if not resource.startswith("arn:"):
        return "", "", "", resource
    _, _, service, region, account, name = resource.split(":", 5)
    return service, region, account, name
