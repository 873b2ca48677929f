"""Pulls Docker images from the emulator's registry by digest, as SageMaker pulls from ECR."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .docker_container import forgiving
from .docker_daemon import TROUBLE, NotFound, explained, pull
from .images import Images, cannot_pull
from .interface import Command

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docker.api.client import APIClient

    from emulator.cloud import Cloud, Scope
    from emulator.ecr.store import Store

    from .images import FoundImage


@dataclass(frozen=True, kw_only=True)
class DockerImage:
    """An image in the Docker daemon, which knows its entry point and variables."""

    uri: str
    resolved_uri: str
    env: Mapping[str, str] = field(default_factory=dict)

    def command(
        self, verb: str, entrypoint: Sequence[str] = (), arguments: Sequence[str] = ()
    ) -> Command:
        """Make the command of ``docker run <image> <verb>``."""
        return Command(
            image=self.resolved_uri,
            entrypoint=tuple(entrypoint),
            arguments=tuple(arguments or [verb]),
        )


class DockerImages(Images):
    """Pulls images, and removes those again at the end."""

    def __init__(self, cloud: Cloud, store: Store, api: APIClient) -> None:
        super().__init__(cloud, store)
        self._api = api
        self._lock = threading.Lock()
        self._pulled: list[str] = []

    def pull(self, uri: str, scope: Scope, role: str) -> DockerImage:
        """Pull an image unless the daemon has it; raises PlatformError."""
        image = self._found(uri, scope, role)
        try:
            with self._lock:
                self._fetch(image)
        except TROUBLE as error:
            raise cannot_pull(uri, explained(error)) from error
        return DockerImage(uri=uri, resolved_uri=image.resolved_uri)

    def close(self) -> None:
        """Remove the images that were pulled here; the user's own images stay."""
        for reference in self._pulled:
            with forgiving(f"image {reference} stays"):
                self._api.remove_image(reference)

    def _fetch(self, image: FoundImage) -> None:
        try:
            self._api.inspect_image(image.resolved_uri)
        except NotFound:
            login = self._store.login
            words = {"username": "AWS", "password": login.password} if login else None
            pull(self._api, image.resolved_uri, words)
            self._api.inspect_image(image.resolved_uri)
            self._pulled.append(image.resolved_uri)
