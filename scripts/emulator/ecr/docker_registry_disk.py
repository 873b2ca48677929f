"""Reads docker-registry's storage folder, since its HTTP API does not list untagged images.

Source: https://pkg.go.dev/github.com/docker/distribution/registry/storage (paths.go)
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_OCI = "application/vnd.oci.image."
_SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+prettyjws"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A manifest as it was pushed."""

    digest: str
    text: str
    media_type: str
    tags: tuple[str, ...]
    """Oldest first."""
    pushed_at: int
    """Seconds since 1970."""


class RegistryDisk:
    """Reads the layout of docker-registry's filesystem driver."""

    def __init__(self, root: Path) -> None:
        self._root = root / "docker" / "registry" / "v2"

    def blob(self, digest: str) -> Path:
        """Return the path of a blob."""
        name = digest.removeprefix("sha256:")
        return self._root / "blobs" / "sha256" / name[:2] / name / "data"

    def manifests(self, repository: str) -> list[Manifest]:
        """Read all manifests of a repository, oldest first."""
        tags = self._tags(repository)
        revisions = self._manifests(repository) / "revisions" / "sha256"
        links = sorted(revisions.glob("*/link"), key=lambda link: link.stat().st_mtime)
        return [self._manifest(link, tags) for link in links]

    def layers(self, repository: str) -> dict[str, int]:
        """Map the digests of a repository's blobs to their sizes in bytes."""
        links = (self._repository(repository) / "_layers" / "sha256").glob("*/link")
        digests = [link.read_text() for link in links]
        return {digest: self.blob(digest).stat().st_size for digest in digests}

    def untag(self, repository: str, tag: str) -> None:
        """Remove a tag; version 2 of the registry's API can remove only manifests."""
        shutil.rmtree(self._manifests(repository) / "tags" / tag, ignore_errors=True)

    def drop(self, repository: str) -> None:
        """Remove a repository, but none below it; blobs stay, since others may use them."""
        for room in ("_layers", "_manifests", "_uploads"):
            shutil.rmtree(self._repository(repository) / room, ignore_errors=True)

    def _manifest(self, link: Path, tags: dict[str, list[str]]) -> Manifest:
        digest = link.read_text()
        text = self.blob(digest).read_bytes().decode()
        return Manifest(
            digest=digest,
            text=text,
            media_type=_media_type(text),
            tags=tuple(tags.get(digest, ())),
            pushed_at=int(link.stat().st_mtime),
        )

    def _tags(self, repository: str) -> dict[str, list[str]]:
        tags: dict[str, list[str]] = {}
        links = (self._manifests(repository) / "tags").glob("*/current/link")
        for link in sorted(links, key=lambda link: link.stat().st_mtime):
            tags.setdefault(link.read_text(), []).append(link.parent.parent.name)
        return tags

    def _repository(self, repository: str) -> Path:
        return self._root / "repositories" / repository

    def _manifests(self, repository: str) -> Path:
        return self._repository(repository) / "_manifests"


def _media_type(text: str) -> str:
    """Determine a manifest's media type; OCI manifests may omit it."""
    manifest = json.loads(text)
    if manifest.get("schemaVersion") == 1:
        return _SCHEMA_1
    kind = "index" if "manifests" in manifest else "manifest"
    return str(manifest.get("mediaType") or f"{_OCI}{kind}.v1+json")
