"""Check whether this machine can run the demo with containers: a Docker engine and buildx."""

from __future__ import annotations

import shutil
import subprocess


def missing() -> str:
    """Describe in a phrase what Docker is missing; empty if it can build images."""
    if shutil.which("docker") is None:
        return "there is no docker command"
    if not _succeeds("docker", "info"):
        return "no Docker engine answers"
    if not _succeeds("docker", "buildx", "version"):
        return "Docker has no buildx"
    return ""


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
