"""What an image in ECR was made for: its configuration tells, which its manifest names."""

from __future__ import annotations

import json
import urllib.request
from typing import TYPE_CHECKING, Any, NamedTuple

from matlab_sagemaker.errors import AwsError, ImageError
from matlab_sagemaker.images import manifests

if TYPE_CHECKING:
    from matlab_sagemaker.aws.session import Aws


class Repository(NamedTuple):
    """A repository of ECR: whose it is, and its name."""

    account: str
    name: str


def require(aws: Aws, repository: Repository, manifest: str, uri: str) -> dict[str, Any]:
    """Return the configuration that `manifest` names; raise ImageError unless it suits SageMaker.

    `uri` is what the image is called.
    """
    config = json.loads(manifest)["config"]["digest"]
    url = aws.ecr.get_download_url_for_layer(
        registryId=repository.account, repositoryName=repository.name, layerDigest=config
    )
    settings: dict[str, Any] = json.loads(_fetched(url["downloadUrl"]))
    platform = f"{settings.get('os')}/{settings.get('architecture')}"
    if platform != manifests.PLATFORM:
        raise ImageError(
            f"SageMaker does not run the image {uri}: it is made for {platform}.",
            why=f"Its instances are {manifests.PLATFORM}.",
            do=f"Build it with `--platform {manifests.PLATFORM}`.",
        )
    return settings


def _fetched(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 (ECR's own address)
            return bytes(answer.read())
    except OSError as error:
        raise AwsError("ECR's download address does not answer.", why=str(error)) from error
