"""Stores the registry's data in a docker-registry, for pushes by Docker and by ECR's API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import urllib3
from moto.ecr.exceptions import InvalidParameterException

from .docker_registry_disk import RegistryDisk
from .errors import ServerException
from .store import Login
from .stored_images import StoredImage, stored

if TYPE_CHECKING:
    from pathlib import Path

    from moto.ecr.models import Image, Repository

    from .docker_registry import DockerRegistry
    from .docker_registry_disk import Manifest

_TIMEOUT_S = 300.0


class DockerStore:
    """Writes through the registry's HTTP API, and reads its folder.

    All accounts and Regions share one registry. It accepts pushes to repositories that were not
    created in ECR, which ECR would refuse; ECR's actions do not see those.
    Source: https://distribution.github.io/distribution/spec/api/
    """

    def __init__(self, registry: DockerRegistry) -> None:
        self._disk = RegistryDisk(registry.storage)
        self._http = urllib3.HTTPConnectionPool(
            "127.0.0.1",
            registry.port,
            maxsize=8,
            timeout=_TIMEOUT_S,
            retries=False,
            headers=urllib3.make_headers(basic_auth=f"AWS:{registry.password}"),
        )
        self.host: str | None = registry.host
        self.login: Login | None = Login(registry.password, registry.url)

    def blob(self, digest: str) -> Path:
        """Return the path of a blob."""
        return self._disk.blob(digest)

    def keep(self, repository: str, digest: str, upload: Path) -> None:
        """Push a blob from a file, and delete the file."""
        begun = self._ask("POST", f"{repository}/blobs/uploads/")
        place = begun.headers["Location"]
        with upload.open("rb") as file:
            self._send(
                "PUT",
                f"{place}{'&' if '?' in place else '?'}digest={digest}",
                body=file,
                headers={
                    "Content-Type": "application/octet-stream",
                    "Content-Length": str(upload.stat().st_size),
                },
            )
        upload.unlink()

    def put(self, repository: str, reference: str, manifest: str, media_type: str) -> None:
        """Push a manifest."""
        self._ask(
            "PUT",
            f"{repository}/manifests/{reference}",
            body=manifest.encode(),
            headers={"Content-Type": media_type},
        )

    def refresh(self, repository: Repository) -> None:
        """Update the record of images and layers with everything that was pushed."""
        repository.layers = self._disk.layers(repository.name)
        manifests = self._disk.manifests(repository.name)
        repository.images = [_recorded(repository, manifest) for manifest in manifests]

    def remove(self, repository: str, digest: str) -> None:
        """Remove a manifest and its tags."""
        self._ask("DELETE", f"{repository}/manifests/{digest}")

    def untag(self, repository: str, tag: str) -> None:
        """Remove a tag; its manifest stays."""
        self._disk.untag(repository, tag)

    def drop(self, repository: str) -> None:
        """Remove a repository and everything in it."""
        self._disk.drop(repository)

    def _ask(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> urllib3.BaseHTTPResponse:
        return self._send(method, f"/v2/{path}", body=body, headers=headers or {})

    def _send(
        self, method: str, url: str, *, body: object, headers: dict[str, str]
    ) -> urllib3.BaseHTTPResponse:
        """Send a request to the registry; a refusal is the client's error, no answer is ours."""
        words = {**(self._http.headers or {}), **headers}
        try:
            answer = self._http.urlopen(method, url, body=body, headers=words)  # type: ignore[arg-type]
        except urllib3.exceptions.HTTPError as error:
            raise ServerException(f"The registry does not answer: {error}") from error
        text = answer.data.decode(errors="replace")
        if answer.status >= 500:
            raise ServerException(f"The registry failed with {answer.status}: {text}")
        if answer.status >= 400:
            raise InvalidParameterException(f"The registry refused with {answer.status}: {text}")
        return answer


def _recorded(repository: Repository, manifest: Manifest) -> Image:
    """Return moto's image for a manifest: the existing one, or a new one."""
    image = stored(repository, manifest.digest) or StoredImage(
        repository.account_id,
        None,  # type: ignore[arg-type]
        manifest.text,
        repository.name,
        manifest.media_type,
        manifest.digest,
    )
    image.image_tags = list(manifest.tags)
    image.image_tag = manifest.tags[-1] if manifest.tags else None  # type: ignore[assignment]
    image.image_pushed_at = manifest.pushed_at
    return image
