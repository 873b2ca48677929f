"""Runs containers as processes; only this module starts and ends them, with all their children."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import uuid
from typing import TYPE_CHECKING

from emulator.errors import PlatformError
from emulator.orphans import MARK, end_marked

from .running import Running

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from emulator.logs import Output

    from .interface import Command

_MOUNT = r"""
set -e
base=$1 scratch=$2 readonly=$3
shift 3
if [ ! -d /opt/ml ]; then
    mkdir -p "$scratch/opt"
    mount -t tmpfs tmpfs "$scratch/opt"
    mkdir "$scratch/opt/upper" "$scratch/opt/work"
    mount -t overlay overlay /opt \
        -o "lowerdir=/opt,upperdir=$scratch/opt/upper,workdir=$scratch/opt/work"
    mkdir /opt/ml
fi
mount --bind "$base" /opt/ml
if [ "$readonly" = yes ]; then
    mount --bind "$base/model" /opt/ml/model
    mount -o remount,bind,ro /opt/ml/model
fi
exec "$@"
"""
"""Gives one process its own /opt/ml; an overlay on /opt keeps the machine's own /opt as it is."""

_UNPROTECTED = r"""
echo '[emulator] model folder is writable: no mounts here; on SageMaker it is read-only'
exec "$@"
"""
"""Printed for root, whom permissions do not stop from writing; only a mount would."""


class ProcessContainer:
    """One running container."""

    def __init__(self, process: subprocess.Popen[bytes], mark: str) -> None:
        self._process = process
        self._mark = mark

    @property
    def output(self) -> Output:
        """Standard output and error, in one pipe."""
        if not isinstance(self._process.stdout, io.BufferedReader):
            raise PlatformError("InternalServerError: the container has no output pipe.")
        return self._process.stdout

    @property
    def exit_code(self) -> int | None:
        """The exit code as Docker reports it (128 + signal); None while it runs."""
        code = self._process.poll()
        return 128 - code if code is not None and code < 0 else code

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait for the end; return False if it still runs after `timeout_s` seconds."""
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return False
        end_marked(self._mark)
        return True

    def terminate(self) -> None:
        """Ask the container's first process to end, as ``docker stop`` does."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the container and everything that it started."""
        self._signal(signal.SIGKILL)
        end_marked(self._mark)
        self._process.wait()

    def stop(self, grace_s: float) -> None:
        """Send SIGTERM, and SIGKILL if it still runs after `grace_s` seconds."""
        self.terminate()
        if not self.wait(grace_s):
            self.kill()

    def _signal(self, number: signal.Signals) -> None:
        if self._process.poll() is None:
            self._process.send_signal(number)


class ProcessLauncher:
    """Starts containers, and keeps track of them."""

    def __init__(self, work: Path) -> None:
        self._work = work.resolve()
        self._running: Running[ProcessContainer] = Running()
        end_marked(f"{self._work}#")  # containers of an emulator that was killed
        self.mounts = _can_mount(self._work)

    def start(
        self,
        command: Command,
        *,
        folder: Path,
        env: Mapping[str, str],
        readonly_model: bool = False,
    ) -> ProcessContainer:
        """Start a command that sees ``folder/opt_ml`` as /opt/ml, or as SAGEMAKER_BASE_DIR.

        If the model should be read-only but cannot be, the output says so first. Raises
        PlatformError if the command cannot be started.
        """
        mark = f"{self._work}#{uuid.uuid4().hex}"
        base, scratch = folder.resolve() / "opt_ml", folder.resolve() / "scratch"
        scratch.mkdir(parents=True, exist_ok=True)
        full = {**_surroundings(scratch), **env, MARK: mark}
        words = [*command.entrypoint, *command.arguments]
        if self.mounts:
            words = [*_mounted(base, scratch, readonly=readonly_model), *words]
        else:
            full["SAGEMAKER_BASE_DIR"] = str(base)
            if readonly_model and os.geteuid() == 0:
                words = ["sh", "-c", _UNPROTECTED, "opt-ml", *words]
        return self._running.add(lambda: ProcessContainer(_spawn(words, scratch, full), mark))

    def close(self, grace_s: float) -> None:
        """End every container, and refuse to start others."""
        self._running.end(grace_s)
        end_marked(f"{self._work}#")

    @property
    def closed(self) -> bool:
        """Whether the emulator is ending."""
        return self._running.closed


def _spawn(words: list[str], cwd: Path, env: dict[str, str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            words,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise PlatformError(f"ClientError: Cannot start the container: {error}") from error


def _surroundings(scratch: Path) -> dict[str, str]:
    """Return the environment of a container, without the image's own variables."""
    home = scratch / "home"
    temporary = scratch / "tmp"
    home.mkdir(exist_ok=True)
    temporary.mkdir(exist_ok=True)
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": path, "HOME": str(home), "TMPDIR": str(temporary), "LC_ALL": "C.UTF-8"}


def _mounted(base: Path, scratch: Path, *, readonly: bool) -> list[str]:
    flag = "yes" if readonly else "no"
    return ["unshare", "--mount", "sh", "-c", _MOUNT, "opt-ml", str(base), str(scratch), flag]


def _can_mount(work: Path) -> bool:
    """Test whether a process can get a private /opt/ml, which needs root and mounts."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        return False
    folder = work / "probe"
    (folder / "base" / "model").mkdir(parents=True, exist_ok=True)
    words = [*_mounted(folder / "base", folder, readonly=True), "true"]
    done = subprocess.run(words, check=False, capture_output=True)
    shutil.rmtree(folder)
    return done.returncode == 0
