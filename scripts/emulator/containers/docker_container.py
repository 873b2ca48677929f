"""One container of Docker, from its start to its end."""

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
    """One running container, which is removed when it has ended and its output is read."""

    def __init__(self, api: APIClient, identity: str, at_end: Callable[[], None]) -> None:
        """Start a container that was created; ``at_end`` is done before its end is known."""
        self._api = api
        self._id = identity
        self._at_end = at_end
        self._code: int | None = None
        self._ended = threading.Event()
        # Attached before the start, so that nothing is missed.
        words: Any = {"stdout": True, "stderr": True, "stream": True}
        self._output = Frames(api.attach(identity, **words))
        api.start(identity)
        threading.Thread(target=self._watch, name="container", daemon=True).start()

    @property
    def output(self) -> Frames:
        """Standard output and error in one, as they came."""
        return self._output

    @property
    def exit_code(self) -> int | None:
        """The exit code; None while it runs."""
        return self._code if self._ended.is_set() else None

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait for the end; False when it still runs after the time."""
        return self._ended.wait(timeout_s)

    def terminate(self) -> None:
        """Ask the container's first process to end, as ``docker stop`` does."""
        self._signal("SIGTERM")

    def kill(self) -> None:
        """End the container and everything that it started."""
        self._signal("SIGKILL")
        self._ended.wait()

    def stop(self, grace_s: float) -> None:
        """SIGTERM, then SIGKILL when it still runs after the grace."""
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
    """Remove a container and the volumes that its image asked for, running or not."""
    with forgiving(f"container {identity} stays"):
        api.remove_container(identity, v=True, force=True)


@contextmanager
def forgiving(what: str) -> Iterator[None]:
    """Tell of trouble on standard error, but not of what has happened by itself meanwhile."""
    try:
        yield
    except TROUBLE as error:
        if getattr(error, "status_code", None) not in _GONE_BEFORE:
            print(f"emulator: {what}: {explained(error)}", file=sys.stderr)
