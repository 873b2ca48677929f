"""Whether this machine can show the demo with containers: an engine that answers, and buildx."""

from __future__ import annotations

import shutil
import subprocess

_NEEDED = (["docker", "info"], ["docker", "buildx", "version"])


def available() -> bool:
    """Tell whether images can be built and run by Docker here."""
    return shutil.which("docker") is not None and all(_succeeds(command) for command in _NEEDED)


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
