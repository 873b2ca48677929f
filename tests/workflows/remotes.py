"""GitHub's repositories over HTTP, for git and Git LFS; private ones only for their readers.

Source: https://git-scm.com/docs/git-http-backend, https://github.com/git-lfs/git-lfs/tree/main/docs/api
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import threading

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

LFS = ".git/info/lfs/objects/"
LFS_TYPE = "application/vnd.git-lfs+json"


class Remotes:
    """A server of the repositories below `folder`, owner/name each.

    `readers` has the tokens that may read an owner's repositories; an owner who is not in it has
    public ones.
    """

    def __init__(self, folder, readers):
        self.folder, self.readers = folder, readers

    def __enter__(self):
        self._server = make_server("127.0.0.1", 0, self, threaded=True, request_handler=_Silent)
        self.url = f"http://127.0.0.1:{self._server.port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def __call__(self, environ, start_response):
        """Answer one request."""
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request):
        owner = request.path.split("/")[1]
        if owner in self.readers and _token(request) not in self.readers[owner]:
            return Response("Repository not found.", 404)
        repository, lfs, rest = request.path.partition(LFS)
        if not lfs:
            return self._git(request)
        objects = self.folder / repository.strip("/") / ".git/lfs/objects"
        if rest == "batch":
            return self._batch(request, objects)
        return Response(_place(objects, rest).read_bytes(), mimetype="application/octet-stream")

    def _batch(self, request, objects):
        asked = json.loads(request.data)
        assert asked["operation"] == "download"
        base = f"{self.url}{request.path.removesuffix('batch')}"
        answer = [
            {**wanted, "actions": {"download": {"href": base + wanted["oid"]}}}
            if _place(objects, wanted["oid"]).exists()
            else {**wanted, "error": {"code": 404, "message": "Object does not exist"}}
            for wanted in asked["objects"]
        ]
        return Response(json.dumps({"transfer": "basic", "objects": answer}), mimetype=LFS_TYPE)

    def _git(self, request):
        variables = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(self.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
            "HTTP_CONTENT_ENCODING": request.headers.get("Content-Encoding", ""),
            "REQUEST_METHOD": request.method,
            "PATH_INFO": request.path,
            "QUERY_STRING": request.query_string.decode(),
            "CONTENT_TYPE": request.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(request.data)),
            "REMOTE_ADDR": "127.0.0.1",
        }
        done = subprocess.run(
            ["git", "http-backend"], env=variables, input=request.data, capture_output=True,
            check=False,
        )  # fmt: skip
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
        return Response(body, headers.pop("Status", "200 OK"), headers)


class _Silent(WSGIRequestHandler):
    def log(self, type, message, *args):  # noqa: A002 (werkzeug's name)
        """Log nothing, because tests read act's output."""


def _token(request):
    """Return the token that a checkout has sent, with its name before it."""
    kind, _, word = request.headers.get("Authorization", "").partition(" ")
    return base64.b64decode(word).decode().partition(":")[2] if kind.lower() == "basic" else ""


def _place(objects, oid):
    return objects / oid[:2] / oid[2:4] / oid
