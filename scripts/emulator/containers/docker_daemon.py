"""Connects to the Docker daemon; only this module imports docker-py."""

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
"""All exceptions that a call to the daemon may raise."""
_LOCAL = ("unix://", "http+unix://", "tcp://127.0.0.1", "tcp://localhost")
_CALLS = 256
"""The most connections at the same time: each running container needs two."""


def connect() -> APIClient:
    """Connect to the daemon at DOCKER_HOST; raises CannotStartError if none answers."""
    host = os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"
    if not host.startswith(_LOCAL):
        raise CannotStartError(
            f"The Docker daemon at {host} is on another machine, so it cannot see the folders "
            "that containers get as /opt/ml. Set DOCKER_HOST to a daemon on this machine."
        )
    try:
        client: Any = DockerClient.from_env(max_pool_size=_CALLS, timeout=120)
        client.ping()
    except TROUBLE as error:
        raise CannotStartError(
            f"No Docker daemon answers at {host}: {error}. Start Docker, set DOCKER_HOST to the "
            "daemon's address, or leave --docker out to run folder images as processes."
        ) from error
    api: APIClient = client.api
    return api


def pull(api: APIClient, reference: str, login: dict[str, str] | None) -> None:
    """Pull an image; also raises an exception in TROUBLE for errors in the daemon's stream."""
    for event in api.pull(reference, stream=True, decode=True, auth_config=login):
        if "error" in event:
            raise APIError(event["error"], explanation=event["error"])


def explained(error: Exception) -> str:
    """Return the daemon's own error message."""
    text = getattr(error, "explanation", None) or error
    return str(text.decode() if isinstance(text, bytes) else text).strip()
