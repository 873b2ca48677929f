"""A process of the emulator, as its tests start and stop it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from helpers.kit.waiting import killed_after

KIT = Path(__file__).resolve().parents[3]
IMPORTED = f"{KIT / 'scripts'}:{KIT / 'docker/common'}"
PYTHON = Path(sys.executable).parent  # the containers' python3: it has boto3 as it is locked
WITHOUT_MOUNTS = ("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin")


def may_mount():
    """Return whether the emulator can give each process an /opt/ml of its own."""
    trial = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return os.geteuid() == 0 and not subprocess.run(trial, check=False).returncode


class Emulator:
    """A process of the emulator."""

    def __init__(self, work, *options, prefix=(), **variables):
        words = [*prefix, sys.executable, "-m", "emulator", "--work", str(work), *map(str, options)]
        env = {"PATH": f"{PYTHON}:{os.environ['PATH']}", "PYTHONPATH": IMPORTED, **variables}
        self.work = work
        self._errors = work.parent / f"{work.name}.err"
        with self._errors.open("w") as errors:
            self.process = subprocess.Popen(
                words, env=env, stdout=subprocess.PIPE, stderr=errors, text=True
            )
        with killed_after(self.process):
            self.line = self.process.stdout.readline()

    @property
    def url(self):
        return self.line.split()[1]

    @property
    def errors(self):
        return self._errors.read_text()

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(30)
        self.process.stdout.close()
        return code
