"""What runs images: the interface of its two kinds, processes and Docker containers."""

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
    """What ``docker run`` is told: the image, its program and the program's arguments."""

    image: str
    entrypoint: tuple[str, ...]
    """Empty: the image's own, which only Docker needs not be told."""
    arguments: tuple[str, ...]


class PulledImage(Protocol):
    """An image that can be run on this machine."""

    @property
    def uri(self) -> str:
        """The URI that was asked for."""

    @property
    def resolved_uri(self) -> str:
        """The URI by digest."""

    @property
    def env(self) -> Mapping[str, str]:
        """The image's variables that a container does not get by itself."""

    def command(
        self, verb: str, entrypoint: Sequence[str] = (), arguments: Sequence[str] = ()
    ) -> Command:
        """Give the command of ``docker run <image> <verb>``; raises PlatformError."""


class Container(Protocol):
    """One running container."""

    @property
    def output(self) -> Output:
        """Standard output and error in one."""

    @property
    def exit_code(self) -> int | None:
        """The exit code as docker gives it (128 + signal); None while it runs."""

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait for the end; False when it still runs after the time."""

    def terminate(self) -> None:
        """Ask the container's first process to end, as ``docker stop`` does."""

    def kill(self) -> None:
        """End the container and everything that it started."""

    def stop(self, grace_s: float) -> None:
        """SIGTERM, then SIGKILL when it still runs after the grace."""


class Launcher(Protocol):
    """Starts containers and knows those that run."""

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
        """End every container, and start none any more."""

    @property
    def closed(self) -> bool:
        """Whether the emulator is ending."""
