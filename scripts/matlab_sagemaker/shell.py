"""The only place that runs other programs: from a list of words, never a shell command string."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import ImageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


# Not passed on: MATLAB's batch token, which few programs need; the right to get GitHub's tokens;
# and the files with which rehearsed user code could change this step or later ones.
_WITHHELD = {
    *("MLM_LICENSE_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"),
    *("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"),
}
_GRACE_S = 5


def typed(command: Sequence[str], *, on_windows: bool = os.name == "nt") -> str:
    """Return the text that a person types to run `command`; Windows has no single quotes."""
    return subprocess.list2cmdline(command) if on_windows else shlex.join(command)


def run(command: Sequence[str], *, what: str) -> str:
    """Return what `command` prints; raise ImageError with its last lines if it fails.

    `what` names the command in the message.
    """
    lines: list[str] = []
    code = stream(command, {}, lines.append)
    if code:
        tail = "\n".join(lines[-20:])
        raise ImageError(f"{what} failed (exit code {code}).", why=tail)
    return "\n".join(lines)


def stream(
    command: Sequence[str], environment: Mapping[str, str], line: Callable[[str], None]
) -> int:
    """Run `command`, pass each line that it prints to `line`, and return its exit code.

    The command inherits this process's variables, except those in _WITHHELD. `environment` sets
    others, or removes those with an empty value; only there can a withheld one be passed on. If
    this process is cancelled, the command is ended first. 127: the program cannot be started.
    """
    try:
        process = subprocess.Popen(
            command,
            env=_variables(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        line(f"{command[0]} cannot be started: {error.strerror}")
        return 127
    with process:
        try:
            for text in process.stdout or ():
                line(text.rstrip("\n"))
        except BaseException:
            _end(process)
            raise
    return process.returncode


def attach(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run `command` in this process's terminal and return its exit code; otherwise as `stream`."""
    return subprocess.run(command, env=_variables(environment), check=False).returncode


def _variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Compose the variables of a command."""
    hidden = {*_WITHHELD, *environment}
    inherited = {name: value for name, value in os.environ.items() if name not in hidden}
    return {**inherited, **{name: value for name, value in environment.items() if value}}


def _end(process: subprocess.Popen[str]) -> None:
    """End a command and all that it started: with SIGTERM, then SIGKILL if that is not enough."""
    if not hasattr(os, "killpg"):  # Windows, where only the command itself can be ended
        process.kill()
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_S)
            return
