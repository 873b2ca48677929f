"""Images run as SageMaker runs them, and the results of their containers."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
import time

from helpers.kit.waiting import comes_true


class Container:
    """A running container of the image."""

    def __init__(self, docker, identifier, port=0):
        self._docker, self.id, self.port = docker, identifier, port

    def log(self):
        return self._docker.docker("logs", self.id)

    def state(self):
        return json.loads(self._docker.docker("inspect", self.id))[0]["State"]

    def code(self, limit_s=60):
        """Wait for its end and give the exit code."""
        assert comes_true(lambda: not self.state()["Running"], limit_s), self.log()
        return self.state()["ExitCode"]

    def stop(self, grace_s):
        """Stop it as SageMaker does; return the exit code and the seconds that it took."""
        started = time.monotonic()
        self._docker.docker("stop", "--time", grace_s, self.id)
        return self.code(), time.monotonic() - started

    def ask(self, method, path, body=b"", timeout_s=60, **headers):
        """Send a request; return status and body, or (0, b"") if there is no answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, {"Content-Type": "text/plain", **named})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except ConnectionError:
            return 0, b""
        finally:
            connection.close()

    def ping(self):
        """Return the status of a ping; SageMaker waits 2 s for it."""
        return self.ask("GET", "/ping", timeout_s=2)[0]

    def ping_while(self, work):
        """Ping while `work` goes on; every ping must succeed. Return the result and the times."""
        results, times = [], []
        thread = threading.Thread(target=lambda: results.append(work()))
        thread.start()
        time.sleep(0.3)
        while thread.is_alive():
            started = time.monotonic()
            assert self.ping() == 200
            times.append(time.monotonic() - started)
            time.sleep(0.2)
        return results[0], times

    def ready(self):
        """Wait until a ping succeeds, and give the container."""
        assert comes_true(lambda: self.ping() == 200, 30), self.log()
        return self


@contextlib.contextmanager
def running(docker, image, word, *options, port=0, network="host", **environment):
    """Run an image as SageMaker does; remove the container afterwards."""
    settings = [f"--env={name}={value}" for name, value in environment.items()]
    plain = ("run", "--detach", f"--network={network}", *settings, *options)
    identifier = docker.docker(*plain, image, word).split()[-1]
    try:
        yield Container(docker, identifier, port)
    finally:
        docker.docker("rm", "--force", "--volumes", identifier)


@contextlib.contextmanager
def serving(docker, image, model, **environment):
    """Run an inference image with a read-only model on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    mount = f"--volume={model}:/opt/ml/model:ro"
    settings = {"SAGEMAKER_BIND_TO_PORT": port, **environment}
    with running(docker, image, "serve", mount, port=port, **settings) as container:
        yield container
