"""The emulator's process: started once, found again by the next demo, stopped with all it runs."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".demo"
STATE = FOLDER / "emulator.json"  # {"url": ..., "pid": ...}
LOG = FOLDER / "emulator.log"
IDLE_MINUTES = 30
_STARTING_S, _STOPPING_S = 60, 30


def start() -> str:
    """Return the address of the running emulator, started if there is none."""
    if url := running():
        return url
    FOLDER.mkdir(exist_ok=True)
    work = ("--work", str(FOLDER / "emulator"))
    command = [sys.executable, str(ROOT / "scripts"), "emulator", *work]
    with LOG.open("wb") as log:
        process = subprocess.Popen(
            [*command, "--idle-timeout", str(IDLE_MINUTES * 60)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # it outlives this terminal
        )
    try:
        url = _wait_ready(process)
    except BaseException:
        process.terminate()
        raise
    STATE.write_text(json.dumps({"url": url, "pid": process.pid}), encoding="utf-8")
    return url


def running() -> str | None:
    """Return the address of an emulator that an earlier demo started and that still answers."""
    if not STATE.is_file():
        return None
    url = str(json.loads(STATE.read_text(encoding="utf-8"))["url"])
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310 (our own, on this machine)
            return url
    except urllib.error.HTTPError:
        return url  # it answers: that is all that is asked
    except OSError:
        return None


def stop() -> bool:
    """Stop the emulator and all that it runs; tell whether there was one."""
    if running() is None:
        STATE.unlink(missing_ok=True)
        return False
    pid = int(json.loads(STATE.read_text(encoding="utf-8"))["pid"])
    os.kill(pid, signal.SIGTERM)
    for _ in range(_STOPPING_S * 20):
        if not _alive(pid):
            break
        time.sleep(0.05)
    STATE.unlink(missing_ok=True)
    return True


def _alive(pid: int) -> bool:
    with contextlib.suppress(ChildProcessError):  # it may be our own child, or a former demo's
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _wait_ready(process: subprocess.Popen[bytes]) -> str:
    """Return the address from the emulator's line `ready <address>`."""
    for _ in range(_STARTING_S * 20):
        for line in LOG.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("ready "):
                return line.split()[1]
        if process.poll() is not None:
            break
        time.sleep(0.05)
    sys.exit(f"error: the emulator did not start. Its log, {LOG}, ends so:\n{_tail()}")


def _tail() -> str:
    return "\n".join(LOG.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
