"""A proxy in front of AWS that causes faults: it kills the caller, or refuses a request."""

import http.client
import math
import os
import re
import signal
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Exchange:
    """A request and the answer that AWS gave, or that the proxy gives in its place."""

    what: str  # the operation (SageMaker.CreateModel), or the method and the path
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    sent: bytes = b""  # the request: its line, its headers and its body
    broken_off: bool = False  # the connection ends in the middle of the body

    @property
    def call(self):
        """The operation's name, or the end of the path."""
        if self.what == "POST /":
            return "sts GetCallerIdentity"
        if "/" not in self.what:
            return self.what.rpartition(".")[2]
        return re.sub(r" \S*?(\?\w+|[^/?]+)$", r" \1", self.what)


RESET = Exchange("", 0, b"")  # instead of an answer: the connection ends without one


class Killer:
    """Kills the victim after AWS has answered its `deadly` request, before the victim sees that."""

    def __init__(self, deadly):
        self.deadly = deadly
        self.victim = None
        self.seen = []
        self._lock = threading.Lock()

    def __call__(self, exchange):
        with self._lock:
            self.seen.append(exchange.what)
            deadly = len(self.seen) >= self.deadly
        if not deadly or self.victim is None:
            return exchange
        os.kill(self.victim, signal.SIGKILL)
        return None


class Recorder:
    """Keeps every exchange; `change`, if given, may replace the answer."""

    def __init__(self, change=None):
        self.exchanges = []
        self.change = change or (lambda exchange: exchange)

    def __call__(self, exchange):
        self.exchanges.append(exchange)
        return self.change(exchange)


DENIED = '{"__type": "AccessDeniedException", "message": "not authorized"}'


class Refuser:
    """Refuses requests whose name contains `word`, as AWS would; they do not reach AWS."""

    def __init__(self, word, status, body):
        self.word = word
        self.refusal = (status, body.encode())

    def instead(self, what):
        return Exchange(what, *self.refusal) if self.word in what else None

    def __call__(self, exchange):
        return exchange


@contextmanager
def proxy(url, change):
    """Yield an address that passes requests on to `url`, and answers through `change`.

    If that has a method `instead`, what it returns is the answer, and AWS gets no request.
    """
    target = urlsplit(url)
    instead = getattr(change, "instead", lambda _what: None)

    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self):
            what = self.headers.get("X-Amz-Target") or f"{self.command} {self.path}"
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            exchange = instead(what) or change(self.ask(what, body))
            if exchange and exchange is not RESET:
                self.answer(exchange)
            self.close_connection = True

        def ask(self, what, body):
            connection = http.client.HTTPConnection(target.hostname, target.port, timeout=60)
            connection.request(self.command, self.path, body, dict(self.headers))
            response = connection.getresponse()
            answer = response.read()
            connection.close()
            sent = f"{self.requestline}\n{self.headers}".encode() + body
            return Exchange(what, response.status, answer, dict(response.getheaders()), sent)

        def answer(self, exchange):
            self.send_response_only(exchange.status)
            for name, value in exchange.headers.items():
                if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                    self.send_header(name, value)
            self.send_header("Content-Length", _size(self.command, exchange))
            self.end_headers()
            if self.command != "HEAD":
                whole = len(exchange.body)
                self.wfile.write(exchange.body[: whole // 2 if exchange.broken_off else whole])

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = pass_on  # noqa: N815 (http.server's names)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def _size(method, exchange):
    """Return the Content-Length of an answer: to a HEAD, how large the body would be."""
    size = len(exchange.body)
    return str(exchange.headers.get("Content-Length", size) if method == "HEAD" else size)


def kill_everywhere(
    project, verb, prepare, check, *arguments, meanwhile=lambda: None, codes=frozenset({0})
):
    """Kill `verb` after each of its requests, each time from the start; return how many it sends.

    `meanwhile` checks what the killed run has left; the next run must end with one of `codes`.
    KILLS=3 picks three of the requests.
    """

    def run(deadly):
        prepare(deadly)
        killer = Killer(deadly)
        with proxy(project.url, killer) as url:
            process = project.start(verb, *arguments, AWS_ENDPOINT_URL=url)
            killer.victim = process.pid
            process.communicate(timeout=60)
        ends = {-signal.SIGKILL} if len(killer.seen) >= deadly else codes
        assert process.returncode in ends
        return killer.seen

    requests = len(run(ENDLESS))
    assert check()
    kills = min(int(os.environ.get("KILLS", requests)), requests)
    for number in range(kills):
        deadly = math.ceil((number + 0.5) * requests / kills)
        *_, after = run(deadly)
        meanwhile()
        again = project.run(verb, *arguments)
        assert again.code in codes, again.stdout + again.stderr
        assert check(), f"killed after request {deadly} ({after})"
    return requests


ENDLESS = 10_000
