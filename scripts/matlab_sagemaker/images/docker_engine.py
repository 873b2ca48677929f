"""Connects to the Docker engine and checks that it has what a build needs."""

from __future__ import annotations

import contextlib
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import docker.errors
import requests
import urllib3.exceptions
from docker.client import DockerClient

from matlab_sagemaker import shell
from matlab_sagemaker.errors import (
    BuildxMissingError,
    DiskFullError,
    DockerMissingError,
    ImageError,
)
from matlab_sagemaker.github import tables
from matlab_sagemaker.images.build_errors import gone

if TYPE_CHECKING:
    from collections.abc import Iterator


def client() -> DockerClient:
    """Connect to the Docker engine; raise DockerMissingError if none answers."""
    try:
        found = DockerClient.from_env(timeout=600)
        found.ping()
    except (docker.errors.DockerException, requests.RequestException) as error:
        raise unanswered(str(error)) from error
    return found


def unanswered(said: str) -> DockerMissingError:
    """Make the error for no engine, or one that this user may not use."""
    refused = "Permission denied" in said
    do = _LET_IN if refused else _START
    return DockerMissingError("No Docker engine answers.", why=said, do=do)


_START = "Start Docker (`sudo systemctl start docker`), or set DOCKER_HOST to its address."
_LET_IN = (
    "This user may not use Docker. Add it to the group docker (`sudo usermod -aG docker USER`; "
    "this gives it root's rights on this machine), then log in again or restart the runner."
)


@contextlib.contextmanager
def connected() -> Iterator[DockerClient]:
    """Yield a client of the engine; requests that it refuses and a lost engine are KitErrors."""
    engine = client()
    try:
        _remove_left(engine)
        yield engine
    except docker.errors.APIError as error:
        raise ImageError(
            "The Docker engine refused a request.",
            why=str(error),
            do="Fix the cause it names, or look at the engine's log; then run again.",
        ) from error
    except _GONE as error:
        raise gone(str(error)) from error
    finally:
        engine.close()


_DEADLINE = "matlab-sagemaker.deadline"  # a label: seconds since 1970


def wanted_for(seconds: int) -> dict[str, str]:
    """Make the label of a container that later runs may remove after `seconds` and some spare."""
    return {_DEADLINE: str(int(time.time()) + seconds + _SPARE_S)}


_SPARE_S = 300  # clocks of machines that share an engine differ, and containers may be slow


def _remove_left(engine: DockerClient) -> None:
    """Remove containers of killed runs: those whose deadline has passed."""
    labelled = {"label": _DEADLINE}
    for container in engine.containers.list(all=True, filters=labelled, ignore_removed=True):
        if int(container.labels[_DEADLINE]) < time.time():
            with contextlib.suppress(docker.errors.APIError):  # another run may be removing it
                container.remove(force=True, v=True)


# HTTPError is there because requests does not wrap the error of a stream that breaks off.
_GONE = (
    docker.errors.DockerException,
    requests.RequestException,
    urllib3.exceptions.HTTPError,
)


def require_buildx() -> str:
    """Ask buildx for its version; raise BuildxMissingError if Docker does not have it."""
    lines: list[str] = []
    if shell.stream(["docker", "buildx", "version"], {}, lines.append):
        raise BuildxMissingError(
            "Docker does not have buildx, which the kit needs to build images.",
            why="\n".join(lines[-5:]),
            do=_HOW,
        )
    return lines[-1] if lines else ""


_HOW = "Install docker-ce-cli and docker-buildx-plugin from Docker, or your docker-buildx package."


def require_disk(engine: DockerClient, needed: int) -> str:
    """Check that the engine's disk has `needed` bytes free; raise DiskFullError if not.

    The disk of an engine on another machine cannot be measured from here, so it is not checked.
    """
    folder = disk(engine)
    if folder is None:
        return "on another machine"
    free = shutil.disk_usage(folder).free
    has, needs = tables.size(free), tables.size(needed)
    if free < needed:
        raise DiskFullError(
            f"The disk of {folder} has {has} free; the image needs about {needs}.",
            do="Free some space (`docker system prune`), or build on a machine with more.",
        )
    return f"{has} free, about {needs} needed"


def disk(engine: DockerClient) -> Path | None:
    """Find the folder where the engine keeps its images; None if it is on another machine."""
    if engine.api.base_url != _BY_UNIX_SOCKET:
        return None
    info = engine.info()
    folder = Path(info["DockerRootDir"])
    if _CONTAINERD_STORE in dict(info.get("DriverStatus") or ()).values():
        # If the engine started containerd itself, its files are below the engine's own folder.
        address = (info.get("Containerd") or {}).get("Address", _SYSTEM_CONTAINERD)
        folder = _SYSTEM_CONTAINERD_ROOT if address == _SYSTEM_CONTAINERD else folder
    return folder if folder.is_dir() else None


_BY_UNIX_SOCKET = "http+docker://localhost"  # docker-py's base URL for a Unix socket only
# Source: https://docs.docker.com/engine/storage/containerd/
_CONTAINERD_STORE = "io.containerd.snapshotter.v1"
_SYSTEM_CONTAINERD = "/run/containerd/containerd.sock"
_SYSTEM_CONTAINERD_ROOT = Path("/var/lib/containerd")


def has_bridge(engine: DockerClient) -> bool:
    """Whether containers can have their own network; otherwise they share the host's."""
    return bool(engine.networks.list(names=["bridge"]))


def forget(engine: DockerClient, reference: str) -> None:
    """Remove an image's name from the engine; its layers stay there as the build cache."""
    try:
        engine.images.remove(reference, noprune=True)
    except (docker.errors.APIError, requests.RequestException):
        return  # not worth failing for: the engine is gone, or the image is in use
