"""The only door to other programs. A list of words, never a shell's string."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import ImageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


# MATLAB's batch token, which few programs need; and what none needs: the right to GitHub's tokens,
# and the files by which a user's code that is rehearsed could change this step and those after it.
_WITHHELD = {
    *("MLM_LICENSE_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"),
    *("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"),
}
_GRACE_S = 5


def run(command: Sequence[str], *, what: str) -> str:
    """Return what `command` printed; raise ImageError saying that `what` failed, and its output."""
    lines: list[str] = []
    code = stream(command, {}, lines.append)
    if code:
        tail = "\n".join(lines[-20:])
        raise ImageError(f"{what} failed (exit code {code}).", why=tail)
    return "\n".join(lines)


def stream(
    command: Sequence[str], environment: Mapping[str, str], line: Callable[[str], None]
) -> int:
    """Run `command`, give each line that it prints to `line`, and return its exit code.

    It sees this process's variables, but those in `environment` as they stand there: with another
    value or, where that is empty, not at all. A secret of ours is seen only where it is given so.
    When this process is cancelled the command ends before it. 127: there is no such program.
    """
    try:
        process = subprocess.Popen(
            command,
            env=_seen(environment),
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
    """Run `command` on this process's own terminal and return its exit code; see `stream`."""
    return subprocess.run(command, env=_seen(environment), check=False).returncode


def _seen(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that a command sees."""
    hidden = {*_WITHHELD, *environment}
    inherited = {name: value for name, value in os.environ.items() if name not in hidden}
    return {**inherited, **{name: value for name, value in environment.items() if value}}


def _end(process: subprocess.Popen[str]) -> None:
    """End a command and all that it started: SIGTERM, and SIGKILL for what does not go."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_S)
            return
