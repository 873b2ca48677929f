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
from matlab_sagemaker.images import checks, fetch, inspection
from matlab_sagemaker.images.docker_engine import connected, has_bridge, wanted_for
from matlab_sagemaker.project.given_model import GivenModel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from docker.client import DockerClient

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.images.checks import LocalImage
    from matlab_sagemaker.project.request import Sample

PORT = 8080
PING_S, ANSWER_S, STOP_S = 2, 60, 30  # SageMaker's limits
_LOG_LINES = 20


@dataclass(frozen=True)
class RunningContainer:
    """A running container and the local port that reaches it."""

    container: Any
    port: int

    @property
    def log(self) -> str:
        """The last lines of its log."""
        return str(self.container.logs(tail=_LOG_LINES).decode(errors="replace")).strip()

    def has_said(self, words: str) -> bool:
        """Whether its log contains `words`."""
        return words.encode() in self.container.logs()

    def exit_code(self) -> int | None:
        """Ask Docker for its exit code; None while it runs."""
        self.container.reload()
        state = self.container.attrs["State"]
        return None if state["Running"] else int(state["ExitCode"])


def try_image(
    log: Callable[[str], None],
    connect: Callable[[], Aws],
    name: str,
    model: str | GivenModel,
    sample: Sample | None,
    limit_s: int,
) -> list[Check]:
    """Check an image, then run it with a model and send it a request.

    Without a `sample`, no request is sent. `name` and `model` are as the user wrote them (see
    fetch.resolved and fetch.local). /ping must answer within `limit_s` seconds.
    """
    if isinstance(model, GivenModel) and model.is_in_s3:
        return [checks.of_model_away(model)]
    with (
        fetch.local(model, connect) as file,
        fetch.unpacked(file) as folder,
        connected() as engine,
    ):
        resolved = fetch.resolved(name, connect)
        image = inspection.find(engine, resolved, fetch.login_of(connect))
        log(f"Running {resolved} as SageMaker would")
        results = checks.of_image(image)
        if checks.passed(results):
            results += check(engine, image, folder, sample, limit_s)
        return results


def check(
    engine: DockerClient, image: LocalImage, model: Path, sample: Sample | None, limit_s: int
) -> list[Check]:
    """Serve `model` and check that; skip checks that need one that failed."""
    with contextlib.ExitStack() as stack:
        mount = docker.types.Mount("/opt/ml/model", str(model), type="bind", read_only=True)
        labels = wanted_for(limit_s + ANSWER_S + STOP_S)
        network = _network(engine, takes_port=image.takes_port)
        try:
            running = stack.enter_context(
                _running(engine, image.id, mounts=[mount], labels=labels, **network)
            )
        except docker.errors.APIError as error:
            return [Check("start", "refused", passed=False, why=str(error.explanation), fix=_START)]
        found = [_ping(running, limit_s)]
        if found[0].passed and sample:
            found += _invoke(running, sample)
        if running.exit_code() is None:
            found.append(_stop(running))
        return found


def require_start(
    engine: DockerClient, reference: str, limit_s: int, log: Callable[[str], None]
) -> None:
    """Start an image that has a microservice, without a model; raise ImageError if it exits.

    An image that is only slow passes: `check-image` tests it with a model.
    """
    network = _network(engine, takes_port=True)
    empty, labels = {"/opt/ml/model": ""}, wanted_for(limit_s)
    try:
        with _running(engine, reference, tmpfs=empty, labels=labels, **network) as running:
            log(_health(running, limit_s))
    except docker.errors.APIError as error:
        raise ImageError(f"The image {reference} cannot be run.", why=str(error)) from error


START_S = 120  # of the 8 minutes that SageMaker gives
_HEALTHY = "The microservice is healthy."  # logged by docker/inference/readiness.py


def _health(running: RunningContainer, limit_s: int) -> str:
    """Wait until its log says that it is healthy, or time runs out; say which."""
    started = time.monotonic()
    while time.monotonic() - started < limit_s:
        code = running.exit_code()
        if code is not None:
            raise ImageError(
                f"The inference image does not serve: it ended with exit code {code}.",
                why=running.log,
                do="See its last log lines above. The compiled handler must be able to start "
                "without a model. The image was not pushed.",
            )
        if running.has_said(_HEALTHY):
            return f"{_HEALTHY} (after {time.monotonic() - started:.1f} s)"
        time.sleep(0.5)
    return f"The microservice is not healthy after {limit_s} s. Test it: check-image with a model."


