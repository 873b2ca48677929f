"""The emulator's process: started once, reused by the next demo, stopped with all that it runs."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("RUNNER_TEMP", ROOT)) / ".demo"
STATE = FOLDER / "emulator.json"  # {"url": ..., "pid": ..., "docker": ...}
LOG = FOLDER / "emulator.log"
IDLE_MINUTES = 30
_STARTING_S, _STOPPING_S = 60, 30


def start(with_docker: bool) -> str:
    """Start the emulator unless it is running; return its URL."""
    if url := running(with_docker):
        return url
    stop()  # one with the other setting of `with_docker`
    FOLDER.mkdir(exist_ok=True)
    work = (
        "--enforce-iam",
        "--work",
        str(FOLDER / "emulator"),
        *(["--docker"] if with_docker else []),
    )
    command = [sys.executable, str(ROOT / "scripts"), "emulator", *work]
    with LOG.open("wb") as log:
        process = subprocess.Popen(
            [*command, "--idle-timeout", str(IDLE_MINUTES * 60)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # it keeps running after this terminal closes
        )
    try:
        url = _wait_ready(process)
    except BaseException:
        process.terminate()
        raise
    STATE.write_text(
        json.dumps({"url": url, "pid": process.pid, "docker": with_docker}), encoding="utf-8"
    )
    return url


def running(with_docker: bool) -> str | None:
    """Find the URL of the emulator of an earlier demo; None if none is running."""
    state = _state()
    if state and _is_emulator(state["pid"]) and state.get("docker") == with_docker:
        return str(state["url"])
    return None


def _state() -> dict[str, Any] | None:
    try:
        return dict(json.loads(STATE.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def _is_emulator(pid: int) -> bool:
    """Check whether `pid` is our emulator; another process may have got its number since."""
    with contextlib.suppress(ChildProcessError):  # reap it if it was a child of this process
        os.waitpid(pid, os.WNOHANG)
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return str(FOLDER / "emulator").encode() in words


def stop() -> bool:
    """Stop the emulator and all that it runs; return whether there was one."""
    state = _state()
    STATE.unlink(missing_ok=True)
    if state is None or not _is_emulator(state["pid"]):
        return False
    os.kill(state["pid"], signal.SIGTERM)
    for _ in range(_STOPPING_S * 20):
        if not _is_emulator(state["pid"]):
            break
        time.sleep(0.05)
    return True


def _wait_ready(process: subprocess.Popen[bytes]) -> str:
    """Wait for the line `ready <URL>` in the emulator's log; return the URL."""
    for _ in range(_STARTING_S * 20):
        for line in LOG.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("ready "):
                return line.split()[1]
        if process.poll() is not None:
            break
        time.sleep(0.05)
    sys.exit(f"error: the emulator did not start. Its log, {LOG}, ends with:\n{_tail()}")


def _tail() -> str:
    return "\n".join(LOG.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
