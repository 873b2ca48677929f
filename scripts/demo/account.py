"""The emulated account: the roles and image repositories that on AWS a person creates once."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from demo import template

if TYPE_CHECKING:
    from mypy_boto3_ecr import ECRClient

REGION = "eu-west-1"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "demo",
    "AWS_SECRET_ACCESS_KEY": "demo",  # the emulator accepts any; boto3 needs one to sign
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
}


def environment(url: str) -> dict[str, str]:
    """Return the variables that make a process use the emulated AWS and never a real account."""
    nowhere = str(Path(__file__).parent / "none")  # hides the caller's own AWS profiles
    return {
        **CREDENTIALS,
        "AWS_ENDPOINT_URL": url,
        "AWS_CONFIG_FILE": nowhere,
        "AWS_SHARED_CREDENTIALS_FILE": nowhere,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


ROLES = {  # the roles of jobs and endpoints, with their resource in the template
    "matlab-sagemaker-training": "TrainingRole",
    "matlab-sagemaker-serving": "ServingRole",
}
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "sagemaker.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


def set_up(url: str) -> None:
    """Create the roles of jobs and endpoints with the template's policies, and the repositories."""
    iam = boto3.client("iam", **_access(url))
    for role, name in ROLES.items():
        with contextlib.suppress(iam.exceptions.EntityAlreadyExistsException):
            iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(_TRUST))
        for policy, document in template.policies(name).items():
            words = {"RoleName": role, "PolicyName": policy}
            iam.put_role_policy(**words, PolicyDocument=json.dumps(document))
    make_repositories(boto3.client("ecr", **_access(url)))


def make_repositories(ecr: ECRClient) -> None:
    """Create the image repositories of the template."""
    for asked in template.repositories():
        name, filters = asked["RepositoryName"], asked["ImageTagMutabilityExclusionFilters"]
        with contextlib.suppress(ecr.exceptions.RepositoryAlreadyExistsException):
            ecr.create_repository(
                repositoryName=name,
                imageTagMutability=asked["ImageTagMutability"],
                imageTagMutabilityExclusionFilters=[
                    {
                        "filterType": each["ImageTagMutabilityExclusionFilterType"],
                        "filter": each["ImageTagMutabilityExclusionFilterValue"],
                    }
                    for each in filters
                ],
            )
        policy = asked["LifecyclePolicy"]["LifecyclePolicyText"]
        ecr.put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=policy)


def _access(url: str) -> dict[str, Any]:
    return {
        "endpoint_url": url,
        "region_name": REGION,
        "aws_access_key_id": CREDENTIALS["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    }
