"""Checks whether SageMaker can run an image in ECR, and tags the kit's images that pass.

The kit's images are pushed without their final tag and get it only after this check. A user's own
image is checked whenever a step uses it.
"""

from __future__ import annotations

import json
import re
import time
import urllib.request
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from matlab_sagemaker import digest
from matlab_sagemaker.aws import ecr, manifests, session
from matlab_sagemaker.errors import ImageError, UnreachableError
from matlab_sagemaker.project.build_context import RELEASE, products_of
from matlab_sagemaker.project.content import TrainedProject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_ecr.type_defs import ImageIdentifierTypeDef

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.project.config import MatlabSection
    from matlab_sagemaker.project.content import Project


def accept(aws: Aws, repository: str, pushed: str, tag: str) -> dict[str, int]:
    """Tag the image with the digest `pushed`, if SageMaker can run it; else raise ImageError.

    Returns its layers' sizes in bytes (manifests.layer_sizes). If the image has an OCI manifest, a
    Docker manifest for the same layers is added, and that is tagged.
    """
    with session.explained(f"checking the image {repository}@{pushed}"):
        manifest = _docker_manifest(aws, repository, pushed)
        place = EcrRepository(aws.account, repository)
        # The kit has built it for the right platform, but checking costs nothing: the configuration
        # is needed for the layers' sizes anyway.
        settings = require_platform(aws, place, manifest, f"{repository}:{tag}")
        ecr.put(aws, repository, manifest, tag)
    return manifests.layer_sizes(manifest, settings)


def _docker_manifest(aws: Aws, repository: str, pushed: str) -> str:
    found = aws.ecr.batch_get_image(
        repositoryName=repository,
        imageIds=[{"imageDigest": pushed}],
        acceptedMediaTypes=manifests.ACCEPTED,
    )["images"]
    if not found:
        raise ImageError(f"ECR does not show the image {pushed} of {repository}.", do="Run again.")
    manifest, kind = found[0]["imageManifest"], found[0].get("imageManifestMediaType", "")
    if kind in manifests.INDEXES and (only := manifests.only_image(manifest)):
        return _docker_manifest(aws, repository, only)
    docker = manifest if kind == manifests.DOCKER_MANIFEST else None
    if kind == manifests.OCI_MANIFEST:
        docker = manifests.as_docker(manifest)
    if docker is None:
        raise ImageError(
            f"SageMaker does not accept images of the type {kind}.",
            why="It accepts only Docker manifests (version 2, schema 2) for linux/amd64.",
            do="Build with gzip layers for linux/amd64, without attestations.",
        )
    return docker


def find_released(aws: Aws, project: Project, own: str) -> dict[str, str]:
    """Find the kit's images that a deployment needs; return the digest of each one found by tag.

    These are the training image, if the model is trained on one of the kit's, and the inference
    image, unless the user has an `own` one.
    """
    needed = [] if own else [project.inference_image]
    if isinstance(project, TrainedProject) and not project.training.image:
        needed.append(project.training_image)
    return ecr.find_digests(aws, RELEASE, [context.tag for context in needed]) if needed else {}


def require_inference(aws: Aws, project: Project, own: str, released: Mapping[str, str]) -> str:
    """Return the URI of the inference image, with its digest: the user's `own`, or the kit's.

    `released` is the result of find_released. Raises MissingStepError if the handler has not been
    compiled.
    """
    if own:
        return require_servable(aws, own)
    context = project.inference_image
    if context.tag not in released:
        raise ecr.no_image(context, "compile-handler")
    return ecr.uri(aws, f"{RELEASE}@{released[context.tag]}")


def require_own_training(aws: Aws, uri: str) -> str:
    """Check the user's own training image as require_servable does; return its URI by digest."""
    return require_servable(aws, uri, _OWN_TRAINING)


def why_not_derived(aws: Aws, own: str) -> str:
    """Say why the user's own training image is not built FROM the kit's; empty if it is.

    The kit's image must be in RELEASE, where no pull request can write. An inherited label only
    says which image to compare with; the layers prove it (manifests.why_not_derived).
    """
    _, _, settings = _look_at(aws, own, _OWN_TRAINING)
    key = str(_labels(settings).get(KEY_LABEL))
    kits = _released_training(aws, key) if re.fullmatch("[0-9a-f]{64}", key) else None
    if kits is None:
        return f"Its label {KEY_LABEL} does not name a training image in {RELEASE}."
    return manifests.why_not_derived(settings, kits)


def which_products_lack(aws: Aws, own: str, matlab: MatlabSection) -> str:
    """Say which of matlab.products are not in the user's own training image; empty if all are.

    It reads the label that the image inherits from the kit's. Jobs install missing products.
    """
    if matlab.engine == "octave":
        return ""
    _, _, settings = _look_at(aws, own, _OWN_TRAINING)
    held = _labels(settings).get(PRODUCTS_LABEL)
    needed = () if held is None else products_of(matlab)
    lacking = [name for name in needed if name not in ("MATLAB", *str(held).split())]
    if not lacking:
        return ""
    return (
        f"training.image does not have {', '.join(lacking)}, according to its label "
        f"{PRODUCTS_LABEL}. Each job has to install that first, in billed time, and fails if it "
        "cannot."
    )


HOLD_PRODUCTS = (
    "Remove training.image and let a merge build the kit's image with these matlab.products; then "
    "build yours FROM that."
)


