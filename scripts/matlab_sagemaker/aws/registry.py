"""ECR: is an image there, and push one through the registry's own API."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from matlab_sagemaker import digest
from matlab_sagemaker.aws import platforms, session
from matlab_sagemaker.errors import ImageError
from matlab_sagemaker.images import manifests

if TYPE_CHECKING:
    from mypy_boto3_ecr.type_defs import ImageIdentifierTypeDef

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.images.folder import FolderImage

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
    require_repository(aws, repository)
    with session.explained(f"pushing {repository}:{tag}"):
        for blob in (image.layer, image.config):
            _push_blob(aws, repository, blob)
        _put(aws, repository, tag, image.manifest.decode())


def require_repository(aws: Aws, repository: str) -> str:
    """Return the repository's address; where it is not there, it is made, with immutable tags."""
    if address := find_repository(aws, repository):
        return address
    with session.explained(f"making the repository {repository}"):
        try:
            aws.ecr.create_repository(repositoryName=repository, imageTagMutability="IMMUTABLE")
        except ClientError as error:
            if session.code(error) != "RepositoryAlreadyExistsException":
                raise
        # An image in use has the tag of its content, which nobody takes away.
        aws.ecr.put_lifecycle_policy(repositoryName=repository, lifecyclePolicyText=_UNTAGGED_GO)
    address = find_repository(aws, repository)
    if address is None:
        raise ImageError(
            f"ECR does not show the repository {repository} just made.", do="Run again."
        )
    return address


_UNTAGGED_GO = json.dumps(
    {
        "rules": [
            {
                "rulePriority": 1,
                "description": "Images without any tag go after two weeks.",
                "selection": {
                    "tagStatus": "untagged",
                    "countType": "sinceImagePushed",
                    "countUnit": "days",
                    "countNumber": 14,
                },
                "action": {"type": "expire"},
            }
        ]
    }
)


def login(aws: Aws) -> tuple[str, str]:
    """Return user and password of the registry, good for 12 hours."""
    with session.explained("asking ECR for a login"):
        answer = aws.ecr.get_authorization_token()
    token = answer["authorizationData"][0]["authorizationToken"]
    user, _, password = base64.b64decode(token).decode().partition(":")
    return user, password


def unchecked(tag: str) -> str:
    """Return the tag under which an image waits to be checked; it is never used twice."""
    return f"unchecked-{tag}-{secrets.token_hex(4)}"


def accept(aws: Aws, repository: str, waiting: str, tag: str) -> None:
    """Give the image that waits as `waiting` its tag, once SageMaker can take it.

    Raises ImageError where it can not. An OCI image is put again as Docker's: of the same parts.
    """
    with session.explained(f"checking the image {repository}:{waiting}"):
        manifest = _docker_manifest(aws, repository, {"imageTag": waiting})
        platforms.require(aws, repository, manifest, f"{repository}:{tag}")
        _put(aws, repository, tag, manifest)
        aws.ecr.batch_delete_image(repositoryName=repository, imageIds=[{"imageTag": waiting}])


def discard(aws: Aws, repository: str, waiting: str) -> None:
    """Take away an image that waits and will not be accepted."""
    with session.explained(f"removing {repository}:{waiting}"):
        aws.ecr.batch_delete_image(repositoryName=repository, imageIds=[{"imageTag": waiting}])


def _docker_manifest(aws: Aws, repository: str, image: ImageIdentifierTypeDef) -> str:
    found = aws.ecr.batch_get_image(
        repositoryName=repository, imageIds=[image], acceptedMediaTypes=manifests.ACCEPTED
    )["images"]
    if not found:
        raise ImageError(f"ECR does not show the image {image} of {repository}.", do="Run again.")
    manifest, kind = found[0]["imageManifest"], found[0].get("imageManifestMediaType", "")
    if kind in manifests.INDEXES:
        digest_ = manifests.only_image(manifest)
        if digest_:
            return _docker_manifest(aws, repository, {"imageDigest": digest_})
    docker = manifest if kind == manifests.DOCKER_MANIFEST else None
    if kind == manifests.OCI_MANIFEST:
        docker = manifests.as_docker(manifest)
    if docker is None:
        raise ImageError(
            f"SageMaker takes no image of the kind {kind}.",
            why="It wants one manifest of Docker's version 2 schema 2, for linux/amd64.",
            do="Build with gzip layers for linux/amd64, without attestations.",
        )
    return docker


def _put(aws: Aws, repository: str, tag: str, manifest: str) -> None:
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
