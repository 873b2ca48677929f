"""Where the registry keeps its bytes: one interface; here the plain folder, which needs nothing."""

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
    """Blobs and manifests of a registry; moto's repositories are its record."""

    @property
    def host(self) -> str | None:
        """The host name of image URIs; None: those of Amazon ECR."""

    @property
    def login(self) -> Login | None:
        """How to log in; None: Docker cannot reach this registry."""

    def blob(self, digest: str) -> Path:
        """Give where a blob lies."""

    def keep(self, repository: str, digest: str, upload: Path) -> None:
        """Take a blob from a file, which is gone then."""

    def put(self, repository: str, reference: str, manifest: str, media_type: str) -> None:
        """Take a manifest; the reference is a tag or its digest."""

    def refresh(self, repository: Repository) -> None:
        """Bring the record of images and layers up to what the store holds."""

    def remove(self, repository: str, digest: str) -> None:
        """Remove a manifest and its tags."""

    def untag(self, repository: str, tag: str) -> None:
        """Remove a tag; its manifest stays."""

    def drop(self, repository: str) -> None:
        """Remove a repository with all in it."""


class FolderStore:
    """Blobs in one folder, pushed through ECR's layer calls alone; the record has all else."""

    host: str | None = None
    login: Login | None = None

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def blob(self, digest: str) -> Path:
        """Give where a blob lies."""
        return self._folder / digest.removeprefix("sha256:")

    def keep(self, repository: str, digest: str, upload: Path) -> None:  # noqa: ARG002
        """Take a blob from a file; all repositories share it."""
        upload.rename(self.blob(digest))

    def put(self, repository: str, reference: str, manifest: str, media_type: str) -> None:
        """Keep nothing: a manifest is part of the record."""

    def refresh(self, repository: Repository) -> None:
        """Change nothing: nobody else writes here."""

    def remove(self, repository: str, digest: str) -> None:
        """Remove nothing: the record alone knew it."""

    def untag(self, repository: str, tag: str) -> None:
        """Remove nothing: the record alone knew it."""

    def drop(self, repository: str) -> None:
        """Remove nothing: the record alone knew it."""
