"""Finds a secret wherever it could leak: command lines, containers, layers, files."""

from __future__ import annotations

import base64
import gzip
import io
import subprocess
import tarfile
import threading
from urllib.parse import quote

import psutil


def forms(secret):
    """Return the encodings in which a secret would still be readable."""
    encoded = base64.b64encode(secret.encode()).rstrip(b"=")
    return {secret.encode(), encoded, quote(secret, safe="").encode(), secret.encode("utf-16-le")}


def shows(data, secret):
    """Return whether data contains the secret in any encoding."""
    data = data.encode() if isinstance(data, str) else data
    return any(form in data for form in forms(secret))


class Watch:
    """Watches all command lines and all containers while its block runs."""

    def __init__(self, docker):
        self.docker = docker
        self.command_lines, self.containers = set(), []
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._repeat, args=(look,))
            for look in (self._processes, self._inspect)
        ]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _repeat(self, look):
        while not self._over.wait(0.02):
            look()

    def _processes(self):
        for process in psutil.process_iter(["cmdline"]):
            self.command_lines.add("\0".join(process.info["cmdline"] or ()))

    def _inspect(self):
        ids = self.docker.docker("ps", "--all", "--quiet", check=False).split()
        if ids:
            self.containers.append(self.docker.docker("inspect", *ids, check=False))


def layers(docker, image):
    """Yield name and content of every file in a saved image and in its layers."""
    command = ["docker", "save", image]
    for _ in range(3):  # it may fail while the engine removes an image that shares layers
        done = subprocess.run(command, env=docker.variables, capture_output=True, check=False)
        if done.returncode == 0:
            break
    assert done.returncode == 0, done.stderr.decode()
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        for member in archive:
            if member.isfile():
                data = archive.extractfile(member).read()
                plain = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
                yield member.name, plain


def files(folder):
    """Yield every file below a folder and its content, except files that vanish meanwhile."""
    for path in sorted(folder.rglob("*")):
        try:
            if path.is_file():
                yield path, path.read_bytes()
        except OSError:
            continue
