"""The MATLAB batch token: fetched when the job starts, given to matlab-batch's environment alone.

It is never part of the job's description, a command line, a log or the failure file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from failure import JobError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from token_secret import SecretError

TOKEN = "MLM_LICENSE_TOKEN"  # noqa: S105 (the variable's name, which matlab-batch reads)
SECRET = "MATLAB_SAGEMAKER_TOKEN_SECRET"  # noqa: S105 (the variable that names the secret)
SHORTEST_PART = 8  # of a token, that nothing else in a log would contain

# Why Secrets Manager did not answer with the secret, and what helps; by the code of its error.
REASONS = {
    "AccessDeniedException": (
        "denied",
        "The training role, which the job runs as, may not read it.",
        "Allow the role secretsmanager:GetSecretValue on this secret, and kms:Decrypt if the "
        "secret is encrypted with a key of your own.",
    ),
    "DecryptionFailure": (
        "denied",
        "Its encryption key cannot be used with the training role, which the job runs as.",
        "Allow the role kms:Decrypt on the key of this secret.",
    ),
    "ResourceNotFoundException": (
        "missing",
        "There is no such secret, or it has no value, in this account and Region.",
        "Store the token in it (build-training-image does, when it is given one), or correct "
        "matlab.batch_token_secret in sagemaker.yml.",
    ),
    "InvalidRequestException": (
        "missing",
        "It is not in use: a secret that is scheduled for deletion cannot be read.",
        "Restore it in Secrets Manager, or name another one in sagemaker.yml.",
    ),
    "Unreachable": (
        "network",
        "Secrets Manager cannot be reached from the container.",
        "A job with EnableNetworkIsolation reaches nothing: turn it off. In a VPC without a way "
        "out, add an interface endpoint for Secrets Manager.",
    ),
    "NoCredentials": (
        "credentials",
        "The container has no credentials of the training role.",
        "A job with EnableNetworkIsolation gets none: turn it off. Otherwise check the job's role.",
    ),
}
OTHERWISE = ("refused", "Secrets Manager refused.", "Correct what it says, and start a new job.")


def fetch_token(environ: Mapping[str, str]) -> str | None:
    """Return the batch token of the secret that the job names; None when it names none.

    Raises JobError when the secret cannot be read, with what to do about it.
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
            f"{SECRET} asks for a secret of AWS Secrets Manager.",
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
        f"The secret {name} does not hold a MATLAB batch token.",
        "Its value must be the token alone, as plain text: neither empty, nor JSON, nor lines.",
        "Store the token as the secret's plain text (build-training-image does).",
    )


def token_parts(token: str | None) -> list[str]:
    """Return what must not be told: the token, and the parts of user@host::label::encoded."""
    if not token:
        return []
    parts = [part for part in token.split("::")[1:] if len(part) >= SHORTEST_PART]
    return [token, *parts]


def not_started(command: str, code: int, last_words: str) -> str:
    """Tell that the engine ended before MATLAB ran the job; nothing more precise is documented."""
    return (
        f"sagemaker_training:licence:notStarted: {command} ended with exit code {code} before "
        "MATLAB ran the training.\n"
        "Usually the licence is the cause: the batch token has expired, was refused, or lacks a "
        "product that is installed; or MathWorks' services cannot be reached, as in a job with "
        "EnableNetworkIsolation.\n"
        "Renew the token, store it in the secret (build-training-image does) and start a new job."
        f"\nIts last words:\n{last_words}"
    )
