"""HTTP server for the gateway: werkzeug's, with connections that stay open between requests."""

from __future__ import annotations

import functools
import logging
import tempfile
import traceback
from typing import IO, TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server
from werkzeug.wsgi import get_input_stream

from . import internal_failure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment
    from flask import Flask
    from werkzeug.serving import BaseWSGIServer

_SMALL_BODY_BYTES = 1 << 20
_COPY_BYTES = 1 << 16


class Handler(MotoRequestHandler):
    """Answers several requests on one connection; werkzeug's handler closes it after each."""

    disable_nagle_algorithm = True
    timeout = 120.0

    def run_wsgi(self) -> None:
        """Answer one request."""
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        environ = self.make_environ()
        with tempfile.SpooledTemporaryFile(_SMALL_BODY_BYTES) as body:
            _copy(environ, body)
            environ["wsgi.input"] = body
            environ["wsgi.input_terminated"] = True
            self._answer(environ)

    def _answer(self, environ: WSGIEnvironment) -> None:
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> Any:
            begun.append((status, headers))
            return None

        application: Any = self.server.app
        try:
            chunks: Iterable[bytes] = application(environ, start)
            content = b"".join(chunks)
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
            status, headers = begun[-1]
        except Exception as error:  # noqa: BLE001 (the client gets an answer, whatever failed)
            traceback.print_exc()
            status, (headers, content) = (
                internal_failure.STATUS,
                internal_failure.answer(error, environ),
            )
        self._write(status, headers, content)

    def _write(self, status: str, headers: list[tuple[str, str]], content: bytes) -> None:
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        bodiless = self.command == "HEAD" or code in {"204", "304"}
        if not bodiless and not any(name.lower() == "content-length" for name, _ in headers):
            self.send_header("Content-Length", str(len(content)))
        self._headers_buffer.append(b"\r\n")
        head = b"".join(self._headers_buffer)
        self._headers_buffer.clear()
        self.wfile.write(head + (b"" if bodiless else content))


class _Dispatcher(DomainDispatcherApplication):
    """Remembers hosts: moto lists its folder for each request, a third of the request's time."""

    @functools.cache  # noqa: B019 (there is only one object, for the emulator's lifetime)
    def get_backend_for_host(self, host: str | None) -> Any:
        """Look up the name of the service at a host."""
        return super().get_backend_for_host(host)


def moto_application() -> WSGIApplication:
    """Make moto's server; for an action that it does not have, it raises, and Handler answers."""
    application: WSGIApplication = _Dispatcher(_application)
    return application


def listen(port: int, application: WSGIApplication) -> BaseWSGIServer:
    """Listen on 127.0.0.1; raises OSError or SystemExit when the port is taken."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    return make_server("127.0.0.1", port, application, threaded=True, request_handler=Handler)


def _application(service: Any) -> Flask:
    application = create_backend_app(service)
    application.debug = False
    application.config["PROPAGATE_EXCEPTIONS"] = True  # to Handler, which answers
    return application


def _copy(environ: WSGIEnvironment, body: IO[bytes]) -> None:
    stream = get_input_stream(environ)
    while chunk := stream.read(_COPY_BYTES):
        body.write(chunk)
    body.seek(0)
