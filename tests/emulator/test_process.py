"""The emulator as a process: how it starts and ends, and that it leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import time
from pathlib import Path

import pytest

from helpers.emulator.clients import Aws
from helpers.kit.waiting import eventually

pytestmark = pytest.mark.slow

SLEEPER = """
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen(["sleep", "4322"], start_new_session=True)
time.sleep(600)
"""


def sleepers(work):
    """Return the processes of this folder's containers."""
    mark = f"SAGEMAKER_EMULATOR_CONTAINER={work}#".encode()
    return [p.name for p in Path("/proc").glob("[0-9]*") if mark in environment(p)]


def environment(process):
    try:
        return (process / "environ").read_bytes()
    except OSError:
        return b""


def sleeping_job(emulator):
    aws = Aws(emulator.url)
    aws.run(SLEEPER)
    eventually(lambda: len(sleepers(emulator.work)) >= 2)
    return aws


def test_it_prints_one_line_when_it_serves_on_a_wanted_port(start):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    emulator = start("--port", port)
    assert emulator.line == f"ready http://127.0.0.1:{port}\n"
    emulator.process.send_signal(signal.SIGTERM)
    assert emulator.process.communicate(timeout=30)[0] == ""
    assert emulator.process.returncode == 0


def test_ctrl_c_in_the_middle_of_training_ends_every_process(start):
    emulator = start()
    sleeping_job(emulator)
    begun = time.monotonic()
    assert emulator.stop(signal.SIGINT) == 0
    assert time.monotonic() - begun < 15
    assert sleepers(emulator.work) == []
    assert [path.name for path in emulator.work.iterdir()] == ["lock"]


def test_what_a_killed_emulator_left_running_ends_when_the_next_one_starts(start):
    first = start()
    sleeping_job(first)
    first.stop(signal.SIGKILL)
    assert sleepers(first.work)
    second = start()
    assert second.line.startswith("ready")
    assert sleepers(second.work) == []


def test_it_ends_itself_when_idle(start):
    emulator = start("--idle-timeout", 1)
    assert emulator.process.wait(15) == 0


def test_requests_and_jobs_keep_it_up(start):
    emulator = start("--idle-timeout", 3)  # a slow machine needs two to make the clients
    aws = Aws(emulator.url)
    name = aws.run("time.sleep(600)")
    time.sleep(4)
    assert emulator.process.poll() is None
    aws.sm.stop_training_job(TrainingJobName=name)
    assert emulator.process.wait(20) == 0


def test_two_emulators_cannot_share_a_folder(start):
    first = start()
    second = start()
    assert second.process.wait(15) == 2
    assert "Another emulator uses the folder" in second.errors
    assert first.process.poll() is None


def test_a_port_that_is_taken_is_told(start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        emulator = start("--port", taken.getsockname()[1])
        assert emulator.process.wait(15) == 2
    assert "is in use" in emulator.errors


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--memory", 512), "--memory needs --docker"),
        (("--docker", "--memory", 1), "less than Docker's minimum"),
    ],
)
def test_a_memory_limit_that_cannot_hold_is_refused(start, options, words):
    emulator = start(*options)
    assert emulator.process.wait(15) == 2
    assert words in emulator.errors


def test_after_sigterm_nothing_is_left_and_nothing_was_written_outside_its_folder(start, tmp_path):
    before = set(tmp_path.iterdir())
    emulator = start()
    aws = sleeping_job(emulator)
    aws.put("large", os.urandom(8 << 20))
    opt_ml = Path("/opt/ml").exists()
    begun = time.monotonic()
    assert emulator.stop() == 0
    assert time.monotonic() - begun < 15
    assert sleepers(emulator.work) == []
    assert [path.name for path in emulator.work.iterdir()] == ["lock"]
    assert {path.name for path in set(tmp_path.iterdir()) - before} == {"work", "work.err"}
    assert Path("/opt/ml").exists() == opt_ml
