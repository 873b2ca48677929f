"""An image of the user's own: whether SageMaker can serve it, asked of ECR beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    repository, image = _parted(uri)
    address = repositories.find(aws, repository) if repository else None
    if address is None or not uri.startswith(address):
        raise ImageError(
            f"There is no image {uri} in this account and Region.",
            why="SageMaker pulls images from ECR, of the Region that it runs in.",
            do="Push it there, or correct the input 'image'.",
        )
    with session.explained(f"looking at the image {uri}"):
        manifest = _require_docker_manifest(aws, repository, image, uri)
        platforms.require(aws, repository, manifest, uri)
    return registry.Image(f"{address}@{digest.sha256(manifest.encode())}")


def _parted(uri: str) -> tuple[str, ImageIdentifierTypeDef]:
    """Return the repository's name and what identifies the image in it."""
    address, at, sha = uri.partition("@")
    path = address.partition("/")[2]
    name, _, tag = path.partition(":")
    return (name, {"imageDigest": sha}) if at else (name, {"imageTag": tag or "latest"})


def _require_docker_manifest(
    aws: Aws, repository: str, image: ImageIdentifierTypeDef, uri: str
) -> str:
    found = aws.ecr.batch_get_image(
        repositoryName=repository, imageIds=[image], acceptedMediaTypes=manifests.ACCEPTED
    )["images"]
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
