"""The containers that run: what both kinds of launcher keep, so that nothing outlives them."""

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
    """Containers that run, until all are ended."""

    def __init__(self) -> None:
        self._containers: set[ContainerClass] = set()
        self._lock = threading.Lock()
        self._closed = False

    def add(self, start: Callable[[], ContainerClass]) -> ContainerClass:
        """Start a container and keep it; raises PlatformError once all were ended."""
        with self._lock:
            if self._closed:
                raise PlatformError("InternalServerError: the emulator is ending.")
            container = start()
            self._containers = {c for c in self._containers if c.exit_code is None} | {container}
        return container

    def end(self, grace_s: float) -> None:
        """End every container, all within one grace, and let none be started any more."""
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
        """Whether no container is started any more."""
        return self._closed
