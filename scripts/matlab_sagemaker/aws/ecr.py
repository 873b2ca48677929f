"""ECR: finds repositories and images, logs in, and pushes through the registry's API."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from matlab_sagemaker import digest
from matlab_sagemaker.aws import manifests, session
from matlab_sagemaker.errors import AwsError, ImageError, MissingStepError
from matlab_sagemaker.project.build_context import RELEASE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mypy_boto3_ecr.type_defs import ImageDetailTypeDef, RepositoryTypeDef

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.project.build_context import BuildContext


_PART = 10 * 1024 * 1024  # bytes; ECR takes parts of 5 MiB to 10 MiB; the last may be smaller
UNCHECKED = "unchecked-"
"""The prefix of the temporary tag under which Docker pushes an image, since it needs a tag.

Only these tags can move to another image. Nothing uses them: after the push, the kit names the
image by its digest.
"""


def find(aws: Aws, repositories: Sequence[str], tag: str) -> str | None:
    """Find an image by tag in the first repository that has it; return its URI with the digest.

    None if there is no such image; raises MissingStepError if a repository does not exist.
    """
    image = find_digest(aws, repositories, tag)
    return uri(aws, image) if image else None


def find_digest(aws: Aws, repositories: Sequence[str], tag: str) -> str | None:
    """Find an image as `find` does; return its name without the registry: `repository@sha256:…`."""
    for repository in repositories:
        if found := find_digests(aws, repository, [tag]).get(tag):
            return f"{repository}@{found}"
    return None


def uri(aws: Aws, image: str) -> str:
    """Put the address of this account's registry before an image, `repository@sha256:…`."""
    repository, _, found = image.partition("@")
    return f"{require_repository(aws, repository)}@{found}"


def find_digests(aws: Aws, repository: str, tags: Sequence[str]) -> dict[str, str]:
    """Find the digest of each tag that exists in the repository; one call if all of them do."""
    try:
        found = session.find(
            f"looking for the image {repository}:{' or :'.join(tags)}",
            ("ImageNotFoundException",),
            aws.ecr.describe_images,
            repositoryName=repository,
            imageIds=[{"imageTag": tag} for tag in tags],
        )
    except AwsError as error:
        said = error.__cause__
        if isinstance(said, ClientError) and session.code(said) == "RepositoryNotFoundException":
            raise _no_repository(aws, repository) from error
        raise
    if not found and len(tags) > 1:  # ECR answers with an error if only one of them is missing
        return {k: v for tag in tags for k, v in find_digests(aws, repository, [tag]).items()}
    images = found["imageDetails"] if found else []
    return {tag: image["imageDigest"] for image in images for tag in image["imageTags"]}


def require_image(
    aws: Aws, context: BuildContext, maker: str, repositories: Sequence[str] = (RELEASE,)
) -> str:
    """Find the image made from `context`; return its URI with the digest.

    Raises MissingStepError if ECR does not have it; the message says to run the step `maker`.
    """
    found = find(aws, repositories, context.tag)
    if found is None:
        raise no_image(context, maker, repositories)
    return found


def no_image(
    context: BuildContext, maker: str, repositories: Sequence[str] = (RELEASE,)
) -> MissingStepError:
    """Make the error for an image that ECR does not have."""
    return MissingStepError(
        f"There is no {context.purpose} image {' or '.join(repositories)}:{context.tag}.",
        why="It has not been built from these files in this account and Region. It would "
        f"contain {context.holds}.",
        do=f"Run {maker} first.",
    )


def newest(aws: Aws, repositories: Sequence[str], purpose: str) -> list[str]:
    """List the names of the few newest images for a purpose, the newest first."""
    found = [
        (image["imagePushedAt"], f"{address}:{tag}")
        for repository in repositories
        for address in [require_repository(aws, repository)]
        for image in _images(aws, repository)
        for tag in image.get("imageTags", [])
        if tag.startswith(f"{purpose}-")
    ]
    return [name for _, name in sorted(found, reverse=True)[:_A_FEW]]


def _images(aws: Aws, repository: str) -> list[ImageDetailTypeDef]:
    pages = aws.ecr.get_paginator("describe_images").paginate(
        repositoryName=repository, filter={"tagStatus": "TAGGED"}
    )
    found = session.read_pages(f"looking for images in {repository}", pages)
    return [image for page in found for image in page["imageDetails"]]


_A_FEW = 5  # not one: all projects of an account share a repository, with different base images


def push_blobs(aws: Aws, repository: str, blobs: Iterable[bytes], manifest: str) -> str:
    """Push a folder image's blobs and its manifest, without a tag; return its digest.

    Raises ImageError on AWS, since only the emulator can run a folder image.
    """
    _refuse_on_amazon(aws)
    with session.explained(f"pushing an image to {repository}"):
        for blob in blobs:
            _push_blob(aws, repository, blob)
        return put(aws, repository, manifest)


