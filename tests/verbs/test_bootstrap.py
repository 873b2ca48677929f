"""Bootstrap behind a company's proxy whose certificate is only in the machine's store."""

import hashlib
import os
import ssl
import subprocess
import sys
import threading
import zipfile
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from helpers.emulator.process import may_mount
from helpers.kit.paths import KIT

PACKAGE = "company_package"
NEW = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
COMPANY = f"{NEW} -subj /CN=Company -keyout ca.key -out ca.pem"
SERVER = (
    f"{NEW} -subj /CN=localhost -addext subjectAltName=DNS:localhost -addext "
    "basicConstraints=critical,CA:FALSE -CA ca.pem -CAkey ca.key -keyout key.pem -out cert.pem"
)


@pytest.fixture
def index(tmp_path):
    """An index behind TLS, with one package; its address, and the lock of that package."""
    for command in (COMPANY, SERVER):
        subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True)
    shown = tmp_path / "index/simple/company-package"
    shown.mkdir(parents=True)
    wheel = shown / f"{PACKAGE}-1.0-py3-none-any.whl"
    info = f"{PACKAGE}-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"{PACKAGE}.py", "")
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {PACKAGE}\nVersion: 1.0"
        )
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    (shown / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>')
    lock = tmp_path / "lock.txt"
    lock.write_text(
        f"{PACKAGE}==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}"
    )

    class Index(SimpleHTTPRequestHandler):
        def __init__(self, *words):
            super().__init__(*words, directory=tmp_path / "index")

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Index) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"https://localhost:{server.server_port}/simple", lock
        server.shutdown()


@pytest.mark.skipif(not may_mount(), reason="it puts another store in the place of the machine's")
@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
def test_uv_believes_what_the_machine_believes(index, tmp_path, known):
    url, lock = index
    store, site = tmp_path / "store", tmp_path / "site"
    store.mkdir()
    if known:
        (store / "ca-certificates.crt").write_bytes((tmp_path / "ca.pem").read_bytes())
    mounted = f'mount --bind {store} /etc/ssl/certs && exec "$@"'
    bootstrap = [sys.executable, KIT / "scripts/bootstrap.py", "packages", lock, site]
    environment = {
        name: os.environ[name] for name in ("PATH", "HOME", "RUNNER_TEMP") if name in os.environ
    }
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", mounted, "sh", *bootstrap],
        env={**environment, "UV_DEFAULT_INDEX": url, "UV_CACHE_DIR": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) == known, done.stderr
    assert (site / f"{PACKAGE}.py").exists() == known
