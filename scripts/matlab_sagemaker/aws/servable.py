"""An image of the user's own: whether SageMaker can serve it, asked of ECR beforehand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from matlab_sagemaker import digest
from matlab_sagemaker.aws import platforms, registry, repositories, session
from matlab_sagemaker.errors import ImageError
from matlab_sagemaker.images import manifests

if TYPE_CHECKING:
    from mypy_boto3_ecr.type_defs import ImageIdentifierTypeDef

    from matlab_sagemaker.aws.session import Aws


def require_servable(aws: Aws, uri: str) -> registry.Image:
    """Return an image that the user names, by digest; raise ImageError unless SageMaker takes it.

    Looked at are the kind of its manifest and its platform: SageMaker itself refuses the first only
    when the model is made, and the second when the container does not start.
    """
    address, repository, image = _parted(uri)
    place = platforms.Repository(_account(aws, address, repository, uri), repository)
    with session.explained(f"looking at the image {uri}"):
        manifest = _require_docker_manifest(aws, place, image, uri)
        platforms.require(aws, place, manifest, uri)
    return registry.Image(f"{address}@{digest.sha256(manifest.encode())}")


def _parted(uri: str) -> tuple[str, str, ImageIdentifierTypeDef]:
    """Return the repository's address and its name, and what identifies the image in it."""
    named, at, sha = uri.partition("@")
    host, _, path = named.partition("/")
    name, _, tag = path.partition(":")
    image: ImageIdentifierTypeDef = {"imageDigest": sha} if at else {"imageTag": tag or "latest"}
    return f"{host}/{name}", name, image


def _account(aws: Aws, address: str, repository: str, uri: str) -> str:
    """Return whose repository it is; raise ImageError for one that is not in ECR, of this Region.

    Another account's is as good: whether this one may read it, its policy decides.
    """
    ecr = _ECR.match(address)
    if ecr and ecr["region"] == aws.region:
        return ecr["account"]
    # A registry that stands in for ECR has a name of its own (AWS_ENDPOINT_URL).
    if not ecr and repository and repositories.find(aws, repository) == address:
        return aws.account
    raise ImageError(
        f"The image {uri} is not in ECR of the Region {aws.region}.",
        why="SageMaker pulls images from ECR, of the Region that it runs in.",
        do="Push it there, or correct the input 'image'.",
    )


# Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
_ECR = re.compile(r"(?P<account>[0-9]{12})\.dkr[.-]ecr(-fips)?\.(?P<region>[a-z0-9-]+)\.[a-z.]+/")


def _require_docker_manifest(
    aws: Aws, place: platforms.Repository, image: ImageIdentifierTypeDef, uri: str
) -> str:
    try:
        found = aws.ecr.batch_get_image(
            registryId=place.account,
            repositoryName=place.name,
            imageIds=[image],
            acceptedMediaTypes=manifests.ACCEPTED,
        )["images"]
    except ClientError as error:
        if session.code(error) != "RepositoryNotFoundException":
            raise
        found = []
    if not found:
        raise ImageError(f"There is no image {uri}.", do="Correct the input 'image'.")
    kind = found[0].get("imageManifestMediaType", "")
    if kind != manifests.DOCKER_MANIFEST:
        raise ImageError(
            f"SageMaker does not take the image {uri}: its manifest is {kind}.",
            why=f"It takes {manifests.DOCKER_MANIFEST} alone: neither OCI's nor an index.",
            do="Push it with `docker buildx build --platform linux/amd64 --provenance=false "
            "--sbom=false --output type=image,oci-mediatypes=false,push=true`.",
        )
    return found[0]["imageManifest"]
