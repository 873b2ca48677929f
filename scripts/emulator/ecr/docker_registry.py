"""Runs a docker-registry as a child process on 127.0.0.1, with a password."""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import os
import secrets
import shutil
import socket
import subprocess
import time
from typing import TYPE_CHECKING

import urllib3

from emulator.errors import CannotStartError
from emulator.orphans import MARK

if TYPE_CHECKING:
    from pathlib import Path

_PROGRAM = "docker-registry"
_TRIES = 3
"""Attempts to start: another process may take the free port before the registry does."""
_START_S = 15.0
_STOP_S = 5.0


class DockerRegistry:
    """Starts when created and runs until stop; raises CannotStartError.

    Source: https://distribution.github.io/distribution/about/configuration/
    """

    def __init__(self, work: Path) -> None:
        if shutil.which(_PROGRAM) is None:
            raise CannotStartError(
                f"{_PROGRAM} is not installed, but --docker needs it to store images. "
                "On Debian or Ubuntu: apt-get install docker-registry."
            )
        self._work = work
        self._folder = work / "registry"
        self.storage = self._folder / "storage"
        self.storage.mkdir(parents=True)
        self.password = secrets.token_urlsafe(24)
        (self._folder / "htpasswd").write_text(f"AWS:{_bcrypt(self.password)}\n")
        self.port = 0
        self._process = self._started()

    @property
    def host(self) -> str:
        """The host name in image URIs; Docker accepts 127.0.0.0/8 without TLS."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The URL to log in at."""
        return f"http://{self.host}"

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        for _ in range(_TRIES):
            self.port = _free_port()
            process = self._spawn()
            if self._answers(process):
                return process
            process.kill()
            process.wait()
        lines = (self._folder / "log").read_text(errors="replace").splitlines()
        raise CannotStartError(
            f"{_PROGRAM} does not start: {lines[-1] if lines else 'it says nothing'}"
        )

    def _spawn(self) -> subprocess.Popen[bytes]:
        configuration = self._folder / "config.yml"
        configuration.write_text(json.dumps(self._configuration()))  # JSON is YAML
        mark = {MARK: f"{self._work}#registry"}  # if this emulator is killed, the next one ends it
        kept = {name: value for name, value in os.environ.items() if "REGISTRY_" not in name}
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                [_PROGRAM, "serve", str(configuration)],
                env={**kept, **mark, "OTEL_TRACES_EXPORTER": "none"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _configuration(self) -> dict[str, object]:
        return {
            "version": 0.1,
            "log": {"level": "warn", "accesslog": {"disabled": True}},
            "storage": {
                "filesystem": {"rootdirectory": str(self.storage)},
                "delete": {"enabled": True},
                "redirect": {"disable": True},
            },
            "http": {
                "addr": self.host,
                "relativeurls": True,
                "secret": secrets.token_hex(16),
            },
            "auth": {"htpasswd": {"realm": "ECR", "path": str(self._folder / "htpasswd")}},
        }

    def _answers(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait until the registry accepts the password; a server of another process would not."""
        headers = urllib3.make_headers(basic_auth=f"AWS:{self.password}")
        end = time.monotonic() + _START_S
        with urllib3.HTTPConnectionPool("127.0.0.1", self.port, timeout=1.0) as pool:
            while process.poll() is None and time.monotonic() < end:
                try:
                    answer = pool.urlopen("GET", "/v2/", headers=headers, retries=False)
                except urllib3.exceptions.HTTPError:
                    time.sleep(0.02)
                    continue
                return answer.status == 200
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _bcrypt(password: str) -> str:
    """Hash as `htpasswd -B` does, which is all that the registry accepts.

    Python's library has no bcrypt, but libcrypt does, which Debian and Ubuntu always have.
    """
    name = ctypes.util.find_library("crypt")
    if name is None:
        raise CannotStartError(
            "The system's libcrypt is missing. Install libcrypt1 (or libxcrypt)."
        )
    crypt = ctypes.CDLL(name).crypt
    crypt.restype = ctypes.c_char_p
    salt = secrets.token_hex(16)[:21] + "."  # 128 bits in base 64: two in the last digit
    hashed: bytes | None = crypt(password.encode(), f"$2b$05${salt}".encode())
    if hashed is None or not hashed.startswith(b"$2"):
        raise CannotStartError("The system's libcrypt has no bcrypt. Install libxcrypt.")
    return hashed.decode()
