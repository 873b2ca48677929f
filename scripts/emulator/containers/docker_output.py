"""Reads a container's output from docker-py like a pipe."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from .docker_daemon import TROUBLE

if TYPE_CHECKING:
    from collections.abc import Iterator


class Frames:
    """The frames of an attached stream; ``drained`` is set at its end."""

    def __init__(self, frames: Iterator[bytes]) -> None:
        self._frames = frames
        self.drained = threading.Event()

    def read1(self, _size: int = -1, /) -> bytes:
        """Wait for output and return it; empty at the end."""
        try:
            frame = next(self._frames, b"")
        except TROUBLE:  # the daemon is gone, and with it the container
            frame = b""
        if not frame:
            self.drained.set()
        return frame

    def close(self) -> None:
        """Stop reading; nobody has to wait for the rest any more."""
        self.drained.set()
