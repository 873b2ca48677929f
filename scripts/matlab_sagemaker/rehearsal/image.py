"""Rehearses in a training image: runs its engine with Docker on this machine's files.

Folders have the same paths in the container, so paths mean the same in both; only the rehearsal's
folder is writable. A batch token is passed in the environment, never on a command line.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matlab_sagemaker import shell
from matlab_sagemaker.errors import DockerMissingError, ImageError
from matlab_sagemaker.project.build_context import KIT
from matlab_sagemaker.rehearsal.engine import TOKEN, LocalEngine

if TYPE_CHECKING:
    from pathlib import Path


# Exit codes of `docker run` itself, and for a program that cannot be run or does not exist.
# Source: https://docs.docker.com/reference/cli/docker/container/run/#exit-status
_NOT_STARTED = (125, 126, 127)


@dataclass(frozen=True, kw_only=True)
class ImageEngine(LocalEngine):
    """The engine in an image, run by Docker on this machine."""

    image: str
    root: Path  # the project's folder, absolute
    base: Path  # the rehearsal's folder, absolute
    has_token: bool  # whether MATLAB gets a batch token

    def __post_init__(self) -> None:
        """Raise DockerMissingError if there is no Docker, or no engine answers."""
        if shutil.which("docker") is None:
            raise DockerMissingError("There is no docker on PATH.", do="Install Docker.")
        said: list[str] = []
        if shell.stream(["docker", "version"], {}, said.append):
            raise DockerMissingError(
                "No Docker engine answers.",
                why=said[-1] if said else "",
                do="Start Docker, or set DOCKER_HOST to its address. This user must be allowed "
                "to use it.",
            )

    def require_started(self, code: int) -> None:
        """Raise ImageError if Docker could not run the image."""
        if code in _NOT_STARTED:
            raise ImageError(
                f"Docker cannot run the image {self.image}.",
                why="Its error message is above.",
                do="Name a training image that is on this machine or can be pulled; then rehearse "
                "again.",
            )

    @property
    def cure(self) -> str:
        """What to do if it does not start."""
        token = f"Set {TOKEN} to a valid batch token, or name" if self.name == "matlab" else "Name"
        return f"{token} another image."

    def command(self, statement: str) -> list[str]:
        """Make the command that runs a statement in the image."""
        program, *words = self.inside(statement)
        return [*self._run(), "--entrypoint", program, self.image, *words]

    def inside(self, statement: str) -> list[str]:
        """Make the same command as typed in the image; only matlab-batch reads a batch token."""
        program, *words = super().command(statement)
        if self.name == "matlab" and self.has_token:
            return ["matlab-batch", *words[1:]]
        return [program, *words]

    def shell(self) -> list[str]:
        """Make the command that opens a shell in the image."""
        return [*self._run(), "--interactive", "--tty", "--entrypoint", "bash", self.image]

    def _run(self) -> list[str]:
        """Start a `docker run` command, as this user, who can then delete what it writes."""
        user = ["--user", f"{os.getuid()}:{os.getgid()}"] if hasattr(os, "getuid") else []
        folders = [f"{self.base}:{self.base}", f"{self.root}:{self.root}:ro", f"{KIT}:{KIT}:ro"]
        return [
            *("docker", "run", "--rm", "--init", "--platform", "linux/amd64", *user),
            *("--env", TOKEN, "--env", "HOME=/tmp", "--env", f"SAGEMAKER_BASE_DIR={self.base}"),
            *(word for folder in folders for word in ("--volume", folder)),
            *("--workdir", str(self.base)),
        ]
