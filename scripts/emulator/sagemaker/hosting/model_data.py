"""Downloads model data to /opt/ml/model; errors have SageMaker's messages."""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from emulator import storage
from emulator.errors import PlatformError

if TYPE_CHECKING:
    from pathlib import Path

    from mypy_boto3_s3 import S3Client

_CONTAINER = 'container "container_1" from URL'


def fetch(s3: S3Client, uri: str | None, folder: Path) -> None:
    """Unpack an archive, or download a prefix that ends in /; raises PlatformError.

    Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
    """
    if uri is None:
        return
    try:
        if uri.endswith("/"):
            storage.download_prefix(s3, uri, folder)
        else:
            storage.download_archive(s3, uri, folder)
    except (ClientError, BotoCoreError) as error:
        raise PlatformError(
            f'Failed to download model data for {_CONTAINER}: "{uri}". Please ensure that there is '
            "an object located at the URL and that the role passed to CreateModel has permissions "
            "to download the object."
        ) from error
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise PlatformError(
            f'Failed to extract model data archive for {_CONTAINER} "{uri}". Please ensure that '
            "the object located at the URL is a valid tar.gz archive."
        ) from error
