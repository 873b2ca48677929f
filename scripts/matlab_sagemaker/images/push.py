"""Sends an image to a registry, told as it goes; errors in Docker's stream are errors here."""

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


class Pushed(NamedTuple):
    """What a registry has got."""

    digest: str  # of the image; its tag may have moved on since
    layers: frozenset[str]  # that were sent, as the engine names them


def push(
    engine: DockerClient, reference: str, login: tuple[str, str], log: Callable[[str], None]
) -> Pushed:
    """Push `reference`; return what came of it."""
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
    return Pushed(progress.digest, progress.sent)


class PushProgress:
    """What a push's stream has said: each tenth of each layer is shown once."""

    def __init__(self, log: Callable[[str], None]) -> None:
        self._log = log
        self.digest = ""
        self._sent: set[str] = set()
        self._tenths: dict[str, int] = {}

    @property
    def sent(self) -> frozenset[str]:
        """The layers that were not there already: the first digits of their digests.

        Engines differ in whose: the compressed layer's, or the plain one's. Nor do all of them tell
        how much they have sent of a small one.
        """
        return frozenset(self._sent)

    def take(self, event: dict[str, Any]) -> None:
        """Take in an event; raise a RegistryError where it is one."""
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
        tenth = min(10 * current // total, 10)  # the tar's own bytes come on top of the total
        if tenth > self._tenths.get(layer, 0):
            self._tenths[layer] = tenth
            self._log(f"{layer}: {tenth * 10} % of {tables.size(total)}")


def _failed(what: str, said: str) -> RegistryError:
    if _EXPIRED in said:
        return RegistryLoginError(
            f"The registry refused {what}.",
            why=said,
            do="Run again: a login to ECR lasts 12 hours, and each run gets its own.",
        )
    if _REFUSED.search(said):
        return RegistryLoginError(
            f"The registry refused {what}.",
            why=said,
            do="The role needs ECR's actions for pushing to the repository (the kit's "
            "docs/aws-permissions.md). Run again.",
        )
    return RegistryError(
        f"{what[0].upper()}{what[1:]} was not pushed completely.",
        why=said,
        do=_AGAIN + (_ITS_OWN if _TROUBLED.search(said) else ""),
    )


_DIGEST = re.compile(r": digest: (sha256:[0-9a-f]{64}) size: ")
_EXPIRED = "authorization token has expired"
_AGAIN = "Run again: on the same machine, layers that have arrived are not sent again."
_TROUBLED = re.compile(r"status:? 5\d\d|no space left", re.IGNORECASE)
_ITS_OWN = " If that happens again, look at the registry's log; a full disk is a common cause."
