"""ECR: is an image there, and push one through the registry's own API."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from matlab_sagemaker import digest
from matlab_sagemaker.aws import repositories, session
from matlab_sagemaker.errors import ImageError
from matlab_sagemaker.images import manifests

if TYPE_CHECKING:
    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.images.folder import FolderImage

_PART = 10 * 1024 * 1024  # bytes; ECR takes parts of 5 MiB to 10 MiB, and a smaller last one


@dataclass(frozen=True)
class Image:
    """An image in ECR, named by digest."""

    uri: str


def find(aws: Aws, repository: str, tag: str) -> Image | None:
    """Return the image with this tag, or None; the repository need not exist."""
    address = repositories.find(aws, repository)
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


def newest(aws: Aws, repository: str, engine: str) -> list[str]:
    """Return the tags of the newest images for `engine`, a few, the newest first."""
    with session.explained(f"looking for images in {repository}"):
        pages = aws.ecr.get_paginator("describe_images").paginate(
            repositoryName=repository, filter={"tagStatus": "TAGGED"}
        )
        found = [
            (image["imagePushedAt"], tag)
            for page in pages
            for image in page["imageDetails"]
            for tag in image.get("imageTags", [])
            if tag.startswith(f"{engine}-")
        ]
    return [tag for _, tag in sorted(found, reverse=True)[:_A_FEW]]


_A_FEW = 5  # all projects of an account share a repository: the newest may have another base


def push_folder(aws: Aws, repository: str, tag: str, image: FolderImage) -> None:
    """Push a folder image; an image that another run has pushed meanwhile is as good."""
    _refuse_on_amazon(aws)
    repositories.require(aws, repository)
    with session.explained(f"pushing {repository}:{tag}"):
        for blob in (image.layer, image.config):
            _push_blob(aws, repository, blob)
        put(aws, repository, tag, image.manifest.decode())


def login(aws: Aws) -> tuple[str, str]:
    """Return user and password of the registry, good for 12 hours."""
    with session.explained("asking ECR for a login"):
        answer = aws.ecr.get_authorization_token()
    token = answer["authorizationData"][0]["authorizationToken"]
    user, _, password = base64.b64decode(token).decode().partition(":")
    return user, password


def put(aws: Aws, repository: str, tag: str, manifest: str) -> None:
    """Give the image of `manifest` its tag; one that has it already is as good."""
    try:
        aws.ecr.put_image(
            repositoryName=repository,
            imageManifest=manifest,
            imageManifestMediaType=manifests.DOCKER_MANIFEST,
            imageTag=tag,
        )
    except ClientError as error:
        if session.code(error) not in _THERE:
            raise


_THERE = ("ImageAlreadyExistsException", "ImageTagAlreadyExistsException")


def _refuse_on_amazon(aws: Aws) -> None:
    """Refuse before anything is sent: on SageMaker the job would fail, after it was billed."""
    host = urlsplit(aws.ecr.meta.endpoint_url).hostname or ""
    if host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws")):
        raise ImageError(
            "A folder image cannot be pushed to Amazon ECR.",
            why="It holds no operating system: only the emulator can run it.",
            do="Build with Docker (builder: docker), or set AWS_ENDPOINT_URL to the emulator's.",
        )


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
