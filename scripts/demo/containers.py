"""Whether this machine can show the demo with containers: an engine that answers, and buildx."""

from __future__ import annotations

import shutil
import subprocess


def missing() -> str:
    """Return what of Docker is missing here, in a phrase; nothing where images can be built."""
    if shutil.which("docker") is None:
        return "there is no docker command"
    if not _succeeds("docker", "info"):
        return "no Docker engine answers"
    if not _succeeds("docker", "buildx", "version"):
        return "Docker has no buildx"
    return ""


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
