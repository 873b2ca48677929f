"""Runs an image as SageMaker would, before anybody depends on it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import docker.errors
import requests

from matlab_sagemaker.errors import ImageError

if TYPE_CHECKING:
    from docker.client import DockerClient

_LIMIT_S = 300


def try_training(engine: DockerClient, reference: str) -> None:
    """Run `train` on a job that has no code; raise ImageError unless the image says just that.

    It shows that the entry point starts, reads the contract, finds /opt/ml and writes the failure
    file: all but the engine itself, which for MATLAB needs a licence.
    """
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        for name in ("input/config", "input/data", "model", "output/data"):
            (base / name).mkdir(parents=True)
        code, log = _run(engine, reference, base)
        failure = base / "output/failure"
        said = failure.read_text(errors="replace") if failure.is_file() else ""
    if code != 1 or "sagemaker_training:contract" not in said:
        raise ImageError(
            f"The training image does not do what SageMaker expects of it (exit code {code}).",
            why=log[-2000:],
            do="A job without its configuration has to end with 1 and to say so in output/failure.",
        )


PARSE = """
root = '/opt/matlab-sagemaker';
warning('off', 'Octave:shadowed-function');
addpath([root '/matlab'], [root '/compat'], [root '/handler']);
files = glob([root '/handler/*.m']);
cellfun(@(file) __parse_file__(file), files, 'UniformOutput', false);
"""


def try_handler(engine: DockerClient, reference: str) -> None:
    """Let Octave parse the handler; raise ImageError with the place of what it cannot parse."""
    words = ["--norc", "--no-history", "--quiet", "--no-window-system", "--eval", PARSE]
    try:
        engine.containers.run(
            reference, words, entrypoint="octave-cli", network_mode="none", remove=True, stderr=True
        )
    except docker.errors.ContainerError as error:
        raise ImageError(
            "The handler cannot be parsed.",
            why=bytes(error.stderr or b"").decode(errors="replace").strip()[-1000:],
            do="Correct the line that is named, and run again; nothing was pushed.",
        ) from error
    except (docker.errors.DockerException, requests.RequestException) as error:
        raise ImageError(f"The image {reference} cannot be run.", why=str(error)) from error


def _run(engine: DockerClient, reference: str, base: Path) -> tuple[int, str]:
    volumes = {str(base): {"bind": "/opt/ml", "mode": "rw"}}
    try:
        container = engine.containers.run(
            reference, ["train"], detach=True, volumes=volumes, network_mode="none"
        )
        try:
            code = int(container.wait(timeout=_LIMIT_S)["StatusCode"])
            return code, container.logs().decode(errors="replace")
        finally:
            container.remove(force=True)
    except (docker.errors.DockerException, requests.RequestException) as error:
        raise ImageError(f"The image {reference} cannot be run.", why=str(error)) from error
