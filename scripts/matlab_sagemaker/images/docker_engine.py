"""The Docker engine: the client, and whether all is there that a build needs."""

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
    """Connect to the engine that answers; raise DockerMissingError where none does."""
    try:
        found = DockerClient.from_env(timeout=600)
        found.ping()
    except (docker.errors.DockerException, requests.RequestException) as error:
        raise unanswered(str(error)) from error
    return found


def unanswered(said: str) -> DockerMissingError:
    """Return the error that no engine answers, or none answers this user."""
    refused = "Permission denied" in said
    do = _LET_IN if refused else _START
    return DockerMissingError("No Docker engine answers.", why=said, do=do)


_START = "Start Docker (`sudo systemctl start docker`), or set DOCKER_HOST to where it runs."
_LET_IN = (
    "This user may not use the engine: add it to Docker's group (`sudo usermod -aG docker "
    "USER`, which gives it root's rights on this machine), then log in again, or restart the "
    "runner."
)


@contextlib.contextmanager
def connected() -> Iterator[DockerClient]:
    """Yield a client of the engine that answers; what it says no to, and its end, are KitErrors."""
    engine = client()
    try:
        _remove_left(engine)
        yield engine
    except docker.errors.APIError as error:
        raise ImageError(
            "The Docker engine refused a request.",
            why=str(error),
            do="Correct what it says, or look at the engine's log; then run again.",
        ) from error
    except _GONE as error:
        raise gone(str(error)) from error
    finally:
        engine.close()


_DEADLINE = "matlab-sagemaker.deadline"  # a label: seconds since 1970


def wanted_for(seconds: int) -> dict[str, str]:
    """Return the labels of a container that nobody wants after so long, with some minutes more."""
    return {_DEADLINE: str(int(time.time()) + seconds + _SPARE_S)}


_SPARE_S = 300  # for the clocks of machines that share an engine, and for what is slow


def _remove_left(engine: DockerClient) -> None:
    """Remove the containers of runs that were killed: those that nobody can want any more."""
    labelled = {"label": _DEADLINE}
    for container in engine.containers.list(all=True, filters=labelled, ignore_removed=True):
        if int(container.labels[_DEADLINE]) < time.time():
            with contextlib.suppress(docker.errors.APIError):  # another run may be removing it
                container.remove(force=True, v=True)


# A stream that breaks off is not one of requests' errors.
_GONE = (
    docker.errors.DockerException,
    requests.RequestException,
    urllib3.exceptions.HTTPError,
)


def require_buildx() -> str:
    """Ask buildx for its version; raise BuildxMissingError where Docker does not have it."""
    lines: list[str] = []
    if shell.stream(["docker", "buildx", "version"], {}, lines.append):
        raise BuildxMissingError(
            "Docker does not have buildx, which builds the images.",
            why="\n".join(lines[-5:]),
            do=_HOW,
        )
    return lines[-1] if lines else ""


_HOW = "Install Docker's packages docker-ce-cli and docker-buildx-plugin, or docker-buildx."


def require_disk(engine: DockerClient, needed: int) -> str:
    """Measure what is free; raise DiskFullError where the engine's disk is too small.

    The disk of an engine on another machine cannot be seen from here: it is not judged.
    """
    folder = disk(engine)
    if folder is None:
        return "on another machine"
    free = shutil.disk_usage(folder).free
    has, needs = tables.size(free), tables.size(needed)
    if free < needed:
        raise DiskFullError(
            f"The disk of {folder} has {has} free; the image needs about {needs}.",
            do="Free space (`docker system prune`), or build on a larger machine.",
        )
    return f"{has} free, about {needs} needed"


def disk(engine: DockerClient) -> Path | None:
    """Find a folder on the disk where the engine keeps its images; None: on another machine."""
    if engine.api.base_url != _BY_UNIX_SOCKET:
        return None
    told = engine.info()
    folder = Path(told["DockerRootDir"])
    if _CONTAINERD_STORE in dict(told.get("DriverStatus") or ()).values():
        # A containerd that the engine has started itself keeps its files below the engine's own.
        address = (told.get("Containerd") or {}).get("Address", _SYSTEM_CONTAINERD)
        folder = _SYSTEM_CONTAINERD_ROOT if address == _SYSTEM_CONTAINERD else folder
    return folder if folder.is_dir() else None


_BY_UNIX_SOCKET = (
    "http+docker://localhost"  # docker-py's base URL of such a client, and of no other
)
# Source: https://docs.docker.com/engine/storage/containerd/
_CONTAINERD_STORE = "io.containerd.snapshotter.v1"
_SYSTEM_CONTAINERD = "/run/containerd/containerd.sock"
_SYSTEM_CONTAINERD_ROOT = Path("/var/lib/containerd")


def has_bridge(engine: DockerClient) -> bool:
    """Tell whether containers can have a network of their own; else they share the host's."""
    return bool(engine.networks.list(names=["bridge"]))


def forget(engine: DockerClient, reference: str) -> None:
    """Take a name from an image that is in the registry now; its layers stay, as the cache."""
    try:
        engine.images.remove(reference, noprune=True)
    except (docker.errors.APIError, requests.RequestException):
        return  # an engine that is gone, or an image in use, is no reason to fail
