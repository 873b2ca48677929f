"""Small inference images, each with one fault that a check has to find."""

from __future__ import annotations

import io
import tarfile

SERVER = """
import http.server, os, signal, sys, time
assert sys.argv[1:] == ["serve"], sys.argv
HABIT = os.environ["HABIT"]
if HABIT == "dies":
    sys.exit("no model, no service")
def ended(*_):
    print("ending", flush=True)
    sys.exit(7)
signal.signal(signal.SIGTERM, signal.SIG_IGN if HABIT == "deaf" else ended)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer({"unwell": 503, "hopeless": 410}.get(HABIT, 200), b"")
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if HABIT == "writes":
            open("/opt/ml/model/written", "w").close()
        if HABIT == "wrong":
            self.answer(500, b"Undefined function 'predct'")
        else:
            self.answer(200, open("/opt/ml/model/model.txt", "rb").read() + body)
    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
port = int(os.environ.get("SAGEMAKER_BIND_TO_PORT", 8080))
http.server.ThreadingHTTPServer(("0.0.0.0", port), Handler).serve_forever()
"""
DOCKERFILE = """
ARG BASE_IMAGE
FROM ${BASE_IMAGE}
ARG HABIT
ENV HABIT=${HABIT}
LABEL com.amazonaws.sagemaker.capabilities.accept-bind-to-port=true
COPY server.py /server.py
ENTRYPOINT ["python3", "-u", "/server.py"]
"""


def build(docker, base_image, folder, habit):
    """Build an image with this habit; return its tag."""
    (folder / "server.py").write_text(SERVER)
    (folder / "Dockerfile").write_text(DOCKERFILE)
    arguments = {"BASE_IMAGE": base_image, "HABIT": habit}
    options = [f"--build-arg={name}={value}" for name, value in arguments.items()]
    return docker.build(folder, *options, tag=f"matlab-sagemaker-test/server:{habit}")


def model(folder):
    """Make a model.tar.gz; return its path."""
    archive = folder / "model.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        member = tarfile.TarInfo("model.txt")
        member.size = len(b"model\n")
        tar.addfile(member, io.BytesIO(b"model\n"))
    return archive
