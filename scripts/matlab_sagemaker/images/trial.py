"""Runs an image as SageMaker would, before anybody depends on it."""

from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import docker.errors
import requests

from matlab_sagemaker.contexts import KIT
from matlab_sagemaker.errors import ImageError
from matlab_sagemaker.images.build import TOKEN
from matlab_sagemaker.images.docker import has_bridge, wanted_for

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
    """Run the sample job; with a token it has a network, which the licence may need.

    What it needs and leaves is copied, not mounted: the engine may be on another machine.
    """
    words: dict[str, Any] = {"network_mode": "none"}
    if secret:
        words["environment"] = {"MATLAB_SAGEMAKER_TOKEN_SECRET": secret}
    if token:
        words = _licensed(engine, reference)
    try:
        container = engine.containers.create(
            reference, ["train"], labels=wanted_for(_LIMIT_S), **words
        )
        try:
            container.put_archive("/", _job(token))
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


def _job(token: str) -> bytes:
    """Return a tar with /opt/ml as a job finds it, and the token in a file that root can read."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        tar.add(SAMPLE, "opt/ml", filter=_of_root)
        for name in ("code", "model", "output/data"):
            folder = tarfile.TarInfo(f"opt/ml/{name}")
            folder.type, folder.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(folder)
        if token:
            file = tarfile.TarInfo(_TOKEN_FILE[1:])
            file.size, file.mode = len(token.encode()), 0o600
            tar.addfile(file, io.BytesIO(token.encode()))
    return data.getvalue()


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
    """Return the files that a job has left at a place below /opt/ml, as texts."""
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
            do="See what it waits for; the job needs a second or two of MATLAB.",
        ) from error


# Packages, private functions and class folders are the handler's as well.
PARSE = r"""
root = '/opt/matlab-sagemaker';
warning('off', 'Octave:shadowed-function');
addpath([root '/matlab'], [root '/compat'], [root '/handler']);
folders = {[root '/handler']};
while ~isempty(folders)
  inside = glob([folders{1} '/*']);
  folders = [folders(2:end); inside(cellfun(@isfolder, inside))];
  files = inside(~cellfun(@isempty, regexp(inside, '\.m$')));
  cellfun(@(file) __parse_file__(file), files, 'UniformOutput', false);
end
"""


def try_handler(engine: DockerClient, reference: str) -> None:
    """Let Octave parse the handler; raise ImageError with the place of what it cannot parse."""
    words = ["--norc", "--no-history", "--quiet", "--no-window-system", "--eval", PARSE]
    try:
        engine.containers.run(
            reference,
            words,
            entrypoint="octave-cli",
            network_mode="none",
            labels=wanted_for(_LIMIT_S),
            remove=True,
            stderr=True,
        )
    except docker.errors.ContainerError as error:
        raise ImageError(
            "The handler cannot be parsed.",
            why=bytes(error.stderr or b"").decode(errors="replace").strip()[-1000:],
            do="Correct the line that is named, and run again; nothing was pushed.",
        ) from error
    except docker.errors.APIError as error:
        raise ImageError(f"The image {reference} cannot be run.", why=str(error)) from error
