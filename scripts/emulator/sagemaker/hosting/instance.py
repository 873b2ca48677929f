"""An instance of a production variant: a serving container, restarted when it ends."""

from __future__ import annotations

import contextlib
import itertools
import random
import socket
import threading
import time
from typing import TYPE_CHECKING

import urllib3

from emulator import storage
from emulator.errors import PlatformError
from emulator.logs import pump
from emulator.sagemaker.execution_roles import role_environment

from .model_data import fetch

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from emulator.cloud import Scope
    from emulator.containers.interface import Container, PulledImage
    from emulator.logs import LogStream
    from emulator.sagemaker.world import World

    from .models import ModelContainer

_PING_TIMEOUT_S = 2.0
"""Source, for this and the two below: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html."""
_STOP_GRACE_S = 30
_INVOCATION_S = 60
_LEAST_INVOCATION_S = 5.0
"""The least time in seconds, whatever the time scale: this machine may be busy."""
_RESTART_S = (0.0, 1.0, 5.0, 15.0, 30.0)
_PING_EVERY_S = 0.05
_PORTS = range(20_000, 32_000)  # Linux uses ports from 32768 for outgoing connections


class Instance:
    """A machine that serves one model."""

    def __init__(
        self, world: World, scope: Scope, model: ModelContainer, folder: Path, log: LogStream
    ) -> None:
        self._world = world
        self._scope = scope
        self._model = model
        self._folder = folder
        self._log = log
        self._container: Container | None = None
        self._pool: urllib3.HTTPConnectionPool | None = None
        self._stopping = threading.Event()
        self._starting = threading.Lock()
        self._answering = 0
        self._idle = threading.Condition()
        self._image: PulledImage | None = None
        self._env: Mapping[str, str] = {}
        self.healthy = False

    def start(self) -> PulledImage:
        """Fetch image and model data, and start the container; raises PlatformError."""
        as_role = self._world.cloud.acting_as(self._scope, self._model.role)
        self._image = self._world.images.pull(self._model.image, self._scope, self._model.role)
        role = role_environment(self._world.cloud, self._scope, self._model.role)
        self._env = {**self._image.env, **role, **self._model.environment}
        model = self._folder / "opt_ml" / "model"
        model.mkdir(parents=True)
        fetch(as_role.s3(self._scope), self._model.data_uri, model)
        storage.make_read_only(model)
        self._launch(self._image)
        return self._image

    def wait_healthy(self, timeout_s: float) -> bool:
        """Ping until the container answers 200; return False if it ends or time runs out."""
        end = time.monotonic() + timeout_s
        while time.monotonic() < end and not self._stopping.is_set() and self._alive:
            if self._ping():
                self.healthy = True
                return True
            time.sleep(_PING_EVERY_S)
        return False

    def keep_alive(self, timeout_s: float) -> None:
        """Restart the container whenever it ends; ``timeout_s`` as in wait_healthy."""
        thread = threading.Thread(target=self._supervise, args=(timeout_s,), daemon=True)
        thread.start()

    def invoke(self, body: bytes, headers: Mapping[str, str]) -> urllib3.BaseHTTPResponse:
        """POST to /invocations over a connection that stays open; raises urllib3's errors."""
        pool = self._pool
        if pool is None:
            raise urllib3.exceptions.HTTPError("the container is not started")
        seconds = max(self._world.settings.scaled(_INVOCATION_S), _LEAST_INVOCATION_S)
        with self._idle:
            self._answering += 1
        try:
            return pool.urlopen(
                "POST",
                "/invocations",
                body=body,
                headers=headers,
                timeout=seconds,
                retries=False,
                redirect=False,
                decode_content=False,
            )
        finally:
            with self._idle:
                self._answering -= 1
                self._idle.notify_all()

    def stop(self) -> None:
        """Wait until open requests are answered, then end the container."""
        with self._starting:
            self._stopping.set()
        self.healthy = False
        with self._idle:
            limit = self._world.settings.scaled(_INVOCATION_S)
            self._idle.wait_for(lambda: not self._answering, limit)
        if self._container:
            self._container.stop(self._world.settings.scaled(_STOP_GRACE_S))
        if self._pool:
            self._pool.close()
        storage.remove_tree(self._folder)

    @property
    def _alive(self) -> bool:
        return self._container is not None and self._container.exit_code is None

    def _launch(self, image: PulledImage) -> None:
        port = _free_port()
        self._container = self._world.launcher.start(
            image.command("serve"),
            folder=self._folder,
            env={**self._env, "SAGEMAKER_BIND_TO_PORT": str(port)},
            readonly_model=True,
        )
        pump(self._container.output, self._log)
        self._pool = urllib3.HTTPConnectionPool(
            "127.0.0.1", port, maxsize=64, timeout=_PING_TIMEOUT_S
        )

    def _ping(self) -> bool:
        if self._pool is None:
            return False
        try:
            return self._pool.urlopen("GET", "/ping", retries=False, redirect=False).status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def _supervise(self, timeout_s: float) -> None:
        """Restart the container whenever it ends, with growing pauses, until the instance stops."""
        for delay_s in itertools.chain(_RESTART_S, itertools.repeat(_RESTART_S[-1])):
            if self._container is None:
                return
            self._container.wait()
            self.healthy = False
            if self._stopping.is_set() or self._world.launcher.closed:
                return
            code = self._container.exit_code
            self._log.write([f"[emulator] container exited with code {code}; starting it again"])
            self._stopping.wait(self._world.settings.scaled(delay_s))
            self._start_again()
            self.wait_healthy(timeout_s)

    def _start_again(self) -> None:
        with self._starting:  # do not start a container while the instance stops
            if self._image is None or self._stopping.is_set():
                return
            try:
                self._launch(self._image)
            except PlatformError as error:
                self._log.write([f"[emulator] {error}"])


def _free_port() -> int:
    """Find a port that nothing listens on.

    It is not in the kernel's range for outgoing connections, which could take it before the
    container listens.
    """
    for port in random.sample(_PORTS, len(_PORTS)):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise PlatformError("no port is free for the container")
