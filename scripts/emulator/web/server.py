"""Starts and ends the emulator; it ends on a signal or when idle, and leaves nothing running."""

from __future__ import annotations

import fcntl
import os
import signal
import tempfile
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import emulator.cloudformation.resources  # noqa: F401 (moto finds the types once they are defined)
from emulator import storage
from emulator.cloud import Cloud
from emulator.containers.engines import engine
from emulator.ecr import api as ecr
from emulator.errors import CannotStartError
from emulator.iam import judge, simulation, sts
from emulator.iam.sessions import Sessions
from emulator.s3 import objects
from emulator.sagemaker.api import Api
from emulator.sagemaker.world import World

from . import http_server
from .gateway import Activity, Gateway

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from werkzeug.serving import BaseWSGIServer

    from emulator.containers.engines import Engine
    from emulator.settings import Settings

_ROOMS = ("blobs", "images", "jobs", "endpoints", "registry", "tmp")
_SMALL_OBJECT_BYTES = 1 << 18
_STOP_GRACE_S = 5.0
"""The longest time, in seconds, that ending the emulator may take."""
_CONTAINER_GRACE_S = 30
_NOWHERE = "/dev/null"
_POLL_S = 1.0


def serve(settings: Settings) -> None:
    """Serve until SIGTERM, SIGINT or the idle timeout; raises CannotStartError."""
    done = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: done.set())
    _forget_the_users_aws()
    with _own_folder(settings.work), engine(settings) as made:
        _run(settings, made, done)


def _forget_the_users_aws() -> None:
    """Hide the user's profiles, endpoints, proxies and credentials from the emulator's clients."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = _NOWHERE
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"


def _run(settings: Settings, made: Engine, done: threading.Event) -> None:
    activity = Activity()
    gateway = _gateway(made, settings, activity)
    server = _listen(settings.port, gateway)
    url = f"http://127.0.0.1:{server.server_port}"
    cloud = Cloud(url, roles_act=settings.enforce_iam)
    launcher, images = made.launcher, made.images(cloud)
    api = Api(World(settings=settings, cloud=cloud, images=images, launcher=launcher))
    gateway.open(api)
    threading.Thread(target=server.serve_forever, name="server", daemon=True).start()
    print(f"ready {url}", flush=True)
    try:
        _wait(settings, done, activity, api)
    finally:
        launcher.close(min(_STOP_GRACE_S, settings.scaled(_CONTAINER_GRACE_S)))
        server.shutdown()
        server.server_close()


def _wait(settings: Settings, done: threading.Event, activity: Activity, api: Api) -> None:
    limit = settings.idle_timeout_s
    # Waiting without a limit would miss a signal that the kernel delivers to another thread.
    poll_s = min(_POLL_S, limit / 4) if limit else _POLL_S
    idle_since_job = 0.0
    while not done.wait(poll_s):
        idle_since_job = 0.0 if api.training.busy else idle_since_job + poll_s
        if limit and min(activity.idle_s, idle_since_job) >= limit:
            return


@contextmanager
def _own_folder(work: Path) -> Iterator[None]:
    """Lock the work folder, and empty it at the start and at the end."""
    work.mkdir(parents=True, exist_ok=True)
    with (work / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotStartError(
                f"Another emulator uses the folder {work}. Use another folder for --work."
            ) from error
        _clear(work)
        for name in _ROOMS:
            (work / name).mkdir()
        tempfile.tempdir = str(work / "tmp")  # moto keeps large S3 objects there
        os.environ["MOTO_S3_DEFAULT_KEY_BUFFER_SIZE"] = str(_SMALL_OBJECT_BYTES)
        try:
            yield
        finally:
            _clear(work)


def _clear(work: Path) -> None:
    for name in _ROOMS:
        storage.remove_tree(work / name)


def _gateway(made: Engine, settings: Settings, activity: Activity) -> Gateway:
    """Make the gateway, with the emulator's own registry, IAM and STS behind it."""
    sessions = Sessions(settings.session_s)
    ecr.install(made.store, settings.work / "blobs")
    simulation.install()
    judge.install()
    objects.install()
    sts.install(sessions, settings)
    court = judge.Judge(settings.enforce_iam)
    return Gateway(http_server.moto_application(), activity, made.store, sessions, court)


def _listen(port: int, gateway: Gateway) -> BaseWSGIServer:
    try:
        return http_server.listen(port, gateway)
    except (OSError, SystemExit) as error:
        raise CannotStartError(
            f"Port {port} is in use. Use another --port, or 0 for a free one."
        ) from error
