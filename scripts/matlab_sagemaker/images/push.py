"""Pushes an image to a registry, logs the progress, and raises errors from Docker's stream."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import docker.errors

from matlab_sagemaker.errors import RegistryError, RegistryLoginError
from matlab_sagemaker.github import tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from docker.client import DockerClient

_REFUSED = re.compile(
    r"unauthorized|authentication required|no basic auth|access denied|denied:|status:? 40[13]\b",
    re.IGNORECASE,
)


class PushedImage(NamedTuple):
    """What was pushed."""

    digest: str  # of the image; its tag may have moved to another image since
    layers: frozenset[str]  # only those that were sent, as the engine names them


def push(
    engine: DockerClient, reference: str, login: tuple[str, str], log: Callable[[str], None]
) -> PushedImage:
    """Push the image `reference`; raise RegistryError if that fails."""
    repository, _, tag = reference.rpartition(":")
    auth = {"username": login[0], "password": login[1]}
    progress = PushProgress(log)
    try:
        stream = engine.images.push(repository, tag=tag, auth_config=auth, stream=True, decode=True)
        for event in stream:
            progress.take(event)
    except docker.errors.APIError as error:
        raise _failed(reference, str(error)) from error
    if not progress.digest:
        raise _failed(reference, "The Docker engine did not report its digest.")
    return PushedImage(progress.digest, progress.sent)


class PushProgress:
    """Reads the events of a push, and logs each 10 % of each layer once."""

    def __init__(self, log: Callable[[str], None]) -> None:
        self._log = log
        self.digest = ""
        self._sent: set[str] = set()
        self._tenths: dict[str, int] = {}

    @property
    def sent(self) -> frozenset[str]:
        """The layers that the registry did not have: the first digits of their digests.

        Depending on the engine, these are digests of the compressed or of the uncompressed layer.
        Some engines report no progress for small layers.
        """
        return frozenset(self._sent)

    def take(self, event: dict[str, Any]) -> None:
        """Read one event; raise RegistryError if it reports an error."""
        if "error" in event:
            raise _failed("the image", str(event["error"]))
        layer, status = event.get("id", ""), event.get("status", "")
        if status == "Pushing":
            self._pushing(layer, **event.get("progressDetail", {}))
        elif status == "Pushed":
            self._log(f"{layer}: pushed")
            self._sent.add(layer)
        elif pushed := _DIGEST.search(status):
            self.digest = pushed[1]
        elif status == "Layer already exists" or status.startswith("Mounted from"):
            self._log(f"{layer}: already there")

    def _pushing(self, layer: str, current: int = 0, total: int = 0, **_: Any) -> None:
        if not total:
            return
        tenth = min(10 * current // total, 10)  # `current` can exceed `total`: tar adds headers
        if tenth > self._tenths.get(layer, 0):
            self._tenths[layer] = tenth
            self._log(f"{layer}: {tenth * 10} % of {tables.size(total)}")


def _failed(what: str, said: str) -> RegistryError:
    if _EXPIRED in said:
        return RegistryLoginError(
            f"The registry refused {what}.",
            why=said,
            do="Run again: a login to ECR lasts 12 hours, and each run gets a new one.",
        )
    if _REFUSED.search(said):
        return RegistryLoginError(
            f"The registry refused {what}.",
            why=said,
            do="Give the role the ECR actions that push to this repository (see "
            "docs/aws-permissions.md in the kit), then run again.",
        )
    return RegistryError(
        f"{what[0].upper()}{what[1:]} was not pushed completely.",
        why=said,
        do=_AGAIN + (_ITS_OWN if _TROUBLED.search(said) else ""),
    )


_DIGEST = re.compile(r": digest: (sha256:[0-9a-f]{64}) size: ")
_EXPIRED = "authorization token has expired"
_AGAIN = "Run again: this machine does not send layers again that have arrived."
_TROUBLED = re.compile(r"status:? 5\d\d|no space left", re.IGNORECASE)
_ITS_OWN = " If it fails again, look at the registry's log; a full disk is a common cause."
