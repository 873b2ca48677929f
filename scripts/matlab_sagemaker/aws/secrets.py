"""The batch token in Secrets Manager: checks that it exists, and stores it if asked to."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from matlab_sagemaker.aws import session
from matlab_sagemaker.errors import InputError, MissingStepError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_secretsmanager.type_defs import DescribeSecretResponseTypeDef

    from matlab_sagemaker.aws.session import Aws


def require(aws: Aws, secret: str) -> str:
    """Find the ARN of a secret that has a value, without reading the value."""
    found = find(aws, secret)
    require_value(secret, found)
    return found["ARN"]


def find(aws: Aws, secret: str) -> DescribeSecretResponseTypeDef:
    """Describe a secret, by its name or ARN; raise MissingStepError if there is none."""
    with session.explained(f"looking for the secret {secret}"):
        try:
            return aws.secrets.describe_secret(SecretId=secret)
        except ClientError as error:
            if session.code(error) != "ResourceNotFoundException":
                raise
            raise MissingStepError(
                f"There is no secret {secret} in Secrets Manager.",
                why="A training job reads MATLAB's batch token from it.",
                do="Create it, or run build-training-image with store-token (the kit's "
                "docs/images-and-licence.md).",
            ) from error


def require_value(secret: str, found: Mapping[str, object]) -> None:
    """Raise MissingStepError if a secret has no value yet, or is scheduled for deletion."""
    _refuse_deleted(secret, found)
    if not found.get("VersionIdsToStages"):
        raise MissingStepError(
            f"The secret {secret} holds no value.",
            why="A training job reads MATLAB's batch token from it.",
            do="Put the batch token into it: aws secretsmanager put-secret-value "
            f"--secret-id {secret} --secret-string file://token.txt",
        )


def _refuse_deleted(secret: str, found: Mapping[str, object]) -> None:
    if "DeletedDate" in found:
        raise MissingStepError(
            f"The secret {secret} is scheduled for deletion, so nobody can read it.",
            do=f"Restore it: aws secretsmanager restore-secret --secret-id {secret}",
        )


def require_storable(secret: str | None, token: str, variable: str) -> None:
    """Raise InputError unless there is a token (from `variable`) and a secret to store it in."""
    if not (token and secret):
        raise InputError(
            "Input 'store-token' is true, but the token or the name of the secret is missing.",
            do=f"Set {variable}, and matlab.batch_token_secret in sagemaker.yml.",
        )


def store(aws: Aws, secret: str, token: str, *, checked: bool) -> str:
    """Store the batch token; return a line for the log that says whether a build has checked it."""
    put(aws, secret, token)
    said = "." if checked else ", which was not checked: no image with MATLAB was built."
    return f"The secret {secret} contains the batch token{said}"


def put(aws: Aws, secret: str, token: str) -> None:
    """Make the batch token the secret's value, unless it is already; create a missing secret.

    The value is not read, which would need another permission: the version's id, made from the
    token, shows whether it is current. Raises MissingStepError if the secret is scheduled for
    deletion.
    """
    version = _version(secret, token)
    with session.explained(f"storing the batch token in the secret {secret}"):
        try:
            found = aws.secrets.describe_secret(SecretId=secret)
        except ClientError as error:
            if session.code(error) != "ResourceNotFoundException" or secret.startswith("arn:"):
                raise
            about = "MATLAB batch licensing token (matlab-sagemaker)"
            aws.secrets.create_secret(
                Name=secret, SecretString=token, Description=about, ClientRequestToken=version
            )
            return
        _refuse_deleted(secret, found)
        stages = found.get("VersionIdsToStages", {})
        if "AWSCURRENT" in stages.get(version, []):
            return
        # If an earlier token is stored again, it needs a new id: Secrets Manager ignores old ids.
        new = secrets.token_hex(32) if version in stages else version
        aws.secrets.put_secret_value(SecretId=secret, SecretString=token, ClientRequestToken=new)


def _version(secret: str, token: str) -> str:
    """Derive the id of the secret's version from the token: the same token has the same id."""
    return hashlib.sha256(f"{secret}\0{token}".encode()).hexdigest()


def arn(aws: Aws, secret: str) -> str:
    """Return a secret's ARN without the six characters that Secrets Manager adds at its end."""
    place = f"arn:{aws.partition}:secretsmanager:{aws.region}:{aws.account}:secret"
    return secret if secret.startswith("arn:") else f"{place}:{secret}-000000"
