"""An inference container as a folder and a process: the real server, Octave workers and router."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from helpers.kit.paths import KIT
from helpers.kit.waiting import comes_true, eventually
from matlab_sagemaker import file_list
from matlab_sagemaker.project import build_context, config

if TYPE_CHECKING:
    from collections.abc import Iterator

PROBE = KIT / "tests/octave/handlers"
EXAMPLE = KIT / "examples/TrainAndDeployClassificationTree"


def lay_out_image(folder: Path, handler: Path) -> Path:
    """Make `folder` the root of an inference image for the handler code at `handler`."""
    context = build_context.inference(
        config.MatlabSection(engine="octave"), "Handler", file_list.folder_files(handler)
    )
    build_context.lay_out(context.files, folder)
    return folder


def ended(process: psutil.Process) -> bool:
    """Return whether a process is gone, reaped or not."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@dataclass
class Answer:
    """An HTTP response; header names in lower case."""

    code: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Server:
    """A running container."""

    process: subprocess.Popen[bytes]
    log_file: Path
    port: int = 0

    def request(
        self, method: str, path: str, body: bytes = b"", timeout_s: float = 30, **headers: str
    ) -> Answer:
        """Send one request on a connection of its own; `_` in a header's name becomes `-`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)
        try:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body or None, names)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())
        finally:
            connection.close()

    def probe(self, act: str, body: bytes = b"", **headers: str) -> Answer:
        """Make the probe handler do something."""
        return self.request("POST", "/invocations", body, X_Probe=act, **headers)

    def ping(self) -> int:
        """Return the status of a ping; SageMaker waits 2 s for it."""
        return self.request("GET", "/ping", timeout_s=2).code

    def wait_until_ready(self) -> None:
        """Wait until a ping succeeds."""
        assert comes_true(lambda: self.ping() == 200), self.log

    def wait_for_workers(self, count: int = 1) -> list[psutil.Process]:
        """Wait until so many workers are ready and return them."""
        assert comes_true(lambda: len(self.workers()) >= count), self.log
        return self.workers()

    def workers(self) -> list[psutil.Process]:
        """Return the worker processes that are ready."""
        children = {child.pid: child for child in psutil.Process(self.process.pid).children()}
        ready = [int(pid) for pid in re.findall(r"process (\d+)\) is ready", self.log)]
        return [children[pid] for pid in ready if pid in children and not ended(children[pid])]

    @property
    def log(self) -> str:
        """What the container has printed."""
        return self.log_file.read_text(errors="replace")

    def stop(self) -> tuple[int, float]:
        """Stop the container; return its exit code and the seconds that it took."""
        asked = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30), time.monotonic() - asked


def environment(scratch: Path, handler: str) -> dict[str, str]:
    """Return the environment of a container's processes, without the test's own settings."""
    return {
        "HOME": os.environ.get("HOME", "/"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "SAGEMAKER_BASE_DIR": str(scratch / "ml"),
        "SAGEMAKER_BIND_TO_PORT": "0",
        "SAGEMAKER_INFERENCE_HANDLER": handler,
        "MATLAB_SAGEMAKER_WORKERS": "1",
    }


@contextmanager
def serving(image: Path, scratch: Path, handler: str, **settings: str) -> Iterator[Server]:
    """Run an inference container; stop it and all its workers afterwards."""
    log_file = scratch / "log.txt"
    with (
        log_file.open("wb") as log,
        subprocess.Popen(
            [image / "run", "serve"],
            env={**environment(scratch, handler), **settings},
            stdout=log,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        server = Server(process, log_file)
        try:
            eventually(lambda: find_port(server) or process.poll() is not None)
            server.port = find_port(server)
            yield server
        finally:
            process.kill()


def find_port(server: Server) -> int:
    """Return the port in the log, or 0 if it has none yet."""
    found = re.search(r"Serving on port (\d+)", server.log)
    return int(found[1]) if found else 0
