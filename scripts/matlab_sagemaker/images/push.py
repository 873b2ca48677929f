"""Sends an image to a registry, told as it goes; errors in Docker's stream are errors here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import docker.errors
import requests

from matlab_sagemaker.errors import RegistryError, RegistryLoginError

if TYPE_CHECKING:
    from collections.abc import Callable

    from docker.client import DockerClient

_REFUSED = re.compile(
    r"unauthorized|authentication required|no basic auth|access denied|denied:|status:? 40[13]\b",
    re.IGNORECASE,
)


def push(
    engine: DockerClient, reference: str, login: tuple[str, str], log: Callable[[str], None]
) -> int:
    """Push `reference`; return the bytes sent, those of layers already there not among them."""
    repository, _, tag = reference.rpartition(":")
    auth = {"username": login[0], "password": login[1]}
    sizes: dict[str, int] = {}
    try:
        stream = engine.images.push(repository, tag=tag, auth_config=auth, stream=True, decode=True)
        for event in stream:
            _take(event, sizes, log)
    except (docker.errors.APIError, requests.RequestException) as error:
        raise _failed(reference, str(error)) from error
    return sum(sizes.values())


def _take(event: dict[str, Any], sizes: dict[str, int], log: Callable[[str], None]) -> None:
    if "error" in event:
        raise _failed("the image", str(event["error"]))
    layer, status = event.get("id", ""), event.get("status", "")
    if status == "Pushing":
        sizes[layer] = max(sizes.get(layer, 0), event.get("progressDetail", {}).get("current", 0))
    elif status in ("Pushed", "Layer already exists"):
        log(f"{layer}: {status.lower()}")
        if status != "Pushed":
            sizes.pop(layer, None)


def _failed(what: str, said: str) -> RegistryError:
    if _REFUSED.search(said):
        return RegistryLoginError(
            f"The registry refused {what}.",
            why=said,
            do="The role needs ECR's push actions on the repository (README, on AWS). Run again.",
        )
    return RegistryError(
        f"{what[0].upper()}{what[1:]} was not pushed whole.",
        why=said,
        do=_AGAIN + (_ITS_OWN if _TROUBLED.search(said) else ""),
    )


_AGAIN = "Run again: layers that have arrived are not sent twice."
_TROUBLED = re.compile(r"status:? 5\d\d|no space left", re.IGNORECASE)
_ITS_OWN = " If it answers so again, its own log tells why: with a full disk it does."
