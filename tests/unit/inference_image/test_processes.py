"""Processes of the container, and when the microservice counts as ready."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from front import read_settings
from helpers.kit.paths import KIT
from helpers.kit.waiting import eventually
from launcher import Launcher, choose_port
from processes import (
    exit_code,
    free_port,
    service_environment,
    signal_group,
    signal_process,
    spawn,
)
from readiness import Readiness
from variables import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from front import Settings


def end_of(command: list[str], **environment: str) -> int:
    """Run a command to its end and return its exit code."""
    return exit_code(os.waitpid(spawn(command, {**os.environ, **environment}), 0)[1])


@pytest.mark.parametrize(("code", "script"), [(0, "true"), (7, "exit 7"), (137, "kill -9 $$")])
def test_an_exit_code_is_the_process_own_or_128_and_the_signal(code: int, script: str):
    assert end_of(["sh", "-c", script]) == code


def test_a_child_is_ended_by_a_broken_pipe_although_python_ignores_that():
    assert end_of(["bash", "-c", "set -o pipefail; yes | head -n 1 > /dev/null"]) == 141


def test_a_process_leads_a_group_of_its_own():
    pid = spawn(["sh", "-c", "sleep 60 & wait"], os.environ)
    eventually(lambda: os.getpgid(pid) == pid)
    signal_group(pid, signal.SIGKILL)
    assert exit_code(os.waitpid(pid, 0)[1]) == 137


@pytest.mark.parametrize("send", [signal_process, signal_group])
def test_signalling_nobody_or_the_dead_changes_nothing(send: Callable[[int, int], None]):
    send(0, signal.SIGKILL)
    pid = spawn(["true"], os.environ)
    os.waitpid(pid, 0)
    send(pid, signal.SIGKILL)


def test_a_stop_that_finds_the_microservice_gone_is_a_stop(tmp_path: Path):
    launcher = Launcher(read_settings({"MATLAB_SAGEMAKER_COMMAND": '["true"]'}), 0, {}, tmp_path)
    launcher._service = spawn(["true"], os.environ)
    os.waitpid(launcher._service, 0)
    launcher._stop()
    signal.alarm(0)  # no process is left to kill at the end of the grace period
    assert launcher._stopping


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"MATLAB_SAGEMAKER_LIBRARY_PATH": "/m", "A": "1"}, {"LD_LIBRARY_PATH": "/m", "A": "1"}),
        ({"MATLAB_SAGEMAKER_LIBRARY_PATH": "", "A": "1"}, {"A": "1"}),
        ({"A": "1"}, {"A": "1"}),
    ],
)
def test_the_microservice_gets_the_images_library_path_again(
    environ: dict[str, str], expected: dict[str, str]
):
    assert service_environment(environ) == expected


class Microservice(BaseHTTPRequestHandler):
    """Answers each path with the current status of the test."""

    statuses: dict[str, int]

    def do_GET(self) -> None:
        self.send_response(self.statuses[self.path])
        self.end_headers()
        self.wfile.write(b"the model is missing")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[tuple[int, dict[str, int]]]:
    """A port, and the statuses that it answers with."""
    Microservice.statuses = {"/api/health": 200, "/ping": 200}
    server = ThreadingHTTPServer(("127.0.0.1", 0), Microservice)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1], Microservice.statuses
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("route", [200, 404])
def test_a_microservice_is_ready_when_it_is_healthy_and_pings_or_has_no_route_for_that(
    service: tuple[int, dict[str, int]], tmp_path: Path, route: int
):
    service[1]["/ping"] = route
    readiness = Readiness(service[0], tmp_path / "ready")
    eventually((tmp_path / "ready").exists)
    assert readiness.cancel()
    assert not (tmp_path / "ready").exists()


@pytest.mark.parametrize("path", ["/api/health", "/ping"])
def test_a_microservice_that_refuses_is_not_ready_until_it_accepts(
    service: tuple[int, dict[str, int]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    path: str,
):
    service[1][path] = 500
    Readiness(service[0], tmp_path / "ready")
    time.sleep(0.5)
    assert not (tmp_path / "ready").exists()
    assert capsys.readouterr().out.count(f"GET {path} with 500: the model is missing") == 1
    service[1][path] = 200
    eventually((tmp_path / "ready").exists)


def test_a_start_that_is_over_never_becomes_ready(
    service: tuple[int, dict[str, int]], tmp_path: Path
):
    service[1]["/ping"] = 500
    readiness = Readiness(service[0], tmp_path / "ready")
    time.sleep(0.2)
    assert not readiness.cancel()
    service[1]["/ping"] = 200
    time.sleep(1)
    assert not (tmp_path / "ready").exists()


def test_a_port_where_nobody_listens_is_asked_again(tmp_path: Path):
    readiness = Readiness(free_port(), tmp_path / "ready")
    time.sleep(0.3)
    assert not readiness.cancel()


def two_ports() -> tuple[socket.socket, int]:
    """Return a socket on a port, and the next port, which is free."""
    while True:
        taken = socket.create_server(("127.0.0.1", 0))
        port = taken.getsockname()[1] + 1
        try:
            return taken, free_port([port])
        except OSError:
            taken.close()


def with_range(ports: str, **others: str) -> Settings:
    named = {"SAGEMAKER_SAFE_PORT_RANGE": ports, "MATLAB_SAGEMAKER_COMMAND": '["true"]'}
    return read_settings({**named, **others})


def test_the_microservices_port_is_the_free_one_of_sagemakers_range():
    taken, free = two_ports()
    with taken:
        assert choose_port(with_range(f"{free - 1}-{free}")) == free
        full = {"SAGEMAKER_BIND_TO_PORT": str(free)}  # nginx will have that one
        with pytest.raises(SettingsError, match=f"{free - 1}-{free}"):
            choose_port(with_range(f"{free - 1}-{free}", **full))


@pytest.mark.parametrize("words", [[], ["train"], ["serve", "now"]])
def test_other_words_than_serve_are_refused_with_usage(words: list[str]):
    path = {"PYTHONPATH": str(KIT / "docker/common"), "PATH": os.environ["PATH"]}
    command = [sys.executable, KIT / "docker/inference/launcher.py", *words]
    done = subprocess.run(command, env=path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "usage: launcher.py serve" in done.stderr
