"""Downloads code from S3 with the job's role. Like token_secret.py, it uses boto3."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3
from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

from contract import find_region

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class DownloadError(Exception):
    """S3 refused or could not be reached."""


def download(uri: str, target: Path, environ: Mapping[str, str]) -> None:
    """Store the object at an S3 URI as `target`. Raises DownloadError."""
    place = urlsplit(uri)
    try:
        client = boto3.client("s3", region_name=find_region(environ))
        client.download_file(place.netloc, place.path.lstrip("/"), str(target))
    except (Boto3Error, BotoCoreError, ClientError) as error:
        raise DownloadError(str(error)) from error
