"""Runs an image as SageMaker would, before anybody depends on it."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docker.errors
import requests

from matlab_sagemaker.contexts import KIT
from matlab_sagemaker.errors import ImageError
from matlab_sagemaker.images.build import TOKEN
from matlab_sagemaker.images.docker import has_bridge

if TYPE_CHECKING:
    from docker.client import DockerClient

SAMPLE = KIT / "docker/training/sample"  # a job as SageMaker lays it out below /opt/ml
_LIMIT_S = 300


@dataclass(frozen=True)
class _End:
    """How a job ended: its exit code, what it left, and its log."""

    code: int
    model: bool
    failure: str
    log: str

    @property
    def trained(self) -> bool:
        """Whether SageMaker would call it Completed, and find a model."""
        return self.code == 0 and self.model and not self.failure

    def failed_with(self, identifier: str) -> bool:
        """Tell whether it is Failed, for just this reason."""
        return self.code != 0 and self.failure.startswith(identifier)


def try_training(engine: DockerClient, reference: str, kind: str, token: str) -> None:
    """Run `train` on the sample job; raise ImageError unless the image `kind` can do that.

    It has to train. MATLAB can not without a batch token: then a job that names a secret has to get
    as far as boto3, and one that names none as far as matlab-batch, and to say why it ends there.
    """
    if kind == "octave" or token:
        end = _run(engine, reference, token="" if kind == "octave" else token)
        _require(end, end.trained, "The sample job has to leave a model and to end with 0.")
        return
    end = _run(engine, reference, secret="sample")  # noqa: S106 (a name)
    _require(end, end.failed_with("sagemaker_training:licence:credentials"), _TO_BOTO3)
    end = _run(engine, reference)
    arrived = end.failed_with("sagemaker_training:licence:notStarted: matlab-batch")
    _require(end, end.trained or arrived, _TO_MATLAB_BATCH)


_TO_BOTO3 = "A job that cannot read the secret with its token has to say so, and to end with 1."
_TO_MATLAB_BATCH = "A job without a token has to start matlab-batch, and to end as that does."


def _require(end: _End, met: bool, do: str) -> None:
    if not met:
        raise ImageError(
            "The training image does not do what SageMaker expects of it "
            f"(exit code {end.code}, {'a' if end.model else 'no'} model).",
            why=f"{end.failure}\n{end.log[-2000:]}".strip(),
            do=do,
        )


def _run(engine: DockerClient, reference: str, *, token: str = "", secret: str = "") -> _End:
    """Run the sample job; with a token it has a network, which the licence may need."""
    with tempfile.TemporaryDirectory() as folder:
        base = shutil.copytree(SAMPLE, Path(folder) / "ml")
        # Every folder that a job fills is ours: what root leaves in it, we can remove.
        for name in ("code", "model", "output/data"):
            (base / name).mkdir(parents=True)
        mounted = {str(base): {"bind": "/opt/ml", "mode": "rw"}}
        words: dict[str, Any] = {"network_mode": "none"}
        if secret:
            words["environment"] = {"MATLAB_SAGEMAKER_TOKEN_SECRET": secret}
        if token:
            mounted[str(_kept(token, Path(folder)))] = {"bind": _TOKEN_FILE, "mode": "ro"}
            words = _licensed(engine, reference)
        code, log = _train(engine, reference, volumes=mounted, **words)
        failure = base / "output/failure"
        said = failure.read_text(errors="replace") if failure.is_file() else ""
        return _End(code, any((base / "model").iterdir()), said, log)


_TOKEN_FILE = "/run/batch-token"  # noqa: S105 (a path)
# The entry point finds the token in its environment, where `docker inspect` does not see it.
_TAKE_TOKEN = f'{TOKEN}=$(cat {_TOKEN_FILE}) && export {TOKEN} && exec "$0" "$@"'


def _kept(token: str, folder: Path) -> Path:
    """Write the token to a file that nobody else can read."""
    file = folder / "batch-token"
    file.touch(mode=0o600)
    file.write_text(token)
    return file


def _licensed(engine: DockerClient, reference: str) -> dict[str, Any]:
    """Return how a container is started whose entry point is to have the token."""
    own = engine.images.get(reference).attrs["Config"]["Entrypoint"]
    network = "bridge" if has_bridge(engine) else "host"
    return {"entrypoint": ["sh", "-c", _TAKE_TOKEN, *own], "network_mode": network}


def _train(engine: DockerClient, reference: str, **words: Any) -> tuple[int, str]:
    try:
        container = engine.containers.run(reference, ["train"], detach=True, **words)
        try:
            code = int(container.wait(timeout=_LIMIT_S)["StatusCode"])
            return code, container.logs().decode(errors="replace")
        finally:
            container.remove(force=True, v=True)
    except (docker.errors.DockerException, requests.RequestException) as error:
        raise ImageError(f"The image {reference} cannot be run.", why=str(error)) from error


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
