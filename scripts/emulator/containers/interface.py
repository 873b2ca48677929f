"""The common interface of processes and Docker containers, the two ways to run images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from emulator.logs import Output

MIB = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command as for ``docker run``: image, entry point and arguments."""

    image: str
    entrypoint: tuple[str, ...]
    """Empty: the image's own, which Docker finds itself."""
    arguments: tuple[str, ...]


class PulledImage(Protocol):
    """An image that can be run on this machine."""

    @property
    def uri(self) -> str:
        """The requested URI."""

    @property
    def resolved_uri(self) -> str:
        """The URI with the digest."""

    @property
    def env(self) -> Mapping[str, str]:
        """The image's variables that must be set for a container."""

    def command(
        self, verb: str, entrypoint: Sequence[str] = (), arguments: Sequence[str] = ()
    ) -> Command:
        """Make the command of ``docker run <image> <verb>``; raises PlatformError."""


class Container(Protocol):
    """One running container."""

    @property
    def output(self) -> Output:
        """Standard output and error together."""

    @property
    def exit_code(self) -> int | None:
        """The exit code as Docker reports it (128 + signal); None while it runs."""

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait for the end; return False if it still runs after `timeout_s` seconds."""

    def terminate(self) -> None:
        """Ask the container's first process to end, as ``docker stop`` does."""

    def kill(self) -> None:
        """End the container and everything that it started."""

    def stop(self, grace_s: float) -> None:
        """Send SIGTERM, and SIGKILL if it still runs after `grace_s` seconds."""


class Launcher(Protocol):
    """Starts containers, and keeps track of them."""

    def start(
        self,
        command: Command,
        *,
        folder: Path,
        env: Mapping[str, str],
        readonly_model: bool = False,
    ) -> Container:
        """Start a command that sees ``folder/opt_ml`` as /opt/ml; raises PlatformError."""

    def close(self, grace_s: float) -> None:
        """End every container, and refuse to start others."""

    @property
    def closed(self) -> bool:
        """Whether the emulator is ending."""
