"""Functions to start processes and send signals to them. They keep no state."""

from __future__ import annotations

import os
import signal
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

from source_path import dying_with_parent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LIBRARY_PATH = "MATLAB_SAGEMAKER_LIBRARY_PATH"  # `run` saves LD_LIBRARY_PATH in it


def spawn(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """Start a process in a new session and return its id."""
    words = dying_with_parent(list(command))
    stdin = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
    return os.posix_spawnp(
        words[0],
        words,
        environ,
        file_actions=[stdin],
        setsid=True,
        setsigmask=[],
        setsigdef=[signal.SIGPIPE],  # Python ignores it, and a child would inherit that
    )


def service_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the microservice's environment: the image's own, with its LD_LIBRARY_PATH."""
    kept = {name: text for name, text in environ.items() if name != LIBRARY_PATH}
    library_path = environ.get(LIBRARY_PATH)
    return {**kept, "LD_LIBRARY_PATH": library_path} if library_path else kept


def signal_process(pid: int, number: signal.Signals) -> None:
    """Send a signal only to a process; does nothing for id 0."""
    if pid:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def signal_group(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process and all processes in its group; does nothing for id 0."""
    if pid:
        with suppress(ProcessLookupError):
            os.killpg(pid, number)


def exit_code(status: int) -> int:
    """Return a process's exit code, 128+n for signal n."""
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def free_port(allowed: Iterable[int] = (0,)) -> int:
    """Find the first of these ports that is free; 0 means any. Raises OSError if none is."""
    for wanted in allowed:
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", wanted))
            port: int = probe.getsockname()[1]
            return port
    raise OSError("no port is free")
