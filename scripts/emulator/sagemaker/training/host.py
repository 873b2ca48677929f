"""A host of a training job: its /opt/ml, its container and its log stream."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from emulator.logs import TRAINING_GROUP, LogStream, pump

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping
    from pathlib import Path

    from emulator.containers.interface import Command, Container
    from emulator.sagemaker.world import World

    from .job import TrainingJob

_LAST_LINES_S = 30


class Host:
    """A machine of the job; ``name`` is algo-1, algo-2 and so on."""

    def __init__(self, world: World, job: TrainingJob, name: str, folder: Path) -> None:
        self._world = world
        self._job = job
        self._name = name
        self._folder = folder
        self._container: Container | None = None
        self._pump: threading.Thread | None = None
        self.base = folder / "opt_ml"

    def start(self, command: Command, env: Mapping[str, str]) -> None:
        """Start the container; its output goes to the host's log stream and to the metrics."""
        self._container = self._world.launcher.start(command, folder=self._folder, env=env)
        stream = f"{self._job.name}/{self._name}-{int(time.time())}"
        as_role = self._world.cloud.acting_as(self._job.scope, self._job.request["RoleArn"])
        log = LogStream(as_role.logs(self._job.scope), TRAINING_GROUP, stream)
        self._pump = pump(self._container.output, log, self._job.metrics.read)

    @property
    def exit_code(self) -> int | None:
        """The exit code, None while it runs; 0 for a host that was never started."""
        return self._container.exit_code if self._container else 0

    def stop(self, grace_s: float) -> None:
        """End the container."""
        if self._container:
            self._container.stop(grace_s)

    def close(self) -> None:
        """Wait until the last line of an ended container is in the log."""
        if self._container and self._pump:
            self._container.wait()
            self._pump.join(_LAST_LINES_S)
