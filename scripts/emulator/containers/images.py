"""Finds images by URI in the emulator's registry; subclasses make them ready to run."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from emulator.cloud import Cloud, Scope
from emulator.errors import PlatformError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.ecr.store import Store

    from .interface import PulledImage

_ECR = r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?"
_IMAGE = r"/(?P<repository>[a-z0-9._/-]+?)(:(?P<tag>[\w.-]+))?(@(?P<digest>sha256:[a-f0-9]{64}))?"


_NOT_SEEN = {"RepositoryNotFoundException", "AccessDeniedException"}
"""Error codes that mean a missing image: for SageMaker, also one that the role may not read."""


class ImageNotFoundError(Exception):
    """The image does not exist; ``missing_repository`` is set if the repository does not either."""

    def __init__(self, uri: str, *, name: str | None = None, account: str | None = None) -> None:
        super().__init__(uri)
        self.uri = uri
        self.missing_repository = name
        self.account = account


class InvalidUriError(ImageNotFoundError):
    """The text is not an image URI of this registry."""


@dataclass(frozen=True, kw_only=True)
class FoundImage:
    """An image in the registry."""

    uri: str
    resolved_uri: str
    """The URI with the digest."""
    media_type: str
    manifest: Mapping[str, Any]
    digest: str


class Images(ABC):
    """The images of the registry."""

    def __init__(self, cloud: Cloud, store: Store) -> None:
        self._cloud = cloud
        self._store = store

    @abstractmethod
    def pull(self, uri: str, scope: Scope, role: str) -> PulledImage:
        """Make an image ready to run; raises PlatformError if that fails."""

    def find(self, uri: str, scope: Scope, role: str) -> FoundImage:
        """Find an image by tag or digest, with a role's permissions; raises ImageNotFoundError."""
        where, match = self._place(uri, scope)
        repository = match["repository"]
        ecr = self._cloud.acting_as(scope, role).ecr(where)
        image_id = {"imageDigest": match["digest"]} if match["digest"] else {}
        image_id = image_id or {"imageTag": match["tag"] or "latest"}
        try:
            answer: Any = ecr.batch_get_image(
                registryId=where.account,
                repositoryName=repository,
                imageIds=[image_id],  # type: ignore[list-item]
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in _NOT_SEEN:
                raise
            raise ImageNotFoundError(uri, name=repository, account=where.account) from error
        if not answer["images"]:
            raise ImageNotFoundError(uri)
        image = answer["images"][0]
        digest = image["imageId"]["imageDigest"]
        return FoundImage(
            uri=uri,
            resolved_uri=f"{uri.partition('/')[0]}/{repository}@{digest}",
            media_type=image["imageManifestMediaType"],
            manifest=json.loads(image["imageManifest"]),
            digest=digest,
        )

    def architecture(self, image: FoundImage) -> str:
        """Read the architecture that an image is built for, by Docker's name."""
        return str(self._configuration(image).get("architecture", "unknown"))

    def _place(self, uri: str, scope: Scope) -> tuple[Scope, re.Match[str]]:
        """Find the account and Region of an image; a real registry's host name has neither."""
        host = _ECR if self._store.host is None else re.escape(self._store.host)
        match = re.fullmatch(host + _IMAGE, uri)
        if match is None:
            raise InvalidUriError(uri)
        if self._store.host is not None:
            return scope, match
        return Scope(match["account"], match["region"]), match

    def _configuration(self, image: FoundImage) -> dict[str, Any]:
        blob = self._store.blob(image.manifest["config"]["digest"])
        configuration: dict[str, Any] = json.loads(blob.read_bytes())
        return configuration

    def _found(self, uri: str, scope: Scope, role: str) -> FoundImage:
        """Find an image in order to run it; raises PlatformError."""
        try:
            image = self.find(uri, scope, role)
        except ImageNotFoundError as error:
            raise cannot_pull(uri, "it is not in the registry") from error
        cloud = self._cloud.acting_as(scope, role)
        if cloud is not self._cloud:
            self._ask_for_layers(image, scope, cloud)
        return image

    def _ask_for_layers(self, image: FoundImage, scope: Scope, cloud: Cloud) -> None:
        """Send a pull's requests to ECR with the role; the blobs are already on this machine."""
        where, match = self._place(image.uri, scope)
        ecr, digest = cloud.ecr(where), image.manifest["config"]["digest"]
        named = {"registryId": where.account, "repositoryName": match["repository"]}
        try:
            ecr.get_authorization_token()
            ecr.batch_check_layer_availability(layerDigests=[digest], **named)
            ecr.get_download_url_for_layer(layerDigest=digest, **named)
        except ClientError as error:  # these calls do not find a real registry's layers
            if error.response["Error"]["Code"] == "AccessDeniedException":
                raise cannot_pull(image.uri, str(error)) from error


def cannot_pull(uri: str, cause: str) -> PlatformError:
    """Make SageMaker's error for a failed pull. Source: https://github.com/aws/sagemaker-python-sdk/issues/1968."""
    return PlatformError(
        "ClientError: Cannot pull algorithm container. Either the image does not exist or its "
        f"permissions are incorrect. ({uri}: {cause})"
    )