@contextlib.contextmanager
def _running(engine: DockerClient, image: str, **words: Any) -> Iterator[RunningContainer]:
    try:
        container = engine.containers.create(image, ["serve"], **words)
    except docker.errors.APIError as error:
        if "bind source path does not exist" in str(error):
            raise _unseen(str(error.explanation)) from error
        raise
    try:
        container.start()
        yield RunningContainer(container, _port(container))
    finally:
        container.remove(force=True, v=True)


def _unseen(said: str) -> ImageError:
    return ImageError(
        "The Docker engine cannot see this machine's files, so it cannot serve the model.",
        why=f"It runs on another machine or in a container: {said}",
        do="Run this on the engine's machine (see DOCKER_HOST or `docker context show`).",
    )


def _network(engine: DockerClient, *, takes_port: bool) -> dict[str, Any]:
    """Choose the options that make the container's port reachable from this machine.

    If the engine only has the host's network, an image that reads SAGEMAKER_BIND_TO_PORT gets a
    free port, and any other image uses the same port as on SageMaker.
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


def _ping(running: RunningContainer, limit_s: int) -> Check:
    """Repeat GET /ping until it answers 200, the server can no longer start, or time runs out."""
    started, last = time.monotonic(), "no answer"
    while time.monotonic() - started < limit_s:
        code = running.exit_code()
        if code is not None:
            return _no_ping(f"the container ended with exit code {code}", running)
        last = _status_of_ping(running.port)
        if last == "200":
            return Check("ping", f"200 after {time.monotonic() - started:.1f} s")
        if last == _GIVEN_UP:
            return _no_ping(f"{last}: the server has given up", running)
        time.sleep(0.2)
    return _no_ping(f"{last} after {limit_s} s", running)


_GIVEN_UP = "410"  # docker/octave/server answers this when it has stopped starting workers


def _no_ping(found: str, running: RunningContainer) -> Check:
    return Check("ping", found, passed=False, why=running.log, fix=_START)


_START = "The image must start with the argument `serve` and answer GET /ping with 200."


def _status_of_ping(port: int) -> str:
    try:
        return str(_send(port, "GET", "/ping", PING_S)[0])
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__


def _invoke(running: RunningContainer, sample: Sample) -> list[Check]:
    request = sample.request
    headers = {"Content-Type": request.content_type, "Accept": request.accept}
    started = time.monotonic()
    try:
        status, body = _send(
            running.port, "POST", "/invocations", ANSWER_S, body=request.body, headers=headers
        )
    except (OSError, http.client.HTTPException) as error:
        none = f"none ({type(error).__name__})"
        return [Check("answer", none, passed=False, why=running.log, fix=_CORRECT)]
    took = f"{len(body)} bytes after {time.monotonic() - started:.2f} s"
    why = f"{body[:500].decode(errors='replace')}\n{running.log}".strip()
    answered = 200 <= status < 300
    found = [Check("answer", f"{status}, {took}", answered, why=why, fix=_CORRECT)]
    if answered and sample.expected:
        found.append(checks.of_answer(sample.expected, body))
    return found


_CORRECT = "Correct the handler or the request. The container must answer within 60 s."


def _send(port: int, method: str, path: str, limit_s: int, **words: Any) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=limit_s)
    try:
        connection.request(method, path, **words)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _stop(running: RunningContainer) -> Check:
    started = time.monotonic()
    try:
        with contextlib.suppress(docker.errors.APIError):  # it has just ended by itself
            running.container.kill("SIGTERM")
        code = running.container.wait(timeout=STOP_S)["StatusCode"]
    except requests.RequestException:
        running.container.client.ping()  # if this fails too, the engine is gone: not the image
        found = f"still running {STOP_S} s after SIGTERM"
        do = "Write ENTRYPOINT in exec form, and let the program pass SIGTERM on."
        return Check("stop", found, passed=False, why=running.log, fix=do)
    return Check("stop", f"exit code {code}, {time.monotonic() - started:.1f} s after SIGTERM")
