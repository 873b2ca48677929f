"""Runs an image as SageMaker would, before anybody depends on it."""

from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import docker.errors
import requests

from matlab_sagemaker import digest, walk
from matlab_sagemaker.errors import ImageError
from matlab_sagemaker.images.buildx import TOKEN
from matlab_sagemaker.images.docker_engine import has_bridge, wanted_for
from matlab_sagemaker.project.build_context import KIT

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

    It has to train, and a job that is to seal its model to get as far as boto3: it is none of
    SageMaker's, and has to say so. MATLAB trains only with a batch token: without one a job that
    names a secret has to get as far as boto3, and one that names none as far as matlab-batch.
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


_TO_SEAL = "A job that cannot seal its model must say so before it trains, and end with 1."
_TO_BOTO3 = "A job that cannot read the secret with its token must say so, and end with 1."
_TO_MATLAB_BATCH = "A job without a token must start matlab-batch, and end with its exit code."


def _require(end: _End, met: bool, do: str) -> None:
    if not met:
        raise ImageError(
            "The training image does not do what SageMaker expects of it "
            f"(exit code {end.code}, {'a' if end.model else 'no'} model).",
            why=f"{end.failure}\n{end.log[-2000:]}".strip(),
            do=do,
        )


def _run(
    engine: DockerClient, reference: str, *, token: str = "", secret: str = "", seal: str = ""
) -> _End:
    """Run the sample job; with a token it has a network, which the licence may need.

    What it needs and leaves is copied, not mounted: the engine may be on another machine.
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
    """Return the line that starts an entry point with the token, which the file then is without.

    It has the token in its environment, where `docker inspect` does not see it, and ends after
    `limit_s` by itself: the kit may have been killed.
    """
    return (
        f"{TOKEN}=$(cat {_TOKEN_FILE}) && rm {_TOKEN_FILE} && export {TOKEN} "
        f'&& exec timeout -s KILL {limit_s} "$0" "$@"'
    )


def _job(token: str, inputs: bytes) -> bytes:
    """Return a tar with /opt/ml as a job finds it, and the token in a file that root can read."""
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
    """Return inputs.json, by which the sample job proves its files as any other job does.

    Where it names no place for a seal, a job leaves nothing that a merge would take over.
    """
    channels = {
        folder.name: [
            (path, file.size, file.sha256)
            for path, file in digest.measure(walk.folder_files(folder)).items()
        ]
        for folder in (SAMPLE / "input/data").iterdir()
    }
    return digest.canonical({"channels": channels, "listed": {}, "metrics": {}, "seal": seal})


def _of_root(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _licensed(engine: DockerClient, reference: str) -> dict[str, Any]:
    """Return how a container is started whose entry point is to have the token."""
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
    """Read the files that a job has left at a place below /opt/ml, as texts."""
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
        engine.ping()  # where nothing answers this either, it is the engine that has gone
        raise ImageError(
            f"The sample job is still running after {_LIMIT_S} s.",
            why=container.logs(tail=20).decode(errors="replace"),
            do="Find out what it waits for: the job takes MATLAB a second or two.",
        ) from error
