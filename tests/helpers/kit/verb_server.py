"""Starts verbs as scripts/run does, but forked from a process that has imported the library.

A verb's imports take longer than its work. The server only imports, so each verb has the same fresh
state as after a real start. Run as a program, this file is the server; `start` talks to it.
"""

import atexit
import functools
import gc
import importlib
import io
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

from botocore.loaders import JSONFileLoader, Loader
from botocore.session import Session

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
STARTED_S = 60  # the server first imports the library


class Verb:
    """A running verb, with the part of subprocess.Popen that the tests use."""

    def __init__(self, args, stdout, stderr, status):
        self.args = args
        self.stdout, self.stderr, self._status = map(os.fdopen, (stdout, stderr, status))
        self.pid = int(self._said(STARTED_S))
        self.returncode = None

    def _said(self, timeout):
        """Return the server's next line about this verb."""
        if not select.select([self._status], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(self.args, timeout)
        return self._status.readline()

    def poll(self):
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def wait(self, timeout=None):
        if self.returncode is None:
            self.returncode = int(self._said(timeout))
            self._status.close()
        return self.returncode

    def communicate(self, timeout=None):
        texts = ["", ""]

        def read(place, stream):
            with stream:
                texts[place] = stream.read()

        both = enumerate((self.stdout, self.stderr))  # read at once, or the verb blocks
        readers = [threading.Thread(target=read, args=each, daemon=True) for each in both]
        for reader in readers:
            reader.start()
        self.wait(timeout)
        for reader in readers:
            reader.join(timeout)
            if reader.is_alive():  # processes that the verb started may still write
                raise subprocess.TimeoutExpired(self.args, timeout)
        return tuple(texts)

    def send_signal(self, number):
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)


def start(words, cwd, env):
    """Start a verb with its arguments."""
    reading, request = os.pipe()
    pipes = [os.pipe() for _ in range(3)]  # its output, its errors, its pid and end
    theirs = [reading, *(writing for _, writing in pipes)]
    socket.send_fds(_server(), [b"start"], theirs)
    for end in theirs:
        os.close(end)
    with os.fdopen(request, "w") as file:
        json.dump([words, str(cwd), env], file)
    return Verb(words, *(reading for reading, _ in pipes))


@functools.cache
def _server():
    """Return the connection to this process's server, which ends with this process."""
    ours, theirs = socket.socketpair()
    process = subprocess.Popen(
        [sys.executable, "-Iu", __file__, str(theirs.fileno())],
        env={"PATH": os.environ["PATH"]},
        pass_fds=[theirs.fileno()],
    )
    theirs.close()

    @atexit.register
    def end():
        ours.close()
        process.wait()

    return ours


def _import_all():
    """Import the library and its dependencies."""
    places = [str(SCRIPTS), str(SCRIPTS.parent / "docker/common")]  # as in scripts/__main__
    sys.path[:0] = places
    importlib.import_module("boto3")
    library = importlib.import_module("matlab_sagemaker")
    for module in pkgutil.walk_packages(library.__path__, f"{library.__name__}."):
        importlib.import_module(module.name)
    del sys.path[: len(places)]
    _read_services()
    gc.collect()
    gc.freeze()  # no child traverses, and so copies, these objects again


def _read_services():
    """Make botocore read its data about AWS's services once for all verbs."""
    listed = functools.cache(functools.partial(Loader.list_available_services, Loader()))
    read = functools.cache(JSONFileLoader().load_file)
    Loader.list_available_services = lambda _, kind: listed(kind)
    JSONFileLoader.load_file = lambda _, path: read(path)
    words = {"region_name": "eu-west-1", "aws_access_key_id": "x", "aws_secret_access_key": "x"}
    for service in ("ecr", "iam", "logs", "s3", "sagemaker", "sagemaker-runtime", "sts"):
        Session().create_client(service, **words)


def _serve(channel):
    """Fork for each request, and return the request in the child; end with the channel."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the tests
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, ends, *_ = socket.recv_fds(channel, len(b"start"), 4)
        if not message:
            os._exit(0)
        if os.fork() == 0:
            channel.close()
            return _begin(*ends)
        for end in ends:
            os.close(end)


def _begin(request, stdout, stderr, status):
    """Return a verb's arguments, in a fresh child; the parent reports its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if pid := os.fork():
        for end in (request, stdout, stderr):
            os.close(end)
        os.write(status, f"{pid}\n".encode())
        _, ended = os.waitpid(pid, 0)
        os.write(status, f"{os.waitstatus_to_exitcode(ended)}\n".encode())
        os._exit(0)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.close(status)
    with os.fdopen(request) as file:
        words, folder, environment = json.load(file)
    sys.stdout, sys.stderr = _stream(stdout, 1, sys.stdout), _stream(stderr, 2, sys.stderr)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    return words


def _stream(end, number, inherited):
    """Replace a descriptor by `end`; return it as the file object that Python has with -u."""
    os.dup2(end, number)
    os.close(end)
    raw = io.FileIO(number, "w", closefd=False)
    return io.TextIOWrapper(raw, inherited.encoding, inherited.errors, write_through=True)


if __name__ == "__main__":
    _import_all()
    sys.argv[1:] = _serve(socket.socket(fileno=int(sys.argv[1])))
    runpy.run_path(str(SCRIPTS), run_name="__main__")
