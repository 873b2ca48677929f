"""The running containers, which both launchers keep track of in order to end them all."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Generic, TypeVar

from emulator.errors import PlatformError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .interface import Container

ContainerClass = TypeVar("ContainerClass", bound="Container")


class Running(Generic[ContainerClass]):
    """The running containers, until all are ended."""

    def __init__(self) -> None:
        self._containers: set[ContainerClass] = set()
        self._lock = threading.Lock()
        self._closed = False

    def add(self, start: Callable[[], ContainerClass]) -> ContainerClass:
        """Start a container and remember it; raises PlatformError after `end`."""
        with self._lock:
            if self._closed:
                raise PlatformError("InternalServerError: the emulator is ending.")
            container = start()
            self._containers = {c for c in self._containers if c.exit_code is None} | {container}
        return container

    def end(self, grace_s: float) -> None:
        """End all containers together, within `grace_s` seconds; refuse to start others."""
        with self._lock:
            self._closed = True
            containers = list(self._containers)
        for container in containers:
            container.terminate()
        end = time.monotonic() + grace_s
        for container in containers:
            if not container.wait(max(0.0, end - time.monotonic())):
                container.kill()

    @property
    def closed(self) -> bool:
        """Whether `end` was called."""
        return self._closed
