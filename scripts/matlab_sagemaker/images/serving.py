"""Runs an inference image as SageMaker would: model, `serve`, /ping, a request, SIGTERM.

Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import docker.errors
import docker.types
import requests

from matlab_sagemaker.checks import Check
from matlab_sagemaker.errors import ImageError
from matlab_sagemaker.images.docker import has_bridge, wanted_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from docker.client import DockerClient

    from matlab_sagemaker.checks import Image
    from matlab_sagemaker.requests import Request

PORT = 8080
PING_S, ANSWER_S, STOP_S = 2, 60, 30  # SageMaker's limits
_LOG_LINES = 20


@dataclass(frozen=True)
class Serving:
    """A container that serves, and where."""

    container: Any
    port: int

    @property
    def log(self) -> str:
        """Its last words."""
        return str(self.container.logs(tail=_LOG_LINES).decode(errors="replace")).strip()

    def has_said(self, words: str) -> bool:
        """Tell whether these words are in its log."""
        return words.encode() in self.container.logs()

    def exit_code(self) -> int | None:
        """Return its exit code; None while it runs."""
        self.container.reload()
        state = self.container.attrs["State"]
        return None if state["Running"] else int(state["ExitCode"])


def check(
    engine: DockerClient, image: Image, model: Path, request: Request, limit_s: int
) -> list[Check]:
    """Serve `model`; return what was found, without checks whose foundation is missing."""
    with contextlib.ExitStack() as stack:
        mount = docker.types.Mount("/opt/ml/model", str(model), type="bind", read_only=True)
        labels = wanted_for(limit_s + ANSWER_S + STOP_S)
        network = _network(engine, takes_port=image.takes_port)
        try:
            serving = stack.enter_context(
                _serving(engine, image.id, mounts=[mount], labels=labels, **network)
            )
        except docker.errors.APIError as error:
            return [Check("start", "refused", passed=False, why=str(error.explanation), do=_START)]
        found = [_ping(serving, limit_s)]
        if found[0].passed:
            found.append(_invoke(serving, request))
        if serving.exit_code() is None:
            found.append(_stop(serving))
        return found


def require_start(
    engine: DockerClient, reference: str, limit_s: int, log: Callable[[str], None]
) -> None:
    """Start an image with a microservice, without a model; raise ImageError where it ends.

    One that is merely slow is let through: how it serves is seen with a model (`check-image`).
    """
    network = _network(engine, takes_port=True)
    empty, labels = {"/opt/ml/model": ""}, wanted_for(limit_s)
    try:
        with _serving(engine, reference, tmpfs=empty, labels=labels, **network) as serving:
            log(_health(serving, limit_s))
    except docker.errors.APIError as error:
        raise ImageError(f"The image {reference} cannot be run.", why=str(error)) from error


START_S = 120  # of the 8 minutes that SageMaker gives
_HEALTHY = "The microservice is healthy."  # the words of docker/inference/readiness.py


def _health(serving: Serving, limit_s: int) -> str:
    """Wait until it says that it is healthy, or the time is over; return which."""
    started = time.monotonic()
    while time.monotonic() - started < limit_s:
        code = serving.exit_code()
        if code is not None:
            raise ImageError(
                f"The inference image does not serve: it ended with exit code {code}.",
                why=serving.log,
                do="Its last words are above. What is compiled into it has to start without a "
                "model; it was not pushed.",
            )
        if serving.has_said(_HEALTHY):
            return f"{_HEALTHY} (after {time.monotonic() - started:.1f} s)"
        time.sleep(0.5)
    return f"The microservice is not healthy after {limit_s} s. With a model, try check-image."


@contextlib.contextmanager
def _serving(engine: DockerClient, image: str, **words: Any) -> Iterator[Serving]:
    try:
        container = engine.containers.create(image, ["serve"], **words)
    except docker.errors.APIError as error:
        if "bind source path does not exist" in str(error):
            raise _unseen(str(error.explanation)) from error
        raise
    try:
        container.start()
        yield Serving(container, _port(container))
    finally:
        container.remove(force=True, v=True)


def _unseen(said: str) -> ImageError:
    return ImageError(
        "The Docker engine does not see this machine's files, so it cannot serve the model.",
        why=f"It runs on another machine, or in a container of its own: {said}",
        do="Run this where the engine runs (DOCKER_HOST, or the Docker context, names it).",
    )


def _network(engine: DockerClient, *, takes_port: bool) -> dict[str, Any]:
    """Return how the container is reached: by a port of its own, or as one of the host's.

    An engine may have no network but the host's; there an image that takes its port from
    SAGEMAKER_BIND_TO_PORT gets a free one, and any other the one that it has on SageMaker.
    """
    if has_bridge(engine):
        return {"ports": {f"{PORT}/tcp": ("127.0.0.1", None)}}
    port = _free_port() if takes_port else PORT
    return {"network_mode": "host", "environment": {"SAGEMAKER_BIND_TO_PORT": str(port)}}


def _port(container: Any) -> int:
    container.reload()
    for name, places in container.attrs["NetworkSettings"]["Ports"].items():
        if name == f"{PORT}/tcp" and places:
            return int(places[0]["HostPort"])
    environment = dict(text.partition("=")[::2] for text in container.attrs["Config"]["Env"])
    return int(environment.get("SAGEMAKER_BIND_TO_PORT", PORT))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _ping(serving: Serving, limit_s: int) -> Check:
    """Ask /ping until it is answered by 200, there is no more hope, or the time is over."""
    started, last = time.monotonic(), "no answer"
    while time.monotonic() - started < limit_s:
        code = serving.exit_code()
        if code is not None:
            return _no_ping(f"the container ended with exit code {code}", serving)
        last = _status_of_ping(serving.port)
        if last == "200":
            return Check("ping", f"200 after {time.monotonic() - started:.1f} s")
        if last == _GIVEN_UP:
            return _no_ping(f"{last}: the server has given up", serving)
        time.sleep(0.2)
    return _no_ping(f"{last} after {limit_s} s", serving)


_GIVEN_UP = "410"  # the answer of docker/octave/server when it starts no more workers


def _no_ping(found: str, serving: Serving) -> Check:
    return Check("ping", found, passed=False, why=serving.log, do=_START)


_START = "It has to start with the argument `serve` and to answer GET /ping with 200."


def _status_of_ping(port: int) -> str:
    try:
        return str(_send(port, "GET", "/ping", PING_S)[0])
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__


def _invoke(serving: Serving, request: Request) -> Check:
    headers = {"Content-Type": request.content_type, "Accept": request.accept}
    started = time.monotonic()
    try:
        status, body = _send(
            serving.port, "POST", "/invocations", ANSWER_S, body=request.body, headers=headers
        )
    except (OSError, http.client.HTTPException) as error:
        found = f"none ({type(error).__name__})"
        return Check("answer", found, passed=False, why=serving.log, do=_CORRECT)
    took = f"{len(body)} bytes after {time.monotonic() - started:.2f} s"
    why = f"{body[:500].decode(errors='replace')}\n{serving.log}".strip()
    return Check("answer", f"{status}, {took}", 200 <= status < 300, why=why, do=_CORRECT)


_CORRECT = "Correct the handler, or the request; the container has to answer within 60 s."


def _send(port: int, method: str, path: str, limit_s: int, **words: Any) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=limit_s)
    try:
        connection.request(method, path, **words)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _stop(serving: Serving) -> Check:
    started = time.monotonic()
    try:
        with contextlib.suppress(docker.errors.APIError):  # it has ended by itself meanwhile
            serving.container.kill("SIGTERM")
        code = serving.container.wait(timeout=STOP_S)["StatusCode"]
    except requests.RequestException:
        serving.container.client.ping()  # an engine that has gone is not the image's fault
        found = f"still running {STOP_S} s after SIGTERM"
        do = "The entry point has to be in exec form, and to pass SIGTERM on."
        return Check("stop", found, passed=False, why=serving.log, do=do)
    return Check("stop", f"exit code {code}, {time.monotonic() - started:.1f} s after SIGTERM")
