"""Layer uploads: parts arrive in order, and the result must have the digest in the request."""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING, Any

from moto.ecr import models
from moto.ecr.exceptions import InvalidLayerPartException, UploadNotFoundException

from .errors import (
    EmptyUploadException,
    InvalidLayerException,
    LayerAlreadyExistsException,
)

if TYPE_CHECKING:
    from pathlib import Path

    from .store import Store

_PART_BYTES = 10 << 20


class Uploads(models.ECRBackend):
    """The part of a registry that accepts blobs."""

    __module__ = models.__name__

    def __init__(self, region_name: str, account_id: str, *, store: Store, parts: Path) -> None:
        super().__init__(region_name, account_id)
        self.store = store
        self._parts = parts
        self._uploads: dict[str, Path] = {}

    def initiate_layer_upload(
        self, repository_name: str, registry_id: str | None = None
    ) -> dict[str, Any]:
        """Begin an upload."""
        self._get_repository(repository_name, registry_id)
        upload = str(uuid.uuid4())
        self._uploads[upload] = self._parts / f"{upload}.part"
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
        """Complete an upload: store the blob under the digest of its bytes."""
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
        known = digest in repository.layers
        self.store.keep(repository_name, digest, path)
        if known:
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

    def _upload(self, upload: str, repository: str, registry: str | None) -> Path:
        if upload not in self._uploads:
            raise UploadNotFoundException(upload, repository, registry or self.account_id)
        return self._uploads[upload]


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return f"sha256:{digest.hexdigest()}"
