"""Runs a small training job in a new image as SageMaker would, before the image is used."""

from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import docker.errors
import requests

from matlab_sagemaker import digest, file_list
from matlab_sagemaker.errors import ImageError
from matlab_sagemaker.images.buildx import TOKEN
from matlab_sagemaker.images.docker_engine import has_bridge, wanted_for
from matlab_sagemaker.project.build_context import KIT

if TYPE_CHECKING:
    from docker.client import DockerClient

SAMPLE = KIT / "docker/training/sample"  # the files that SageMaker puts below /opt/ml for a job
_LIMIT_S = 300


@dataclass(frozen=True)
class _End:
    """How a job ended: its exit code, whether it left a model, its failure file and its log."""

    code: int
    model: bool
    failure: str
    log: str

    @property
    def trained(self) -> bool:
        """Whether SageMaker would report Completed and find a model."""
        return self.code == 0 and self.model and not self.failure

    def failed_with(self, identifier: str) -> bool:
        """Whether SageMaker would report Failed, with this error identifier."""
        return self.code != 0 and self.failure.startswith(identifier)


def try_training(engine: DockerClient, reference: str, kind: str, token: str) -> None:
    """Run the sample job in an image; raise ImageError if the image cannot train.

    `kind` is the engine. With Octave, or MATLAB and a token, one job must train, and a second one
    that should seal its model must fail because it is not a job of SageMaker's: this shows that
    boto3 works. MATLAB without a token cannot train: a job that names a secret must fail when
    boto3 reads it, and a job without one must get as far as starting matlab-batch.
    """
    if kind == "octave" or token:
        end = _run(engine, reference, token="" if kind == "octave" else token)
        _require(end, end.trained, "The sample job must leave a model and end with 0.")
        end = _run(engine, reference, seal="s3://sample/sealed")
        _require(end, end.failed_with("sagemaker_training:seal:job"), _TO_SEAL)
        return
    end = _run(engine, reference, secret="sample")  # noqa: S106 (a name)
    _require(end, end.failed_with("sagemaker_training:licence:credentials"), _TO_BOTO3)
    end = _run(engine, reference)
    arrived = end.failed_with("sagemaker_training:licence:notStarted: matlab-batch")
    _require(end, end.trained or arrived, _TO_MATLAB_BATCH)


_TO_SEAL = "A job that cannot seal its model must say so before it trains, and exit with 1."
_TO_BOTO3 = "A job that cannot read its batch token's secret must say so, and exit with 1."
_TO_MATLAB_BATCH = "A job without a token must start matlab-batch, and exit with its exit code."


def _require(end: _End, met: bool, do: str) -> None:
    if not met:
        raise ImageError(
            "The training image does not do what SageMaker expects "
            f"(exit code {end.code}, {'a' if end.model else 'no'} model).",
            why=f"{end.failure}\n{end.log[-2000:]}".strip(),
            do=do,
        )


def _run(
    engine: DockerClient, reference: str, *, token: str = "", secret: str = "", seal: str = ""
) -> _End:
    """Run the sample job; it has a network only with a token, since the licence may need one.

    Its files are copied in and out, not mounted, because the engine may be on another machine.
    """
    words: dict[str, Any] = _licensed(engine, reference) if token else {"network_mode": "none"}
    inputs = _inputs(seal)
    words["environment"] = {"MATLAB_SAGEMAKER_INPUTS": digest.hexadecimal(inputs)}
    if secret:
        words["environment"]["MATLAB_SAGEMAKER_TOKEN_SECRET"] = secret
    try:
        container = engine.containers.create(
            reference, ["train"], labels=wanted_for(_LIMIT_S), **words
        )
        try:
            container.put_archive("/", _job(token, inputs))
            container.start()
            return _end(engine, container)
        finally:
            container.remove(force=True, v=True)
    except docker.errors.APIError as error:
        raise ImageError(f"The image {reference} cannot be run.", why=str(error)) from error


_TOKEN_FILE = "/run/batch-token"  # noqa: S105 (a path)


def _with_token(limit_s: int) -> str:
    """Make the shell line that moves the token from its file to the environment and starts a job.

    `docker inspect` does not show the token there. The job ends after `limit_s` seconds even if
    the kit is killed.
    """
    return (
        f"{TOKEN}=$(cat {_TOKEN_FILE}) && rm {_TOKEN_FILE} && export {TOKEN} "
        f'&& exec timeout -s KILL {limit_s} "$0" "$@"'
    )


def _job(token: str, inputs: bytes) -> bytes:
    """Make a tar with the job's /opt/ml, and the token in a file that only root can read."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        tar.add(SAMPLE, "opt/ml", filter=_of_root)
        for name in ("code", "model", "output/data"):
            folder = tarfile.TarInfo(f"opt/ml/{name}")
            folder.type, folder.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(folder)
        _add(tar, "opt/ml/input/data/code/inputs.json", inputs, 0o644)
        if token:
            _add(tar, _TOKEN_FILE[1:], token.encode(), 0o600)
    return data.getvalue()


def _add(tar: tarfile.TarFile, name: str, content: bytes, mode: int) -> None:
    file = tarfile.TarInfo(name)
    file.size, file.mode = len(content), mode
    tar.addfile(file, io.BytesIO(content))


def _inputs(seal: str) -> bytes:
    """Make inputs.json, with which the job checks the digests of its input files.

    If `seal` is empty, the job does not seal its model.
    """
    channels = {
        folder.name: [
            (path, file.size, file.sha256)
            for path, file in digest.measure(file_list.folder_files(folder)).items()
        ]
        for folder in (SAMPLE / "input/data").iterdir()
    }
    return digest.canonical({"channels": channels, "listed": {}, "metrics": {}, "seal": seal})


def _of_root(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _licensed(engine: DockerClient, reference: str) -> dict[str, Any]:
    """Choose the options of a container whose entry point gets the token."""
    own = engine.images.get(reference).attrs["Config"]["Entrypoint"]
    network = "bridge" if has_bridge(engine) else "host"
    command = ["sh", "-c", _with_token(_LIMIT_S + 60), *own]
    return {"entrypoint": command, "network_mode": network}


def _end(engine: DockerClient, container: Any) -> _End:
    code = _exit_code(engine, container)
    failure = "".join(_left(container, "output/failure"))
    log = container.logs().decode(errors="replace")
    return _End(code, bool(_left(container, "model")), failure, log)


def _left(container: Any, place: str) -> list[str]:
    """Read the files that a job has left at `place` below /opt/ml, as text."""
    try:
        chunks, _ = container.get_archive(f"/opt/ml/{place}")
    except docker.errors.NotFound:
        return []
    with tarfile.open(fileobj=io.BytesIO(b"".join(chunks))) as tar:
        files = [tar.extractfile(member) for member in tar if member.isfile()]
        return [file.read().decode(errors="replace") for file in files if file]


def _exit_code(engine: DockerClient, container: Any) -> int:
    try:
        return int(container.wait(timeout=_LIMIT_S)["StatusCode"])
    except requests.RequestException as error:
        engine.ping()  # raises if the engine is gone: then that is the cause
        raise ImageError(
            f"The sample job is still running after {_LIMIT_S} s.",
            why=container.logs(tail=20).decode(errors="replace"),
            do="Find out what it waits for: MATLAB needs only a second or two for this job.",
        ) from error
