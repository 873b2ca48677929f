"""A way to AWS that kills the caller after its n-th request is done, before it hears of it."""

import http.client
import os
import signal
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class Killer:
    """Counts requests; the victim dies with the answer to the `deadly` one unsaid."""

    def __init__(self, deadly):
        self.deadly = deadly
        self.victim = None
        self.seen = []
        self._lock = threading.Lock()

    def answered(self, what):
        """Note a request that AWS has answered; return whether the victim may know."""
        with self._lock:
            self.seen.append(what)
            alive = len(self.seen) < self.deadly
        if not alive and self.victim is not None:
            os.kill(self.victim, signal.SIGKILL)
        return alive


@contextmanager
def killing_way(url, deadly):
    """Yield a Killer and the address under which it passes requests on to `url`."""
    killer, target = Killer(deadly), urlsplit(url)

    class Way(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            connection = http.client.HTTPConnection(target.hostname, target.port, timeout=60)
            connection.request(self.command, self.path, body, dict(self.headers))
            response = connection.getresponse()
            answer = response.read()
            connection.close()
            what = self.headers.get("X-Amz-Target") or f"{self.command} {self.path}"
            if killer.answered(what):
                self.send_response_only(response.status, response.reason)
                for name, value in response.getheaders():
                    if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer)
            self.close_connection = True

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = pass_on  # noqa: N815 (http.server's names)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Way) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield killer, f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
