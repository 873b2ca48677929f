"""Programs of the images in the emulator's tests; the tests give the rest as Python text."""

import sys

RUN = f'#!/bin/sh\nexec {sys.executable} -S -E "$(dirname "$0")/main.py" "$@"\n'
TRAIN = """
import json, os, pathlib, signal, subprocess, sys, time
assert sys.argv[1:] == ["train"], sys.argv
ml = pathlib.Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))
config = lambda name: json.loads((ml / "input/config" / f"{name}.json").read_text())
exec(json.loads(config("hyperparameters").get("program", '""')))
"""
SERVE = """
import http.server, os, pathlib, sys, time
assert sys.argv[1:] == ["serve"], sys.argv
ml = pathlib.Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))
ping = lambda: 200
invoke = lambda body, headers: (200, {"Content-Type": "text/csv"}, body)
exec(os.environ.get("PROGRAM", ""))
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    def do_GET(self):
        self.answer(ping(), {}, b"")
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.answer(*invoke(body, self.headers))
    def answer(self, status, headers, body):
        self.send_response(status)
        for item in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(*item)
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words):
        pass
class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128
print("serving", flush=True)
Server(("127.0.0.1", int(os.environ["SAGEMAKER_BIND_TO_PORT"])), Handler).serve_forever()
"""