def _labels(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    return (settings.get("config") or {}).get("Labels") or {}


_OWN_TRAINING = "training.image"
KEY_LABEL, PRODUCTS_LABEL = "matlab-sagemaker.key", "matlab-sagemaker.products"
DERIVE = (
    f"Build it FROM the kit's training image in {RELEASE}. Do not set ENTRYPOINT, USER, or the "
    "variables LD_…, PYTHON… and MATLAB…; do not change the kit's other variables, except to add "
    "folders at the end of PATH. A proxy belongs in training.environment."
)


def _released_training(aws: Aws, key: str) -> dict[str, Any] | None:
    """Read the configuration of the kit's training image with this key; None if there is none."""
    tag = f"training-{key}"
    found = session.find(
        f"looking for the image {RELEASE}:{tag}",
        ("RepositoryNotFoundException",),
        aws.ecr.batch_get_image,
        repositoryName=RELEASE,
        imageIds=[{"imageTag": tag}],
        acceptedMediaTypes=[manifests.DOCKER_MANIFEST],
    )
    if not found or not found["images"]:
        return None
    place, manifest = EcrRepository(aws.account, RELEASE), found["images"][0]["imageManifest"]
    with session.explained(f"looking at the image {RELEASE}:{tag}"):
        return require_platform(aws, place, manifest, f"{RELEASE}:{tag}")


def require_servable(aws: Aws, uri: str, named: str = "the input 'image'") -> str:
    """Return the URI of a user's image, by digest; raise ImageError if SageMaker cannot run it.

    It checks manifest type and platform. SageMaker reports a wrong manifest only when the model is
    created, and a wrong platform only when the container does not start.
    """
    address, manifest, _ = _look_at(aws, uri, named)
    return f"{address}@{digest.sha256(manifest.encode())}"


def _look_at(aws: Aws, uri: str, named: str) -> tuple[str, str, dict[str, Any]]:
    """Read an image's address, manifest and configuration; raise ImageError as above."""
    address, repository, image = _parted(uri)
    place = EcrRepository(_account(aws, address, repository, uri, named), repository)
    with session.explained(f"looking at the image {uri}"):
        manifest = _require_docker_manifest(aws, place, image, uri, named)
        return address, manifest, require_platform(aws, place, manifest, uri)


def _parted(uri: str) -> tuple[str, str, ImageIdentifierTypeDef]:
    """Split an image's URI into the repository's address, its name, and tag or digest."""
    named, at, sha = uri.partition("@")
    host, _, path = named.partition("/")
    name, _, tag = path.partition(":")
    image: ImageIdentifierTypeDef = {"imageDigest": sha} if at else {"imageTag": tag or "latest"}
    return f"{host}/{name}", name, image


def _account(aws: Aws, address: str, repository: str, uri: str, named: str) -> str:
    """Read the account from a repository's address; raise ImageError if not ECR in this Region.

    It may be another account: that repository's policy decides whether we may read it.
    """
    amazon = _ECR.match(address)
    if amazon and amazon["region"] == aws.region:
        return amazon["account"]
    # A registry that replaces ECR, as in tests, has another address (see AWS_ENDPOINT_URL).
    if not amazon and repository and ecr.find_repository(aws, repository) == address:
        return aws.account
    raise ImageError(
        f"The image {uri} is not in ECR of the Region {aws.region}.",
        why="SageMaker pulls images from ECR in its own Region.",
        do=f"Push it there, or correct {named}.",
    )


# Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
_ECR = re.compile(r"(?P<account>[0-9]{12})\.dkr[.-]ecr(-fips)?\.(?P<region>[a-z0-9-]+)\.[a-z.]+/")


def _require_docker_manifest(
    aws: Aws, place: EcrRepository, image: ImageIdentifierTypeDef, uri: str, named: str
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
        raise ImageError(f"There is no image {uri}.", do=f"Correct {named}.")
    kind = found[0].get("imageManifestMediaType", "")
    if kind != manifests.DOCKER_MANIFEST:
        raise ImageError(
            f"SageMaker does not accept the image {uri}: its manifest is {kind}.",
            why=f"It accepts only {manifests.DOCKER_MANIFEST}, not an OCI manifest or an index.",
            do="Push it with `docker buildx build --platform linux/amd64 --provenance=false "
            "--sbom=false --output type=image,oci-mediatypes=false,push=true`.",
        )
    return found[0]["imageManifest"]


class EcrRepository(NamedTuple):
    """A repository in ECR: account and name."""

    account: str
    name: str


def require_platform(
    aws: Aws, repository: EcrRepository, manifest: str, uri: str
) -> dict[str, Any]:
    """Fetch the configuration that `manifest` names; raise ImageError for the wrong platform.

    `uri` names the image in error messages.
    """
    config = json.loads(manifest)["config"]["digest"]
    url = aws.ecr.get_download_url_for_layer(
        registryId=repository.account, repositoryName=repository.name, layerDigest=config
    )
    settings: dict[str, Any] = json.loads(_config(url["downloadUrl"], config))
    platform = f"{settings.get('os')}/{settings.get('architecture')}"
    if platform != manifests.PLATFORM:
        raise ImageError(
            f"SageMaker cannot run the image {uri}: it is built for {platform}.",
            why=f"Its instances need {manifests.PLATFORM}.",
            do=f"Build it with `--platform {manifests.PLATFORM}`.",
        )
    return settings


def _config(url: str, named: str) -> bytes:
    """Download an image's configuration from ECR's address, until its digest is `named`."""
    for pause_s in (0, 1, 2):
        time.sleep(pause_s)
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 (ECR's address)
                data = bytes(answer.read())
        except (OSError, HTTPException) as error:
            why = str(error)
        else:
            if digest.sha256(data) == named:
                return data
            why = f"The answer's {len(data)} bytes do not have the digest {named}."
    raise UnreachableError(
        "The image's configuration could not be downloaded from ECR.",
        why=why,
        do="Check the network between this machine and ECR, for example a proxy, and run again.",
    )
