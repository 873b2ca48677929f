"""Reads a secret from AWS Secrets Manager with the job's role. Like download.py, it uses boto3.

Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotConnectedError

from contract import find_region

if TYPE_CHECKING:
    from collections.abc import Mapping

# A job without a network should fail after one minute, not after boto3's five.
PATIENCE = Config(
    connect_timeout=5, read_timeout=15, retries={"mode": "standard", "total_max_attempts": 3}
)
UNREACHABLE = "Unreachable"  # our own codes, in addition to those of Secrets Manager
NO_CREDENTIALS = "NoCredentials"


class SecretError(Exception):
    """Secrets Manager refused or could not be reached; `code` is its error code."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def read_secret(name: str, environ: Mapping[str, str]) -> str:
    """Read the secret with this name or ARN, as text. Raises SecretError."""
    try:
        client = boto3.client(
            "secretsmanager", region_name=secret_region(name, environ), config=PATIENCE
        )
        answer = client.get_secret_value(SecretId=name)
    except ClientError as error:
        fields = error.response["Error"]
        raise SecretError(fields["Code"], fields.get("Message") or str(error)) from error
    except (NotConnectedError, HTTPClientError) as error:
        raise SecretError(UNREACHABLE, str(error)) from error
    except BotoCoreError as error:  # no credentials or no Region, which SageMaker should provide
        raise SecretError(NO_CREDENTIALS, str(error)) from error
    return str(answer.get("SecretString", ""))


def secret_region(name: str, environ: Mapping[str, str]) -> str | None:
    """Find the Region of a secret: the one in its ARN, or else the job's."""
    parts = name.split(":")
    return parts[3] if len(parts) > 6 and parts[0] == "arn" else find_region(environ)
