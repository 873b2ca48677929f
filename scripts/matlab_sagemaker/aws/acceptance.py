"""An image waits under a tag of its own until it is checked; then it gets its tag.

A run that is killed in between leaves the waiting tag behind; a later one that accepts an image
takes it away.
"""

from __future__ import annotations

import contextlib
import re
import secrets
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from matlab_sagemaker.aws import platforms, registry, session
from matlab_sagemaker.errors import AwsError, ImageError
from matlab_sagemaker.images import manifests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_ecr.type_defs import ImageIdentifierTypeDef, ImageTypeDef

    from matlab_sagemaker.aws.session import Aws


def unchecked(tag: str) -> str:
    """Return the tag under which an image waits to be checked; it is never used twice."""
    return f"unchecked-{tag}-{secrets.token_hex(4)}"


@contextlib.contextmanager
def discarding(aws: Aws, repository: str, waiting: str) -> Iterator[None]:
    """Take the image that waits away again where the block, which pushes and accepts it, fails.

    The failure, or the cancellation, stays what is told.
    """
    try:
        yield
    except BaseException:
        with contextlib.suppress(AwsError):  # the next run that accepts does it then
            discard(aws, repository, waiting)
        raise


def accept(aws: Aws, repository: str, waiting: str, tag: str) -> dict[str, int]:
    """Give the image that waits as `waiting` its tag, once SageMaker can take it.

    Returns the bytes of its layers (manifests.layer_sizes); raises ImageError where SageMaker can
    not. An OCI image is put again as Docker's: of the same parts.
    """
    with session.explained(f"checking the image {repository}:{waiting}"):
        # A run beside this one may have made the same, and tidied up.
        accepted = not _found(aws, repository, {"imageTag": waiting}) and registry.find(
            aws, repository, tag
        )
        manifest = _docker_manifest(aws, repository, {"imageTag": tag if accepted else waiting})
        place = platforms.Repository(aws.account, repository)
        settings = platforms.require(aws, place, manifest, f"{repository}:{tag}")
        if not accepted:
            registry.put(aws, repository, tag, manifest)
            _tidy(aws, repository)
    return manifests.layer_sizes(manifest, settings)


def discard(aws: Aws, repository: str, waiting: str) -> None:
    """Take away an image that waits and will not be accepted."""
    with session.explained(f"removing {repository}:{waiting}"):
        aws.ecr.batch_delete_image(repositoryName=repository, imageIds=[{"imageTag": waiting}])


def _tidy(aws: Aws, repository: str) -> None:
    """Take away every waiting tag that no run waits for: killed runs leave some."""
    pages = aws.ecr.get_paginator("describe_images").paginate(repositoryName=repository)
    pushed = {
        tag: image["imagePushedAt"]
        for page in pages
        for image in page["imageDetails"]
        for tag in image.get("imageTags", [])
    }
    old = datetime.now(timezone.utc) - _LONGEST_WAIT
    over = sorted(
        tag
        for tag, since in pushed.items()
        if (match := _WAITING.fullmatch(tag)) and (match[1] in pushed or since < old)
    )
    for start in range(0, len(over), _AT_ONCE):
        aws.ecr.batch_delete_image(
            repositoryName=repository,
            imageIds=[{"imageTag": tag} for tag in over[start : start + _AT_ONCE]],
        )


_LONGEST_WAIT = timedelta(days=1)  # no job of GitHub's waits as long as that for a check
_WAITING = re.compile(r"unchecked-(.+)-[0-9a-f]{8}")
_AT_ONCE = 100  # ECR's limit for a call


def _docker_manifest(aws: Aws, repository: str, image: ImageIdentifierTypeDef) -> str:
    found = _found(aws, repository, image)
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


def _found(aws: Aws, repository: str, image: ImageIdentifierTypeDef) -> list[ImageTypeDef]:
    answer = aws.ecr.batch_get_image(
        repositoryName=repository, imageIds=[image], acceptedMediaTypes=manifests.ACCEPTED
    )
    return answer["images"]
