"""What the emulator is started with: read once, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The command line, typed."""

    work: Path
    """The one folder that the emulator writes to."""
    port: int = 0
    """The port on 127.0.0.1; 0 takes a free one."""
    idle_timeout_s: float | None = None
    """Seconds without API request and running job after which it ends itself; None: never."""
    time_scale: float = 1.0
    """Factor on SageMaker's own waiting times (stop grace, health-check time-out, baking)."""
    docker: bool = False
    """Images are run by Docker, from a registry of their own; else folder images as processes."""
    memory_mib: int | None = None
    """What each Docker container may use; None: all that the machine has."""
    session_s: float | None = None
    """The longest that a session of an assumed role lasts; None: what is asked of STS."""
    enforce_iam: bool = False
    """Every request is judged by IAM's policies; else by what buckets' policies deny to all."""
    issuer: str | None = None
    """Where the keys of GitHub's tokens are read; None: at GitHub."""

    def scaled(self, seconds: float) -> float:
        """Give the seconds that stand for this many of SageMaker's."""
        return seconds * self.time_scale
