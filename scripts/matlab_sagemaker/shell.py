"""run(): the only door to other programs. A list of words, never a shell's string."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import ImageError

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(command: Sequence[str], *, what: str) -> str:
    """Return what `command` printed; raise ImageError saying that `what` failed, and its output."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise ImageError(f"{what}: {command[0]} cannot be started: {error}.") from error
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-20:])
        raise ImageError(f"{what} failed (exit code {done.returncode}).", why=tail)
    return done.stdout
