"""The Docker daemon: the only import of docker-py, and what it raises."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import requests
from docker.client import DockerClient
from docker.errors import APIError, DockerException, NotFound

from emulator.errors import CannotStartError

if TYPE_CHECKING:
    from docker.api.client import APIClient

__all__ = ["TROUBLE", "NotFound", "connect", "explained", "pull"]

TROUBLE = (DockerException, requests.RequestException, OSError)
"""Whatever a call to the daemon may raise."""
_LOCAL = ("unix://", "http+unix://", "tcp://127.0.0.1", "tcp://localhost")
_CALLS = 256
"""Connections at once: each container holds two for as long as it runs."""


def connect() -> APIClient:
    """Connect to the daemon of DOCKER_HOST; raises CannotStartError when none answers."""
    host = os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"
    if not host.startswith(_LOCAL):
        raise CannotStartError(
            f"The Docker daemon at {host} is on another machine, and would not see the folders "
            "that containers get as /opt/ml. Set DOCKER_HOST to a daemon of this machine."
        )
    try:
        client: Any = DockerClient.from_env(max_pool_size=_CALLS, timeout=120)
        client.ping()
    except TROUBLE as error:
        raise CannotStartError(
            f"No Docker daemon answers at {host}: {error}. Start Docker, or set DOCKER_HOST to "
            "the daemon's address, or leave --docker out to run folder images as processes."
        ) from error
    api: APIClient = client.api
    return api


def pull(api: APIClient, reference: str, login: dict[str, str] | None) -> None:
    """Pull an image; raises TROUBLE also for an error in the daemon's stream."""
    for event in api.pull(reference, stream=True, decode=True, auth_config=login):
        if "error" in event:
            raise APIError(event["error"], explanation=event["error"])


def explained(error: Exception) -> str:
    """Give the daemon's own words."""
    text = getattr(error, "explanation", None) or error
    return str(text.decode() if isinstance(text, bytes) else text).strip()
