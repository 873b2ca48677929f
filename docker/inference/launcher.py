"""`launcher.py serve`: runs nginx on SageMaker's port, and the microservice on an inner one.

SIGTERM is passed on to the microservice, whose exit code becomes the container's. If the
microservice ends after it was ready, it is restarted, so that one bad request does not take the
endpoint down; if it ends before that, it is an error. As the container's first process, the
launcher reaps every orphan.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from front import configuration, read_settings
from processes import (
    exit_code,
    free_port,
    service_environment,
    signal_group,
    signal_process,
    spawn,
)
from readiness import Readiness
from variables import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from front import Settings

USAGE = """usage: launcher.py serve

Serves the MATLAB inference handler that is compiled into this image.
SAGEMAKER_BIND_TO_PORT       port (default 8080)
SAGEMAKER_SAFE_PORT_RANGE    range for the microservice's own port, for example 5000-5100
SAGEMAKER_MAX_PAYLOAD_IN_MB  largest body (25); 0: no limit
MATLAB_SAGEMAKER_TIMEOUT     longest time for a request in seconds (60)
MATLAB_SAGEMAKER_STOP_GRACE  seconds between SIGTERM and SIGKILL (20); SageMaker kills after 30
MATLAB_SAGEMAKER_COMMAND     the microservice's entry point, a JSON list"""

FRONT_GRACE_S = 3
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGALRM)


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    """Serve until SIGTERM or SIGINT and return the microservice's exit code."""
    if arguments != ["serve"]:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        settings = read_settings(environ)
        inner_port = choose_port(settings)
    except SettingsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="front-") as folder:
        return Launcher(settings, inner_port, environ, Path(folder)).run()


def choose_port(settings: Settings) -> int:
    """Choose a free port for the microservice, in SageMaker's range if there is one."""
    if settings.safe_ports is None:
        return free_port()
    try:
        return free_port(port for port in settings.safe_ports if port != settings.port)
    except OSError as error:
        first, last = settings.safe_ports[0], settings.safe_ports[-1]
        raise SettingsError(
            f"no port in SAGEMAKER_SAFE_PORT_RANGE ({first}-{last}) is free for the microservice."
        ) from error


class Launcher:
    """Starts the container's two processes, and reacts when one of them ends."""

    def __init__(
        self, settings: Settings, inner_port: int, environ: Mapping[str, str], folder: Path
    ) -> None:
        self._settings = settings
        self._environ = environ
        self._folder = folder
        self._inner_port = inner_port
        self._front = 0  # process ids; 0: none
        self._service = 0
        self._readiness: Readiness | None = None
        self._stopping = False

    def run(self) -> int:
        """Serve until a signal asks for the end, or one of the two processes ends for good."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGALRM, self._kill)
        self._start_front()
        self._start_service()
        code = self._wait()
        self._end_front()
        return code

    def _start_front(self) -> None:
        file = self._folder / "nginx.conf"
        as_root = os.geteuid() == 0
        file.write_text(
            configuration(self._settings, self._inner_port, self._folder, as_root=as_root)
        )
        self._front = spawn(["nginx", "-p", str(self._folder), "-c", str(file)], self._environ)

    def _start_service(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # until the process can get signals
        if not self._stopping:
            port = ["--http", str(self._inner_port)]
            self._service = spawn(
                [*self._settings.command, *port], service_environment(self._environ)
            )
            self._readiness = Readiness(self._inner_port, self._folder / "ready")
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)

    def _wait(self) -> int:
        """Reap processes until the container should end; return its exit code."""
        while self._service:
            pid, status = os.wait()
            code = exit_code(status)
            if pid == self._front:
                self._front = 0
                return self._without_front(code)
            if pid == self._service:
                self._service = 0
                was_ready = self._readiness is not None and self._readiness.cancel()
                signal_group(pid, signal.SIGKILL)  # its workers, if any are left
                if self._stopping or not was_ready:
                    return self._ended(code)
                say(f"The microservice ended with exit code {code}. Restarting it.")
                self._start_service()
        return 0

    def _without_front(self, code: int) -> int:
        say(f"error: nginx ended with exit code {code}. Its output is above.")
        signal_group(self._service, signal.SIGKILL)
        return code or 1

    def _ended(self, code: int) -> int:
        if self._stopping:
            say(f"The microservice ended with exit code {code}, as requested.")
            return code
        say(
            f"error: The microservice ended with exit code {code} before it was ready: "
            f"{' '.join(self._settings.command)}. Its output is above. Test the image with "
            "`scripts/run check-image`."
        )
        return code or 1

    def _stop(self, *_: object) -> None:
        self._stopping = True
        signal_process(self._service, signal.SIGTERM)  # it stops its own workers
        signal.alarm(self._settings.grace_s)

    def _kill(self, *_: object) -> None:
        signal_group(self._service, signal.SIGKILL)

    def _end_front(self) -> None:
        """Let nginx finish sending answers, then end it."""
        if self._front:
            os.kill(self._front, signal.SIGQUIT)
            signal.signal(signal.SIGALRM, lambda *_: signal_group(self._front, signal.SIGKILL))
            signal.alarm(FRONT_GRACE_S)
            while os.wait()[0] != self._front:
                pass
            signal.alarm(0)


def say(text: str) -> None:
    """Print a line to the container's log."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
