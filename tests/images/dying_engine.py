"""A connection to an engine that dies at a given request."""

from __future__ import annotations

import contextlib
import re
import socket
import tempfile
import threading
from pathlib import Path


@contextlib.contextmanager
def until(docker, request):
    """Yield variables for a connection to the engine that ends when `request` (a pattern) comes."""
    real = docker.variables.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    with tempfile.TemporaryDirectory(prefix="engine-") as folder:  # a socket's path must be short
        place = Path(folder) / "socket"
        way = _Way(real.removeprefix("unix://"), place, re.compile(request.encode()))
        threading.Thread(target=way.serve, daemon=True).start()
        try:
            yield {"DOCKER_HOST": f"unix://{place}"}
            assert way.dead, f"nobody asked {request}"
        finally:
            way.die()


class _Way:
    def __init__(self, real, place, deadly):
        self._real, self._deadly, self._sockets = real, deadly, []
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(place))
        self._server.listen()
        self.dead = False

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                near, far = self._server.accept()[0], socket.socket(socket.AF_UNIX)
                far.connect(self._real)
                self._sockets += (near, far)
                for words in ((near, far, True), (far, near, False)):
                    threading.Thread(target=self._copy, args=words, daemon=True).start()

    def _copy(self, source, target, asks):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if asks and self._deadly.search(data):
                    self.die()
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def die(self):
        self.dead = True
        for one in (self._server, *self._sockets):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
