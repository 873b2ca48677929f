"""Ways to AWS on which things go wrong: the caller dies, or a request is refused."""

import http.client
import os
import signal
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Exchange:
    """A request and the answer that AWS gave, or that a way gives in its place."""

    what: str  # the operation (SageMaker.CreateModel), or the method and the path
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    sent: bytes = b""  # the request: its line, its headers and its body


class Killer:
    """Kills the victim once its `deadly` request is done, before it hears of it."""

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
    """Keeps every exchange; `change`, where one is given, answers in its place."""

    def __init__(self, change=None):
        self.exchanges = []
        self.change = change or (lambda exchange: exchange)

    def __call__(self, exchange):
        self.exchanges.append(exchange)
        return self.change(exchange)


DENIED = '{"__type": "AccessDeniedException", "message": "not authorized"}'


class Refuser:
    """Answers requests in whose name `word` stands as AWS refuses them; AWS has not seen them."""

    def __init__(self, word, status, body):
        self.word = word
        self.refusal = (status, body.encode())

    def instead(self, what):
        return Exchange(what, *self.refusal) if self.word in what else None


@contextmanager
def way(url, change):
    """Yield an address that passes requests on to `url`, and answers through `change`."""
    target = urlsplit(url)

    class Way(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self):
            what = self.headers.get("X-Amz-Target") or f"{self.command} {self.path}"
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if isinstance(change, Refuser):
                exchange = change.instead(what) or self.ask(what, body)
            else:
                exchange = change(self.ask(what, body))
            if exchange:
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
            self.send_header("Content-Length", str(len(exchange.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(exchange.body)

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = pass_on  # noqa: N815 (http.server's names)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Way) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def kill_everywhere(project, verb, prepare, check, *arguments, meanwhile=lambda: None):
    """Kill `verb` after its first request, its second …, each time from a fresh start.

    `meanwhile` looks at what the killed run has left. KILL_EVERY=3 takes every third request.
    """
    step = int(os.environ.get("KILL_EVERY", "1"))
    deadly, killed = 1 - step, True
    while killed:
        deadly += step
        prepare(deadly)
        killer = Killer(deadly)
        with way(project.url, killer) as url:
            process = project.start(verb, *arguments, AWS_ENDPOINT_URL=url)
            killer.victim = process.pid
            process.communicate(timeout=60)
        killed = process.returncode == -signal.SIGKILL
        assert killed or process.returncode == 0
        after = killer.seen[-1] if killer.seen else "nothing"
        meanwhile()
        project.succeed(verb, *arguments)
        assert check(), f"killed after request {deadly} ({after})"
    return deadly
