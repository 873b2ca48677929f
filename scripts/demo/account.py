"""The emulated account: the execution role, which on AWS somebody makes once for a team."""

from __future__ import annotations

import json
from pathlib import Path

import boto3

REGION = "eu-west-1"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "demo",
    "AWS_SECRET_ACCESS_KEY": "demo",  # the emulator asks for none; boto3 signs with something
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
}


def environment(url: str) -> dict[str, str]:
    """Return the variables by which a process finds the emulated AWS, and nothing of a real one."""
    nowhere = str(Path(__file__).parent / "none")  # the caller's own AWS profiles stay out of this
    return {
        **CREDENTIALS,
        "AWS_ENDPOINT_URL": url,
        "AWS_CONFIG_FILE": nowhere,
        "AWS_SHARED_CREDENTIALS_FILE": nowhere,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


ROLE = "matlab-sagemaker-execution"
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
    """Make the execution role, unless it is there."""
    iam = boto3.client(
        "iam",
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )
    try:
        iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(_TRUST))
    except iam.exceptions.EntityAlreadyExistsException:
        return
