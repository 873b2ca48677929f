"""ECR: is an image there, and push one through the registry's own API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from matlab_sagemaker import digest, images
from matlab_sagemaker.aws import session
from matlab_sagemaker.errors import ImageError

if TYPE_CHECKING:
    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.images import FolderImage

_PART = 10 * 1024 * 1024  # bytes; ECR takes parts of 5 MiB to 10 MiB, and a smaller last one


@dataclass(frozen=True)
class Image:
    """An image in ECR, named by digest."""

    uri: str


def find(aws: Aws, repository: str, tag: str) -> Image | None:
    """Return the image with this tag, or None; the repository need not exist."""
    address = find_repository(aws, repository)
    if address is None:
        return None
    with session.explained(f"looking for the image {repository}:{tag}"):
        try:
            found = aws.ecr.describe_images(repositoryName=repository, imageIds=[{"imageTag": tag}])
        except ClientError as error:
            if session.code(error) == "ImageNotFoundException":
                return None
            raise
    return Image(f"{address}@{found['imageDetails'][0]['imageDigest']}")


def find_repository(aws: Aws, repository: str) -> str | None:
    """Return the address under which the repository's images are pulled, or None."""
    with session.explained(f"looking for the repository {repository}"):
        try:
            found = aws.ecr.describe_repositories(repositoryNames=[repository])
        except ClientError as error:
            if session.code(error) == "RepositoryNotFoundException":
                return None
            raise
    return found["repositories"][0]["repositoryUri"]


def push_folder(aws: Aws, repository: str, tag: str, image: FolderImage) -> None:
    """Push a folder image; an image that another run has pushed meanwhile is as good."""
    _refuse_on_amazon(aws)
    is_new = find_repository(aws, repository) is None
    with session.explained(f"pushing {repository}:{tag}"):
        if is_new:
            _create_repository(aws, repository)
        for blob in (image.layer, image.config):
            _push_blob(aws, repository, blob)
        try:
            aws.ecr.put_image(
                repositoryName=repository,
                imageManifest=image.manifest.decode(),
                imageManifestMediaType=images.MANIFEST,
                imageTag=tag,
            )
        except ClientError as error:
            if session.code(error) not in (
                "ImageAlreadyExistsException",
                "ImageTagAlreadyExistsException",
            ):
                raise


def _refuse_on_amazon(aws: Aws) -> None:
    """Refuse before anything is sent: on SageMaker the job would fail, after it was billed."""
    host = urlsplit(aws.ecr.meta.endpoint_url).hostname or ""
    if host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws")):
        raise ImageError(
            "A folder image cannot be pushed to Amazon ECR.",
            why="It holds no operating system: only the emulator can run it.",
            do="Set AWS_ENDPOINT_URL to the emulator's address (README, limits).",
        )


def _create_repository(aws: Aws, repository: str) -> None:
    try:
        aws.ecr.create_repository(repositoryName=repository, imageTagMutability="IMMUTABLE")
    except ClientError as error:
        if session.code(error) != "RepositoryAlreadyExistsException":
            raise


def _push_blob(aws: Aws, repository: str, blob: bytes) -> None:
    upload = aws.ecr.initiate_layer_upload(repositoryName=repository)["uploadId"]
    for start in range(0, len(blob), _PART):
        part = blob[start : start + _PART]
        aws.ecr.upload_layer_part(
            repositoryName=repository,
            uploadId=upload,
            partFirstByte=start,
            partLastByte=start + len(part) - 1,
            layerPartBlob=part,
        )
    try:
        aws.ecr.complete_layer_upload(
            repositoryName=repository, uploadId=upload, layerDigests=[digest.sha256(blob)]
        )
    except ClientError as error:
        if session.code(error) != "LayerAlreadyExistsException":
            raise
