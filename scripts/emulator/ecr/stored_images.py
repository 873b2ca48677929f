"""The record of images in the registry's repositories: manifests, tags and digests, not layers."""

from __future__ import annotations

import fnmatch
import json
from typing import Any

from moto.ecr import models
from moto.ecr.exceptions import ImageAlreadyExistsException, InvalidParameterException

from .errors import ImageTagAlreadyExistsException, LayersNotFoundException


class StoredImage(models.Image):
    """An image with the digest of its manifest's bytes and the size of its layers."""

    __module__ = models.__name__  # moto derives the service from it

    def get_image_size_in_bytes(self) -> int | None:
        """Add up the sizes of the compressed layers and the configuration, in bytes."""
        manifest = json.loads(self.image_manifest)
        blobs = [*manifest.get("layers", []), manifest.get("config", {})]
        return sum(int(blob.get("size", 0)) for blob in blobs)

    def release(self, tag: str) -> None:
        """Remove a tag that moves to another image; this image stays, perhaps without a tag."""
        self.image_tags.remove(tag)
        self.image_tag = self.image_tags[-1] if self.image_tags else None  # type: ignore[assignment]


def parsed(manifest: str) -> dict[str, Any]:
    """Parse a manifest; raises InvalidParameterException if it is not valid."""
    try:
        parsed = json.loads(manifest)
    except json.JSONDecodeError as error:
        raise InvalidParameterException(
            "Invalid parameter at 'ImageManifest' failed to satisfy constraint: "
            "'Invalid JSON syntax'"
        ) from error
    if not isinstance(parsed, dict):
        raise InvalidParameterException("The image manifest is not a JSON object.")
    return parsed


def require_layers(repository: models.Repository, manifest: dict[str, Any]) -> None:
    """Check that all blobs in a manifest exist; raises LayersNotFoundException."""
    blobs = [manifest.get("config", {}), *manifest.get("layers", [])]
    digests = [str(blob["digest"]) for blob in blobs if "digest" in blob]
    missing = [digest for digest in digests if digest not in repository.layers]
    if missing:
        raise LayersNotFoundException(
            f"Layers with digests '{missing}' required for pushing image into repository with name "
            f"'{repository.name}' in the registry with id '{repository.registry_id}' do not exist"
        )


def move_tag(repository: models.Repository, tag: str | None, digest: str) -> None:
    """Remove the tag from the image that has it; raises an error if it is immutable."""
    image = stored(repository, digest)
    if image and (not tag or tag in image.image_tags):
        raise ImageAlreadyExistsException(repository.name, repository.registry_id, digest, str(tag))
    for other in repository.images:
        if tag not in other.image_tags:
            continue
        if _immutable(repository, tag):
            raise ImageTagAlreadyExistsException(
                f"The image tag '{tag}' already exists in the '{repository.name}' repository "
                "and cannot be overwritten because the tag is immutable."
            )
        if isinstance(other, StoredImage):
            other.release(tag)
    if image and tag:
        image.update_tag(tag)


def _immutable(repository: models.Repository, tag: str) -> bool:
    filters = repository.image_tag_mutability_exclusion_filters or []
    excluded = any(fnmatch.fnmatchcase(tag, entry["filter"]) for entry in filters)
    return repository.is_tag_immutable() != excluded


def stored(repository: models.Repository, digest: str) -> models.Image | None:
    """Find an image by digest; None if it does not exist."""
    return next((i for i in repository.images if i.image_digest == digest), None)


def add(
    repository: models.Repository, account: str, tag: str, manifest: str, media: str, digest: str
) -> models.Image:
    """Put a new image into a repository."""
    image = StoredImage(account, tag, manifest, repository.name, media, digest)
    repository.images.append(image)
    return image
