"""The registry behind ECR's API: moto keeps the record of images, a store keeps their data."""

from __future__ import annotations

import hashlib
from typing import Any

from moto.ecr import models
from moto.ecr.exceptions import InvalidParameterException

from .errors import ImageDigestDoesNotMatchException
from .stored_images import add, move_tag, parsed, require_layers, stored
from .uploads import Uploads


class Registry(Uploads):
    """One region's registry. Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html."""

    __module__ = models.__name__

    def reset(self) -> None:
        """Forget everything."""
        for repository in self.repositories:
            self.store.drop(repository)
        self.__init__(  # type: ignore[misc]
            self.region_name, self.account_id, store=self.store, parts=self._parts
        )

    def create_repository(
        self, repository_name: str, *words: Any, **more: Any
    ) -> models.Repository:
        """Create a repository; its URI is where Docker finds it."""
        repository = super().create_repository(repository_name, *words, **more)
        if self.store.host is not None:
            repository.uri = f"{self.store.host}/{repository_name}"
        return repository

    def delete_repository(
        self, repository_name: str, registry_id: str | None = None, force: bool = False
    ) -> models.Repository:
        """Delete a repository."""
        repository = super().delete_repository(repository_name, registry_id, force)
        self.store.drop(repository_name)
        return repository

    def list_images(self, repository_name: str, *words: Any, **more: Any) -> list[models.Image]:
        """List images."""
        self._refresh(repository_name)
        return super().list_images(repository_name, *words, **more)

    def batch_get_image(self, repository_name: str, *words: Any, **more: Any) -> dict[str, Any]:
        """Return manifests."""
        self._refresh(repository_name)
        return super().batch_get_image(repository_name, *words, **more)

    def batch_delete_image(self, repository_name: str, *words: Any, **more: Any) -> dict[str, Any]:
        """Delete images, or only tags of images that have other tags."""
        self._refresh(repository_name)
        before = self._tags(repository_name)
        answer = super().batch_delete_image(repository_name, *words, **more)
        after = self._tags(repository_name)
        for digest, tags in before.items():
            if digest not in after:
                self.store.remove(repository_name, digest)
                continue
            for tag in tags - after[digest]:
                self.store.untag(repository_name, tag)
        return answer

    def put_image(
        self,
        repository_name: str,
        image_manifest: str,
        image_tag: str,
        image_manifest_mediatype: str | None = None,
        digest: str | None = None,
    ) -> models.Image:
        """Store a manifest whose blobs all exist, and tag it (None: no tag)."""
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
        self.store.put(repository_name, image_tag or actual, image_manifest, str(media_type))
        return stored(repository, actual) or add(
            repository, self.account_id, image_tag, image_manifest, str(media_type), actual
        )

    def _get_repository(self, name: str, registry_id: str | None = None) -> models.Repository:
        """Return a repository, updated with what was pushed to it."""
        self._refresh(name)
        return super()._get_repository(name, registry_id)

    def _refresh(self, name: str) -> None:
        if name in self.repositories:
            self.store.refresh(self.repositories[name])

    def _tags(self, name: str) -> dict[str, set[str]]:
        images = self.repositories[name].images if name in self.repositories else []
        return {image.image_digest: set(image.image_tags) for image in images}