def login(aws: Aws) -> tuple[str, str]:
    """Get user and password for the registry, valid for 12 hours."""
    with session.explained("asking ECR for a login"):
        answer = aws.ecr.get_authorization_token()
    token = answer["authorizationData"][0]["authorizationToken"]
    user, _, password = base64.b64decode(token).decode().partition(":")
    return user, password


def put(aws: Aws, repository: str, manifest: str, tag: str = "") -> str:
    """Put an image's manifest, with the tag if one is given; return its digest.

    It also succeeds if the image is there already, or if another run has just given it this tag.
    """
    name = digest.sha256(manifest.encode())
    tagged = {"imageTag": tag} if tag else {}
    try:
        aws.ecr.put_image(
            repositoryName=repository,
            imageManifest=manifest,
            imageManifestMediaType=manifests.DOCKER_MANIFEST,
            imageDigest=name,
            **tagged,
        )
    except ClientError as error:
        if session.code(error) not in _THERE:
            raise
    return name


_THERE = ("ImageAlreadyExistsException", "ImageTagAlreadyExistsException")


def _refuse_on_amazon(aws: Aws) -> None:
    """Refuse before anything is sent: on SageMaker the job would fail, but be billed."""
    host = urlsplit(aws.ecr.meta.endpoint_url).hostname or ""
    if host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws")):
        raise ImageError(
            "A folder image cannot be pushed to Amazon ECR.",
            why="It contains no operating system, so only the emulator can run it.",
            do="Build with Docker (builder: docker), or set AWS_ENDPOINT_URL to the emulator.",
        )


def _push_blob(aws: Aws, repository: str, blob: bytes) -> None:
    """Push one blob; start again if ECR rejects a part or no longer knows the upload.

    That happens after a lost answer: ECR takes no part twice and forgets a completed upload.
    """
    for attempt in range(_UPLOADS):
        try:
            return _upload(aws, repository, blob)
        except ClientError as error:
            if session.code(error) == "LayerAlreadyExistsException":
                return None
            if session.code(error) not in _CONFUSED or attempt == _UPLOADS - 1:
                raise
    return None


_UPLOADS = 3  # attempts for one blob
_CONFUSED = ("InvalidLayerPartException", "UploadNotFoundException")


def _upload(aws: Aws, repository: str, blob: bytes) -> None:
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
    aws.ecr.complete_layer_upload(
        repositoryName=repository, uploadId=upload, layerDigests=[digest.sha256(blob)]
    )


def find_repository(aws: Aws, repository: str) -> str | None:
    """Find the repository's address (registry/name), or None if it does not exist."""
    found = _described(aws, repository)
    return found["repositoryUri"] if found else None


def _described(aws: Aws, repository: str) -> RepositoryTypeDef | None:
    found = session.find(
        f"looking for the repository {repository}",
        ("RepositoryNotFoundException",),
        aws.ecr.describe_repositories,
        repositoryNames=[repository],
    )
    return found["repositories"][0] if found else None


def require_repository(aws: Aws, repository: str) -> str:
    """Find the address of one of the kit's repositories; raise MissingStepError if missing."""
    address = find_repository(aws, repository)
    if address is None:
        raise _no_repository(aws, repository)
    return address


def require_rules(aws: Aws, repository: str) -> str:
    """Find a repository's address; raise a KitError if it is missing or its tags can be moved."""
    found = _described(aws, repository)
    if found is None:
        raise _no_repository(aws, repository)
    moving = [each["filter"] for each in found.get("imageTagMutabilityExclusionFilters", [])]
    if (found["imageTagMutability"], moving) != ("IMMUTABLE_WITH_EXCLUSION", [f"{UNCHECKED}*"]):
        raise ImageError(
            f"The ECR repository {repository} does not have the tag settings that the kit needs.",
            why="Tags must be immutable, so that nobody can replace an image. Only the tags "
            f"{UNCHECKED}… must be able to move: Docker pushes each image under one.",
            do=f"Run `aws ecr put-image-tag-mutability --repository-name {repository} "
            "--image-tag-mutability IMMUTABLE_WITH_EXCLUSION "
            "--image-tag-mutability-exclusion-filters "
            f"filterType=WILDCARD,filter={UNCHECKED}*` (scripts/setup/aws.yml sets this).",
        )
    return found["repositoryUri"]


def _no_repository(aws: Aws, repository: str) -> MissingStepError:
    return MissingStepError(
        f"There is no ECR repository {repository} in {aws.region} of this account.",
        why="No step creates it, so no step needs the permission to.",
        do="Create it with scripts/setup/aws.yml: in each account and Region, one stack needs "
        "ImageRepositories=true.",
    )
