"""Runs MATLAB or GNU Octave as a child process: starts it, stops it and reports how it ended."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
from typing import TYPE_CHECKING

from failure import JobError
from source_path import (
    OCTAVE,
    add_to_path,
    dying_with_parent,
    prepare_octave,
    source_folders,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from relay import Relay

STATEMENT = "exit(sagemaker_training.main())"
STARTED = "MATLAB_SAGEMAKER_STARTED"  # names a file that MATLAB creates when it runs the statement
# Without that file, matlab-batch has ended before MATLAB ran, usually because of the licence.
TELL_STARTED = f"fclose(fopen(getenv('{STARTED}'), 'w')); "
ENGINES = ("matlab", "octave")


def engine_name(environ: Mapping[str, str]) -> str:
    """Read which engine the image has. Raises JobError if the image does not say."""
    name = environ.get("MATLAB_SAGEMAKER_ENGINE", "")
    if name not in ENGINES:
        raise JobError(
            "sagemaker_training:engine:unknown",
            f"MATLAB_SAGEMAKER_ENGINE is {name!r}.",
            "The training image must set it, to say which engine it contains.",
            f"Set it to one of {', '.join(ENGINES)} in the image.",
        )
    return name


def engine_command(engine: str, root: Path, search_path: str) -> list[str]:
    """Make the command that trains with `engine`, whose program must be on `search_path`."""
    command = _matlab(root, search_path) if engine == "matlab" else _octave(root)
    if shutil.which(command[0], path=search_path) is None:
        raise JobError(
            "sagemaker_training:engine:missing",
            f"The engine {engine} is not in this image: there is no {command[0]} on PATH.",
            f"The image says MATLAB_SAGEMAKER_ENGINE={engine}.",
            "Build the training image again, for this engine.",
        )
    return dying_with_parent(command, search_path)


def _matlab(root: Path, search_path: str) -> list[str]:
    # Uses addpath, because it is not confirmed that matlab-batch reads MATLABPATH.
    statement = TELL_STARTED + add_to_path(source_folders(root / "matlab")) + STATEMENT
    if shutil.which("matlab-batch", path=search_path):
        return ["matlab-batch", statement]
    return ["matlab", "-batch", statement]


def _octave(root: Path) -> list[str]:
    folders = [*source_folders(root / "compat"), *source_folders(root / "matlab")]
    return [*OCTAVE, prepare_octave(folders) + STATEMENT]


def octave_release() -> str:
    """Ask Octave for its version; it prints, for example, "GNU Octave, version 7.3.0"."""
    said = subprocess.run([OCTAVE[0], "--version"], capture_output=True, text=True, check=False)
    return said.stdout.partition("\n")[0].rpartition(" ")[2]


class Engine:
    """The engine's process group, which can be stopped at any time.

    A stop creates the empty file `stop_flag`; `grace_s` seconds later the group gets SIGTERM.
    SageMaker itself kills everything 120 s after its own SIGTERM.
    """

    def __init__(self, stop_flag: Path, grace_s: float) -> None:
        self._wish = threading.Event()
        self._stop_flag = stop_flag
        self._grace_s = grace_s
        self._process: subprocess.Popen[bytes] | None = None

    def stopping(self) -> bool:
        """Whether a stop was requested; then a non-zero exit code is not a failure."""
        return self._wish.is_set()

    def stop(self, *_: object) -> None:
        """Ask the engine to end. Also a signal handler."""
        self._wish.set()
        self._stop_flag.parent.mkdir(parents=True, exist_ok=True)
        self._stop_flag.touch()
        if self._process:
            timer = threading.Timer(self._grace_s, self._signal, [signal.SIGTERM])
            timer.daemon = True
            timer.start()

    def run(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        relay: Relay | None = None,
    ) -> int:
        """Run the engine in `folder` to its end and return its exit code, 128+n for signal n.

        It prints to the log directly, or through `relay`.
        """
        if self.stopping():
            return 128 + signal.SIGTERM
        self._process = _start(command, environment, folder, piped=relay is not None)
        if self.stopping():  # requested while the process was starting
            self._signal(signal.SIGTERM)
        if relay and self._process.stdout:
            relay.start(self._process.stdout)
        code = self._process.wait()
        self._signal(signal.SIGKILL)  # processes that the user's code left running
        if relay:
            relay.finish()
        return code if code >= 0 else 128 - code

    def _signal(self, number: signal.Signals) -> None:
        if self._process:
            try:
                os.killpg(self._process.pid, number)
            except ProcessLookupError:
                return


def _start(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, *, piped: bool
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        env=environment,
        cwd=folder,
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if piped else None,
        stderr=subprocess.STDOUT if piped else None,
    )
