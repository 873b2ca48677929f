"""Images in ECR: whether SageMaker can run one, and the tag that one gets when it can.

An image of the kit's is pushed without its tag, which it gets once it is checked. An image of the
user's own is checked where it is.
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
    """Give the image that was `pushed`, a digest, its tag, once SageMaker can take it.

    Returns the bytes of its layers (manifests.layer_sizes); raises ImageError where SageMaker can
    not. An OCI image is put again as Docker's: of the same parts.
    """
    with session.explained(f"checking the image {repository}@{pushed}"):
        manifest = _docker_manifest(aws, repository, pushed)
        place = EcrRepository(aws.account, repository)
        # The platform is checked though the kit has built it: the configuration that says it is
        # fetched for the layers' sizes anyway.
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
            why="It accepts only a manifest of Docker's version 2 schema 2, for linux/amd64.",
            do="Build with gzip layers for linux/amd64, without attestations.",
        )
    return docker


def find_released(aws: Aws, project: Project, own: str) -> dict[str, str]:
    """Find the digests of the release images that a deployment needs, by their tags.

    They are the training image, where the model is trained on one of the kit's, and, unless the
    user has an `own` one, the inference image. One that is not there is left out.
    """
    needed = [] if own else [project.inference_image]
    if isinstance(project, TrainedProject) and not project.training.image:
        needed.append(project.training_image)
    return ecr.find_digests(aws, RELEASE, [context.tag for context in needed]) if needed else {}


def require_inference(aws: Aws, project: Project, own: str, released: Mapping[str, str]) -> str:
    """Return the URI, by digest, of the user's `own` inference image or, without one, of the kit's.

    `released` is what find_released has found. Raises MissingStepError where the handler has not
    been compiled.
    """
    if own:
        return require_servable(aws, own)
    context = project.inference_image
    if context.tag not in released:
        raise ecr.no_image(context, "compile-handler")
    return ecr.uri(aws, f"{RELEASE}@{released[context.tag]}")


def require_own_training(aws: Aws, uri: str) -> str:
    """Return the user's own training image, by digest, as require_servable does."""
    return require_servable(aws, uri, _OWN_TRAINING)


def why_not_derived(aws: Aws, own: str) -> str:
    """Say why the user's own training image is not built FROM the kit's; nothing: it is.

    The kit's is an image of RELEASE, which no pull request writes. A label, which all images
    inherit, only says which; the layers prove it (manifests.why_not_derived).
    """
    _, _, settings = _look_at(aws, own, _OWN_TRAINING)
    key = str(_labels(settings).get(KEY_LABEL))
    kits = _released_training(aws, key) if re.fullmatch("[0-9a-f]{64}", key) else None
    if kits is None:
        return f"Its label {KEY_LABEL} does not name a training image in {RELEASE}."
    return manifests.why_not_derived(settings, kits)


def which_products_lack(aws: Aws, own: str, matlab: MatlabSection) -> str:
    """Say which of matlab.products the user's own training image lacks; nothing: it says of none.

    Its label says what it has, which it has from the kit's image. A job installs the rest itself.
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
        f"training.image lacks {', '.join(lacking)}, as its label {PRODUCTS_LABEL} says. Each job "
        "installs that first, in billed time, or fails where it cannot."
    )


HOLD_PRODUCTS = (
    "Without training.image, let a merge build the kit's image with these matlab.products; then "
    "build yours FROM that."
)


def _labels(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    return (settings.get("config") or {}).get("Labels") or {}


_OWN_TRAINING = "training.image"
KEY_LABEL, PRODUCTS_LABEL = "matlab-sagemaker.key", "matlab-sagemaker.products"
DERIVE = (
    f"Build it FROM the kit's training image in {RELEASE}, without an ENTRYPOINT or a USER of its "
    "own. Continue PATH at its end, leave the kit's other variables as they are, and set no LD_…, "
    "PYTHON… or MATLAB…; a proxy belongs in training.environment."
)


def _released_training(aws: Aws, key: str) -> dict[str, Any] | None:
    """Read the configuration of the kit's training image with this key; None: there is none."""
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
    """Return an image that the user names, by digest; raise ImageError unless SageMaker takes it.

    Looked at are the kind of its manifest and its platform: SageMaker itself refuses the first only
    when the model is made, and the second when the container does not start.
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
    """Return the repository's address and its name, and what identifies the image in it."""
    named, at, sha = uri.partition("@")
    host, _, path = named.partition("/")
    name, _, tag = path.partition(":")
    image: ImageIdentifierTypeDef = {"imageDigest": sha} if at else {"imageTag": tag or "latest"}
    return f"{host}/{name}", name, image


def _account(aws: Aws, address: str, repository: str, uri: str, named: str) -> str:
    """Return whose repository it is; raise ImageError for one that is not in ECR, of this Region.

    Another account's is as good: whether this one may read it, its policy decides.
    """
    amazon = _ECR.match(address)
    if amazon and amazon["region"] == aws.region:
        return amazon["account"]
    # A registry that stands in for ECR has a name of its own (AWS_ENDPOINT_URL).
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
            why=f"It accepts only {manifests.DOCKER_MANIFEST}: not OCI's manifest, and not an "
            "index.",
            do="Push it with `docker buildx build --platform linux/amd64 --provenance=false "
            "--sbom=false --output type=image,oci-mediatypes=false,push=true`.",
        )
    return found[0]["imageManifest"]


class EcrRepository(NamedTuple):
    """A repository of ECR: whose it is, and its name."""

    account: str
    name: str


def require_platform(
    aws: Aws, repository: EcrRepository, manifest: str, uri: str
) -> dict[str, Any]:
    """Return the configuration that `manifest` names; raise ImageError unless it suits SageMaker.

    `uri` is what the image is called.
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
            why=f"Its instances are {manifests.PLATFORM}.",
            do=f"Build it with `--platform {manifests.PLATFORM}`.",
        )
    return settings


def _config(url: str, named: str) -> bytes:
    """Fetch what ECR's download address gives, once its digest is `named`."""
    for pause_s in (0, 1, 2):
        time.sleep(pause_s)
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 (ECR's own address)
                data = bytes(answer.read())
        except (OSError, HTTPException) as error:
            why = str(error)
        else:
            if digest.sha256(data) == named:
                return data
            why = f"It gave {len(data)} bytes whose digest is not {named}."
    raise UnreachableError(
        "ECR's download address does not give the image's configuration.",
        why=why,
        do="Check the network between this machine and ECR, for example a proxy, and run again.",
    )
