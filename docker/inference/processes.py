"""Processes of the container: started, signalled, their ends told. Nothing is kept here."""

from __future__ import annotations

import os
import signal
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

from source_path import dying_with_parent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LIBRARY_PATH = "MATLAB_SAGEMAKER_LIBRARY_PATH"  # LD_LIBRARY_PATH, kept aside by `run`


def spawn(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """Start a process in a session of its own and return its id."""
    words = dying_with_parent(list(command))
    stdin = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
    return os.posix_spawnp(
        words[0],
        words,
        environ,
        file_actions=[stdin],
        setsid=True,
        setsigmask=[],
        setsigdef=[signal.SIGPIPE],  # which Python ignores, and a child would go on ignoring
    )


def service_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the microservice: the image's own again."""
    kept = {name: text for name, text in environ.items() if name != LIBRARY_PATH}
    library_path = environ.get(LIBRARY_PATH)
    return {**kept, "LD_LIBRARY_PATH": library_path} if library_path else kept


def signal_process(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process alone; 0 is none."""
    if pid:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def signal_group(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process and all that it started; 0 is none."""
    if pid:
        with suppress(ProcessLookupError):
            os.killpg(pid, number)


def exit_code(status: int) -> int:
    """Return a process's exit code, 128+n for signal n."""
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def free_port(allowed: Iterable[int] = (0,)) -> int:
    """Return the first of these ports that nothing listens on now; 0 is any. OSError: none is."""
    for wanted in allowed:
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", wanted))
            port: int = probe.getsockname()[1]
            return port
    raise OSError("no port is free")
