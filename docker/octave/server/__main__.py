"""`python3 -m server serve`: an HTTP server in front of a pool of Octave workers.

SIGTERM ends it within 5 s with exit code 0; SageMaker would allow 30 s.
"""

from __future__ import annotations

import functools
import logging
import os
import shutil
import signal
import sys
from typing import TYPE_CHECKING

import uvicorn

from server.app import Application
from server.pool import Pool
from server.settings import read_settings
from server.worker import start_worker
from variables import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from server.settings import Settings

USAGE = """usage: python3 -m server serve

Serves the MATLAB inference handler named by SAGEMAKER_INFERENCE_HANDLER on GNU Octave.
SAGEMAKER_BIND_TO_PORT       port (default 8080); 0: any free one, shown in the log
SAGEMAKER_MAX_PAYLOAD_IN_MB  largest body (25); 0: no limit
SAGEMAKER_BASE_DIR           folder that contains model/ (/opt/ml)
MATLAB_SAGEMAKER_WORKERS     number of Octave processes (one for each processor)
MATLAB_SAGEMAKER_TIMEOUT     longest time for a request in seconds (60)"""

FINISH_S = 3  # for open requests; then the workers have their own time to end
KEEP_ALIVE_S = 75  # longer than clients keep an idle connection in their pool


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    """Serve until SIGTERM or SIGINT and return the exit code."""
    if arguments != ["serve"]:
        print(USAGE, file=sys.stderr)
        return 2
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(levelname)s %(message)s")
    try:
        settings = read_settings(environ)
        check_image(settings)
    except SettingsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    serve(settings, environ)
    return 0


def check_image(settings: Settings) -> None:
    """Raise SettingsError if Octave or the handler is missing in the image."""
    if shutil.which("octave-cli") is None:
        raise SettingsError("there is no octave-cli on PATH. Build the inference image again.")
    if not (settings.root / "handler").is_dir():
        raise SettingsError(f"{settings.root} has no folder handler. Compile the handler again.")


def serve(settings: Settings, environ: Mapping[str, str]) -> None:
    """Serve until a signal asks for the end."""
    start = functools.partial(start_worker, settings.root, environ)
    application = Application(Pool(start, settings.workers, settings.timeout_s), settings)
    config = uvicorn.Config(
        application,
        host="0.0.0.0",  # noqa: S104 (SageMaker reaches the container from outside)
        port=settings.port,
        http="h11",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=FINISH_S,
    )
    # uvicorn raises the signal that ended it again: ignore that.
    signal.signal(signal.SIGTERM, lambda *_: None)
    signal.signal(signal.SIGINT, lambda *_: None)
    uvicorn.Server(config).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
