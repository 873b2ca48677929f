"""The tests' own registries: a real one, and a connection that breaks in mid-push."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DOCKER, OCI = "application/vnd.docker.", "application/vnd.oci.image."
MANIFEST = f"{DOCKER}distribution.manifest.v2+json"
NAMES = {
    MANIFEST: f"{OCI}manifest.v1+json",
    f"{DOCKER}container.image.v1+json": f"{OCI}config.v1+json",
    f"{DOCKER}image.rootfs.diff.tar.gzip": f"{OCI}layer.v1.tar+gzip",
}


@contextlib.contextmanager
def registry(folder):
    """Yield the address of a docker-registry with its storage below `folder`."""
    program = shutil.which("docker-registry")
    assert program, "the tests need docker-registry, a package of the distribution"
    with socket.create_server(("127.0.0.1", 0)) as probe:
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    settings = folder / "registry.yml"
    settings.write_text(
        "version: 0.1\n"
        f"storage: {{filesystem: {{rootdirectory: {folder}/storage}}}}\n"
        f"http: {{addr: '{address}'}}\n"
    )
    with (folder / "registry.log").open("w") as log:
        process = subprocess.Popen([program, "serve", settings], stdout=log, stderr=log)
    try:
        wait(address)
        yield address
    finally:
        process.kill()
        process.wait()


def lose_layers(folder):
    """Delete the layers below `folder`, but not manifests and configurations; return how many."""
    blobs = (folder / "storage").rglob("blobs/**/data")
    layers = [blob for blob in blobs if blob.read_bytes()[:2] == b"\x1f\x8b"]  # gzip's
    for layer in layers:
        layer.unlink()
    return len(layers)


@contextlib.contextmanager
def denying(address):
    """Run a registry on `address` that answers and refuses everything."""
    said = b'{"errors": [{"code": "DENIED", "message": "requested access is denied"}]}'

    class Denying(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/v2/" else 403)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(said)

        do_HEAD = do_GET  # noqa: N815 (http.server's name)

        def log_message(self, *_):
            pass

    host, port = address.rsplit(":", 1)
    with ThreadingHTTPServer((host, int(port)), Denying) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()


def wait(address):
    """Wait until the registry answers."""
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"http://{address}/v2/", timeout=1).close()
            return
        time.sleep(0.1)
    raise AssertionError(f"docker-registry does not answer on {address}")


def media_type(address, repository, tag):
    """Return the media type under which an image was pushed."""
    url = f"http://{address}/v2/{repository}/manifests/{tag}"
    kinds = ", ".join([*NAMES, *NAMES.values()])
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept": kinds})) as answer:
        return answer.headers["Content-Type"]


def as_oci(address, repository, tag):
    """Push an image again as an OCI image of the same parts; return its digest."""
    url = f"http://{address}/v2/{repository}/manifests"
    request = urllib.request.Request(f"{url}/{tag}", headers={"Accept": MANIFEST})
    with urllib.request.urlopen(request) as answer:
        manifest = json.load(answer)
    for part in (manifest, manifest["config"], *manifest["layers"]):
        part["mediaType"] = NAMES[part["mediaType"]]
    headers = {"Content-Type": NAMES[MANIFEST]}
    data = json.dumps(manifest).encode()
    put = urllib.request.Request(f"{url}/oci", data=data, headers=headers, method="PUT")
    with urllib.request.urlopen(put) as answer:
        return answer.headers["Docker-Content-Digest"]


@contextlib.contextmanager
def cut_after(address, size):
    """Yield an address that forwards to `address`, and stops after `size` bytes were sent."""
    host, port = address.rsplit(":", 1)
    server = socket.create_server(("127.0.0.1", 0))
    open_sockets, sent, lock = [server], [0], threading.Lock()

    def cut():
        for one in open_sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def copy(source, target, counts):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
                with lock:
                    sent[0] += len(data) if counts else 0
                    if sent[0] > size:
                        cut()
            target.shutdown(socket.SHUT_WR)

    def serve():
        with contextlib.suppress(OSError):
            while True:
                near, _ = server.accept()
                far = socket.create_connection((host, int(port)))
                open_sockets.extend((near, far))
                for words in ((near, far, True), (far, near, False)):
                    threading.Thread(target=copy, args=words, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        cut()
