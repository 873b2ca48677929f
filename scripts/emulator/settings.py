"""The emulator's settings: read once at the start, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The parsed command line."""

    work: Path
    """The one folder that the emulator writes to."""
    port: int = 0
    """The port on 127.0.0.1; 0 chooses a free one."""
    idle_timeout_s: float | None = None
    """The emulator ends after this many seconds without a request or running job; None: never."""
    time_scale: float = 1.0
    """Multiplies SageMaker's waiting times (stop grace, health-check timeout, baking)."""
    docker: bool = False
    """True: Docker runs images, from a real registry. False: folder images run as processes."""
    memory_mib: int | None = None
    """The memory limit of each Docker container; None: no limit."""
    session_s: float | None = None
    """The longest session of an assumed role, in seconds; None: as requested from STS."""
    enforce_iam: bool = False
    """True: IAM's policies apply to every request. False: only what bucket policies deny to all."""
    issuer: str | None = None
    """The URL with the keys of GitHub's tokens; None: GitHub's own."""

    def scaled(self, seconds: float) -> float:
        """Multiply SageMaker's waiting time by the time scale."""
        return seconds * self.time_scale
