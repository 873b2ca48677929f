"""The registry behind ECR's API: keeps the blobs that moto drops, by their digests."""

from __future__ import annotations

import functools
import hashlib
import uuid
from typing import TYPE_CHECKING, Any

from moto.ecr import models
from moto.ecr.exceptions import (
    InvalidLayerPartException,
    InvalidParameterException,
    UploadNotFoundException,
)

from .registry_errors import (
    EmptyUploadException,
    ImageDigestDoesNotMatchException,
    InvalidLayerException,
    LayerAlreadyExistsException,
)
from .registry_images import add, move_tag, parsed, require_layers, stored

if TYPE_CHECKING:
    from pathlib import Path

_PART_BYTES = 10 << 20


class Registry(models.ECRBackend):
    """One region's registry. Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html."""

    __module__ = models.__name__

    def __init__(self, region_name: str, account_id: str, *, blobs: Path) -> None:
        super().__init__(region_name, account_id)
        self._blobs = blobs
        self._uploads: dict[str, Path] = {}

    def reset(self) -> None:
        """Forget everything."""
        self.__init__(self.region_name, self.account_id, blobs=self._blobs)  # type: ignore[misc]

    def initiate_layer_upload(
        self, repository_name: str, registry_id: str | None = None
    ) -> dict[str, Any]:
        """Begin an upload."""
        self._get_repository(repository_name, registry_id)
        upload = str(uuid.uuid4())
        self._uploads[upload] = self._blobs / f"{upload}.part"
        self._uploads[upload].touch()
        return {"uploadId": upload, "partSize": _PART_BYTES}

    def upload_layer_part(
        self,
        repository_name: str,
        upload_id: str,
        part_first_byte: int,
        part_last_byte: int,
        layer_part_blob: bytes,
        registry_id: str | None = None,
    ) -> dict[str, Any]:
        """Append a part; parts come in order."""
        path = self._upload(upload_id, repository_name, registry_id)
        received = path.stat().st_size
        account = registry_id or self.account_id
        promised = part_last_byte - part_first_byte + 1
        if part_first_byte != received or promised != len(layer_part_blob):
            raise InvalidLayerPartException(account, repository_name, upload_id, received - 1)
        with path.open("ab") as file:
            file.write(layer_part_blob)
        return {
            "registryId": account,
            "repositoryName": repository_name,
            "uploadId": upload_id,
            "lastByteReceived": part_last_byte,
        }

    def complete_layer_upload(
        self,
        repository_name: str,
        upload_id: str,
        layer_digests: list[str],
        registry_id: str | None = None,
    ) -> dict[str, Any]:
        """End an upload: the blob is stored under the digest of its bytes."""
        repository = self._get_repository(repository_name, registry_id)
        path = self._upload(upload_id, repository_name, registry_id)
        digest, size = _digest(path), path.stat().st_size
        if not size:
            raise EmptyUploadException(
                "The specified layer upload does not contain any layer parts."
            )
        if digest not in layer_digests:
            raise InvalidLayerException(
                f"The uploaded layer has the digest {digest}, which is not in {layer_digests}."
            )
        del self._uploads[upload_id]
        path.rename(self._blobs / digest.removeprefix("sha256:"))
        if digest in repository.layers:
            raise LayerAlreadyExistsException(
                f"Layer with digest '{digest}' already exists in the repository "
                f"with name '{repository_name}'."
            )
        repository.layers[digest] = size
        return {
            "registryId": repository.registry_id,
            "repositoryName": repository_name,
            "uploadId": upload_id,
            "layerDigest": digest,
        }

    def put_image(
        self,
        repository_name: str,
        image_manifest: str,
        image_tag: str,
        image_manifest_mediatype: str | None = None,
        digest: str | None = None,
    ) -> models.Image:
        """Store a manifest whose blobs are all there, and give it the tag (None: no tag)."""
        repository = self._get_repository(repository_name)
        manifest = parsed(image_manifest)
        media_type = image_manifest_mediatype or manifest.get("mediaType")
        if not media_type:
            raise InvalidParameterException(
                "image manifest mediatype not provided in manifest or parameter"
            )
        actual = f"sha256:{hashlib.sha256(image_manifest.encode()).hexdigest()}"
        if digest and digest != actual:
            raise ImageDigestDoesNotMatchException(
                f"Image digest does not match: expected {digest}, but got {actual}."
            )
        require_layers(repository, manifest)
        move_tag(repository, image_tag, actual)
        return stored(repository, actual) or add(
            repository, self.account_id, image_tag, image_manifest, str(media_type), actual
        )

    def _upload(self, upload: str, repository: str, registry: str | None) -> Path:
        if upload not in self._uploads:
            raise UploadNotFoundException(upload, repository, registry or self.account_id)
        return self._uploads[upload]


def install(blobs: Path) -> None:
    """Put this registry in the place of moto's; before the server starts."""
    blobs.mkdir(parents=True, exist_ok=True)
    make: Any = functools.partial(Registry, blobs=blobs)
    models.ecr_backends.backend = make


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return f"sha256:{digest.hexdigest()}"
