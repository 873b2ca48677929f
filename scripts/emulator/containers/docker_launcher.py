"""Runs containers with Docker; only this module starts and ends them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from emulator.errors import PlatformError

from .docker_container import DockerContainer, forgiving, remove
from .docker_daemon import TROUBLE, explained
from .interface import MIB, Command
from .running import Running

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from docker.api.client import APIClient

LABEL = "matlab-sagemaker.emulator"
"""A label of every container; its value is the emulator's work folder."""


class DockerLauncher:
    """Starts containers, and keeps track of them."""

    def __init__(self, api: APIClient, work: Path, memory_mib: int | None) -> None:
        self._api = api
        self._label = f"{LABEL}={work}"
        self._memory = memory_mib * MIB if memory_mib else None
        self._running: Running[DockerContainer] = Running()
        self._remove_all()  # containers of an emulator that was killed

    def start(
        self,
        command: Command,
        *,
        folder: Path,
        env: Mapping[str, str],
        readonly_model: bool = False,
    ) -> DockerContainer:
        """Start a command that sees ``folder/opt_ml`` as /opt/ml; raises PlatformError."""
        base = folder.resolve() / "opt_ml"
        mounts = [f"{base}:/opt/ml"]
        if readonly_model:
            mounts.append(f"{base / 'model'}:/opt/ml/model:ro")
        return self._running.add(lambda: self._run(command, env, mounts))

    def close(self, grace_s: float) -> None:
        """End every container, and refuse to start others."""
        self._running.end(grace_s)
        self._remove_all()

    @property
    def closed(self) -> bool:
        """Whether the emulator is ending."""
        return self._running.closed

    def _run(self, command: Command, env: Mapping[str, str], mounts: list[str]) -> DockerContainer:
        identity = None
        try:
            identity = self._create(command, env, mounts)
            return DockerContainer(
                self._api, identity, lambda: self._hand_over(command.image, mounts[0])
            )
        except TROUBLE as error:
            if identity:
                remove(self._api, identity)
            raise PlatformError(
                f"ClientError: Cannot start the container of {command.image}: {explained(error)}"
            ) from error

    def _create(
        self, command: Command, env: Mapping[str, str], mounts: list[str], user: str | None = None
    ) -> str:
        """Create a container; without a user it runs as the image says."""
        host = self._api.create_host_config(
            network_mode="host",
            binds=mounts,
            mem_limit=self._memory,
            memswap_limit=self._memory,
            log_config={"Type": "none"},  # the lines go only to CloudWatch, not to the disk
        )
        name, _, value = self._label.partition("=")
        made = self._api.create_container(
            command.image,
            command=list(command.arguments),
            entrypoint=list(command.entrypoint) or None,
            environment=dict(env),
            user=user,
            labels={name: value},
            host_config=host,
        )
        return str(made["Id"])

    def _hand_over(self, image: str, mount: str) -> None:
        """Change the owner of root's files to the emulator's user, who could not remove them.

        Containers run as root, as on SageMaker. Only root may change owners: a container does it.
        """
        if os.geteuid() == 0:
            return
        owner = f"{os.geteuid()}:{os.getegid()}"
        chown = Command(image=image, entrypoint=("chown",), arguments=("-R", owner, "/opt/ml"))
        with forgiving(f"{image} leaves files of root"):
            identity = self._create(chown, {}, [mount], user="0")
            try:
                self._api.start(identity)
                self._api.wait(identity)
            finally:
                remove(self._api, identity)

    def _remove_all(self) -> None:
        with forgiving("containers may be left"):
            for container in self._api.containers(all=True, filters={"label": self._label}):
                remove(self._api, container["Id"])
