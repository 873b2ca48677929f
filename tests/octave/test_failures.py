"""Failures caused on purpose: of workers, handlers and the server itself."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from helpers.kit.inference_container import ended, environment, lay_out_image, serving
from helpers.kit.waiting import comes_true, eventually

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from helpers.kit.inference_container import Server


def start_request(server: Server, act: str) -> tuple[threading.Thread, list[int]]:
    """Send a request from another thread, which appends the status to the list."""
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(server.probe(act).code))
    thread.start()
    time.sleep(0.3)
    return thread, codes


def socket_to(server: Server) -> socket.socket:
    """Connect to a server that may never answer."""
    return socket.create_connection(("127.0.0.1", server.port), timeout=10)


@pytest.mark.parametrize(
    ("act", "words"),
    [("exit", b"exit code 7"), ("kill", b"signal 9"), ("garbage", b"not the start of a frame")],
)
def test_a_worker_that_ends_costs_its_own_request_only(server: Server, act: str, words: bytes):
    answer = server.probe(act)
    assert answer.code == 500
    assert words in answer.body
    assert server.probe("echo", b"next").body == b"next"


def test_a_worker_that_is_killed_while_idle_is_replaced(server: Server):
    [worker] = server.wait_for_workers()
    worker.kill()
    eventually(lambda: f"(process {worker.pid}) ended by signal 9" in server.log)
    assert [server.probe("echo", b"x").code for _ in range(2)] == [200, 200]
    [replaced] = server.wait_for_workers()
    assert replaced.pid != worker.pid


def test_a_worker_in_a_crash_loop_is_started_ever_later(server: Server):
    started = time.monotonic()
    for _ in range(4):
        assert server.probe("exit").code == 500
    assert server.probe("echo", b"calm").body == b"calm"
    assert time.monotonic() - started > 0.25 + 0.5 + 1.0


def test_a_request_that_takes_too_long_is_stopped_with_all_it_started(
    probe_image: Path, tmp_path: Path
):
    with serving(probe_image, tmp_path, "ProbeHandler", MATLAB_SAGEMAKER_TIMEOUT="1") as server:
        server.wait_until_ready()
        assert server.probe("hang").code == 504
        assert server.probe("echo", b"next").body == b"next"
        assert server.probe("child").code == 504
        child = int(re.findall(r"^(\d+)$", server.log, re.MULTILINE)[-1])
        eventually(lambda: not psutil.pid_exists(child) or ended(psutil.Process(child)))


def test_a_request_that_finds_no_free_worker_in_time_is_told_so(probe_image: Path, tmp_path: Path):
    with serving(probe_image, tmp_path, "ProbeHandler", MATLAB_SAGEMAKER_TIMEOUT="2") as server:
        server.wait_until_ready()
        slow, codes = start_request(server, "sleep 1.5")
        queued = [start_request(server, "sleep 1.5") for _ in range(2)]
        for thread, found in [(slow, codes), *queued]:
            thread.join()
            assert found
        assert codes == [200]
        assert sorted(code for _, found in queued for code in found) == [200, 503]


def test_a_ping_is_503_until_a_worker_is_ready(probe_image: Path, tmp_path: Path):
    with serving(probe_image, tmp_path, "ProbeHandler") as server:
        assert server.ping() == 503
        server.wait_until_ready()


@pytest.mark.parametrize("handler", ["NoSuchHandler", "", "BrokenHandler"])
def test_a_handler_that_cannot_be_used_is_given_up_with_its_reason(tmp_path: Path, handler: str):
    code = tmp_path / "code"
    code.mkdir()
    (code / "BrokenHandler.m").write_text("classdef BrokenHandler <\n")
    image = lay_out_image(tmp_path / "image", code)
    with serving(image, tmp_path, handler) as server:
        waiting, codes = start_request(server, "echo")
        assert comes_true(lambda: "giving up" in server.log), server.log
        waiting.join(timeout=2)
        assert codes == [503]  # at once, not after the time-out
        assert server.ping() == 410
        assert server.probe("echo").code == 503
        assert "did not get ready" in server.log
        assert server.stop()[0] == 0


def test_sigterm_ends_an_idle_server_and_its_workers_soon(probe_image: Path, tmp_path: Path):
    with serving(probe_image, tmp_path, "ProbeHandler", MATLAB_SAGEMAKER_WORKERS="2") as server:
        workers = server.wait_for_workers(2)
        code, took_s = server.stop()
        assert code == 0
        assert took_s < 2
        assert all(ended(worker) for worker in workers)


def test_sigterm_lets_a_short_request_finish(probe_image: Path, tmp_path: Path):
    with serving(probe_image, tmp_path, "ProbeHandler") as server:
        server.wait_until_ready()
        request, codes = start_request(server, "sleep 1")
        code, took_s = server.stop()
        request.join()
        assert (code, codes) == (0, [200])
        assert took_s < 5


def test_sigterm_does_not_wait_for_a_long_request(probe_image: Path, tmp_path: Path):
    with serving(probe_image, tmp_path, "ProbeHandler") as server:
        [worker] = server.wait_for_workers()
        with socket_to(server) as client:
            client.sendall(
                b"POST /invocations HTTP/1.1\r\nHost: x\r\nX-Probe: hang\r\n"
                b"Content-Length: 0\r\n\r\n"
            )
            time.sleep(0.3)
            code, took_s = server.stop()
        assert code == 0
        assert took_s < 5
        assert ended(worker)


def test_workers_do_not_outlive_a_server_that_is_killed(probe_image: Path, tmp_path: Path):
    with serving(probe_image, tmp_path, "ProbeHandler", MATLAB_SAGEMAKER_WORKERS="2") as server:
        workers = server.wait_for_workers(2)
        with socket_to(server) as client:
            client.sendall(
                b"POST /invocations HTTP/1.1\r\nHost: x\r\nX-Probe: hang\r\n"
                b"Content-Length: 0\r\n\r\n"
            )
            time.sleep(0.3)
            server.process.send_signal(signal.SIGKILL)
            eventually(lambda: all(ended(worker) for worker in workers), limit_s=3)


@pytest.mark.parametrize("words", [[], ["train"], ["serve", "twice"]])
def test_other_words_than_serve_are_refused_with_usage(
    probe_image: Path, tmp_path: Path, words: list[str]
):
    code, errors = run(probe_image, words, environment(tmp_path, "ProbeHandler"))
    assert code == 2
    assert "usage: python3 -m server serve" in errors


def test_a_bad_setting_ends_the_server_with_its_name(probe_image: Path, tmp_path: Path):
    settings = {**environment(tmp_path, "ProbeHandler"), "MATLAB_SAGEMAKER_WORKERS": "many"}
    code, errors = run(probe_image, ["serve"], settings)
    assert code == 1
    assert "MATLAB_SAGEMAKER_WORKERS is 'many'" in errors


def test_an_image_without_octave_says_so_at_once(probe_image: Path, tmp_path: Path):
    for name, program in (("sh", "/bin/sh"), ("dirname", "/usr/bin/dirname")):
        (tmp_path / name).symlink_to(program)
    (tmp_path / "python3").symlink_to(sys.executable)
    packages = str(Path(pytest.__file__).parents[1])
    code, errors = run(probe_image, ["serve"], {"PATH": str(tmp_path), "PYTHONPATH": packages})
    assert code == 1
    assert "there is no octave-cli on PATH" in errors


def run(image: Path, words: list[str], settings: dict[str, str]) -> tuple[int, str]:
    """Run a container that should end by itself; return its exit code and errors."""
    done = subprocess.run(
        [image / "run", *words],
        env=settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    return done.returncode, done.stderr
