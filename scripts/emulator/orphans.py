"""Ends processes by a mark in their environment, which all their descendants inherit."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

MARK = "SAGEMAKER_EMULATOR_CONTAINER"
"""Environment variable that every process of a container inherits: <work folder>#<container>."""


def end_marked(mark: str) -> None:
    """SIGKILL every process whose environment contains the mark, until none is left (Linux)."""
    needle = f"{MARK}={mark}".encode()
    for _ in range(100):
        found = [pid for pid in _processes() if needle in _environment(pid)]
        if not found:
            return
        for pid in found:
            _kill(pid)
        time.sleep(0.01)


def _processes() -> list[int]:
    proc = Path("/proc")
    return [int(p.name) for p in proc.iterdir() if p.name.isdigit()] if proc.is_dir() else []


def _environment(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:  # it has ended, or belongs to another user
        return b""


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
