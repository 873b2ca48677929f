"""The MATLAB batch token: fetched when the job starts, and passed only to matlab-batch.

It is passed in the environment, and never appears in the job's description, a command line, a log
or the failure file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure import JobError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from token_secret import SecretError

TOKEN = "MLM_LICENSE_TOKEN"  # noqa: S105 (the variable's name, which matlab-batch reads)
SECRET = "MATLAB_SAGEMAKER_TOKEN_SECRET"  # noqa: S105 (the variable that names the secret)
SHORTEST_PART = 8  # characters; a shorter part of a token could occur in a log by chance

# By error code: why Secrets Manager did not return the secret, and what helps.
REASONS = {
    "AccessDeniedException": (
        "denied",
        "The job's training role may not read it.",
        "Allow the role secretsmanager:GetSecretValue on this secret, and kms:Decrypt if the "
        "secret is encrypted with your own key.",
    ),
    "DecryptionFailure": (
        "denied",
        "The job's training role may not use its encryption key.",
        "Allow the role kms:Decrypt on the key of this secret.",
    ),
    "ResourceNotFoundException": (
        "missing",
        "It does not exist in this account and Region, or it has no value.",
        "Store the token in it (build-training-image can do this), or correct "
        "matlab.batch_token_secret in sagemaker.yml.",
    ),
    "InvalidRequestException": (
        "missing",
        "It is scheduled for deletion, so it cannot be read.",
        "Restore it in Secrets Manager, or use another one in sagemaker.yml.",
    ),
    "Unreachable": (
        "network",
        "Secrets Manager cannot be reached from the container.",
        "EnableNetworkIsolation blocks all connections: turn it off. In a VPC without internet "
        "access, add an interface endpoint for Secrets Manager.",
    ),
    "NoCredentials": (
        "credentials",
        "The container has no credentials for the training role.",
        "EnableNetworkIsolation prevents that: turn it off. Otherwise check the job's role.",
    ),
}
OTHERWISE = ("refused", "Secrets Manager refused.", "Fix the cause, and start a new job.")


def fetch_token(environ: Mapping[str, str]) -> str | None:
    """Fetch the batch token from the secret that the job names; None if it names none.

    Raises JobError if the secret cannot be read.
    """
    name = environ.get(SECRET)
    if not name:
        return environ.get(TOKEN) or None
    try:
        from token_secret import SecretError, read_secret  # noqa: PLC0415 (Octave has no boto3)
    except ImportError as error:
        raise JobError(
            "sagemaker_training:licence:boto3",
            f"The batch token in {name} cannot be read: this image has no boto3.",
            f"{SECRET} names a secret in AWS Secrets Manager.",
            "Build the training image again.",
        ) from error
    try:
        token = read_secret(name, environ).strip()
    except SecretError as error:
        raise _not_read(name, error) from error
    if not token or any(character.isspace() for character in token) or token.startswith("{"):
        raise _no_token(name)
    return token


def _not_read(name: str, error: SecretError) -> JobError:
    kind, why, do = REASONS.get(error.code, OTHERWISE)
    return JobError(
        f"sagemaker_training:licence:{kind}",
        f"The MATLAB batch token could not be read from the secret {name}. {why}",
        f"AWS says: {error.code}: {error}",
        do,
    )


def _no_token(name: str) -> JobError:
    return JobError(
        "sagemaker_training:licence:content",
        f"The secret {name} does not contain a MATLAB batch token.",
        "Its value must be only the token, as plain text in one line: not empty, and not JSON.",
        "Store the token as the secret's plain text (build-training-image can do this).",
    )


def token_parts(token: str | None) -> list[str]:
    """List what must be masked: the token, and the parts of user@host::label::encoded."""
    if not token:
        return []
    parts = [part for part in token.split("::")[1:] if len(part) >= SHORTEST_PART]
    return [token, *parts]


def not_started(command: str, code: int, last_words: str) -> str:
    """Describe an engine that ended before MATLAB ran the job; MathWorks documents no details."""
    return (
        f"sagemaker_training:licence:notStarted: {command} ended with exit code {code} before "
        "MATLAB ran the training.\n"
        "The usual cause is the licence: the batch token has expired, was refused, or does not "
        "include an installed product; or MathWorks' services cannot be reached, for example with "
        "EnableNetworkIsolation.\n"
        "Store a new token in the secret (build-training-image can do this) and start a new job."
        f"\nIts last output:\n{last_words}"
    )
