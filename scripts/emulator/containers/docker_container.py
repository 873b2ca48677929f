"""A Docker container, from its start to its end."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .docker_daemon import TROUBLE, explained
from .docker_output import Frames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from docker.api.client import APIClient

_LAST_WORDS_S = 30
_DAEMON_GONE = 255
_GONE_BEFORE = {404, 409}
"""HTTP statuses of the daemon for a container that has ended or is being removed."""


class DockerContainer:
    """A running container; it is removed once it has ended and its output has been read."""

    def __init__(self, api: APIClient, identity: str, at_end: Callable[[], None]) -> None:
        """Start a container that was created; ``at_end`` is called before its end is reported."""
        self._api = api
        self._id = identity
        self._at_end = at_end
        self._code: int | None = None
        self._ended = threading.Event()
        # Attached before the start, so that no output is lost.
        words: Any = {"stdout": True, "stderr": True, "stream": True}
        self._output = Frames(api.attach(identity, **words))
        api.start(identity)
        threading.Thread(target=self._watch, name="container", daemon=True).start()

    @property
    def output(self) -> Frames:
        """Standard output and error together, in the order of arrival."""
        return self._output

    @property
    def exit_code(self) -> int | None:
        """The exit code; None while it runs."""
        return self._code if self._ended.is_set() else None

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait for the end; return False if it still runs after `timeout_s` seconds."""
        return self._ended.wait(timeout_s)

    def terminate(self) -> None:
        """Ask the container's first process to end, as ``docker stop`` does."""
        self._signal("SIGTERM")

    def kill(self) -> None:
        """End the container and everything that it started."""
        self._signal("SIGKILL")
        self._ended.wait()

    def stop(self, grace_s: float) -> None:
        """Send SIGTERM, and SIGKILL if it still runs after `grace_s` seconds."""
        self.terminate()
        if not self.wait(grace_s):
            self.kill()

    def _signal(self, name: str) -> None:
        with forgiving(f"container {self._id} gets no {name}"):
            self._api.kill(self._id, name)

    def _watch(self) -> None:
        try:
            self._code = int(self._api.wait(self._id)["StatusCode"])
        except TROUBLE as error:
            print(f"emulator: lost container {self._id}: {explained(error)}", file=sys.stderr)
            self._code = _DAEMON_GONE
        else:
            self._at_end()
        self._ended.set()
        self._output.drained.wait(_LAST_WORDS_S)
        remove(self._api, self._id)


def remove(api: APIClient, identity: str) -> None:
    """Remove a container, running or not, and the volumes of its image."""
    with forgiving(f"container {identity} stays"):
        api.remove_container(identity, v=True, force=True)


@contextmanager
def forgiving(what: str) -> Iterator[None]:
    """Print errors to standard error, except if the container has just ended by itself."""
    try:
        yield
    except TROUBLE as error:
        if getattr(error, "status_code", None) not in _GONE_BEFORE:
            print(f"emulator: {what}: {explained(error)}", file=sys.stderr)
