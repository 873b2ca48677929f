"""The interface for the registry's storage, and the simpler of two: a plain folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from moto.ecr.models import Repository


class Login(NamedTuple):
    """What ``docker login`` needs."""

    password: str
    """The password of the user AWS."""
    endpoint: str


class Store(Protocol):
    """Stores blobs and manifests of a registry; moto keeps the record of images."""

    @property
    def host(self) -> str | None:
        """The host name in image URIs; None: as in Amazon ECR."""

    @property
    def login(self) -> Login | None:
        """How to log in; None: Docker cannot reach this registry."""

    def blob(self, digest: str) -> Path:
        """Return the path of a blob."""

    def keep(self, repository: str, digest: str, upload: Path) -> None:
        """Store a blob from a file, and delete the file."""

    def put(self, repository: str, reference: str, manifest: str, media_type: str) -> None:
        """Store a manifest; the reference is a tag or its digest."""

    def refresh(self, repository: Repository) -> None:
        """Update the record of images and layers from the store."""

    def remove(self, repository: str, digest: str) -> None:
        """Remove a manifest and its tags."""

    def untag(self, repository: str, tag: str) -> None:
        """Remove a tag; its manifest stays."""

    def drop(self, repository: str) -> None:
        """Remove a repository and everything in it."""


class FolderStore:
    """Keeps blobs in one folder; they are pushed only through ECR's API, so moto knows the rest."""

    host: str | None = None
    login: Login | None = None

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def blob(self, digest: str) -> Path:
        """Return the path of a blob."""
        return self._folder / digest.removeprefix("sha256:")

    def keep(self, repository: str, digest: str, upload: Path) -> None:  # noqa: ARG002
        """Store a blob from a file; all repositories share it."""
        upload.rename(self.blob(digest))

    def put(self, repository: str, reference: str, manifest: str, media_type: str) -> None:
        """Do nothing: moto's record contains the manifest."""

    def refresh(self, repository: Repository) -> None:
        """Do nothing: nobody else writes here."""

    def remove(self, repository: str, digest: str) -> None:
        """Do nothing: only moto's record contained it."""

    def untag(self, repository: str, tag: str) -> None:
        """Do nothing: only moto's record contained it."""

    def drop(self, repository: str) -> None:
        """Do nothing: only moto's record contained it."""
