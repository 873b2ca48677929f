"""Gets images, models and logins for `check-image`; asks AWS only if the names require it."""

from __future__ import annotations

import contextlib
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from matlab_sagemaker.aws import ecr, s3
from matlab_sagemaker.errors import InputError, MissingStepError
from matlab_sagemaker.project import build_context
from unpacking import unpack  # from docker/common: the same code as in training jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.project.given_model import GivenModel


def resolved(image: str, connect: Callable[[], Aws]) -> str:
    """Look up one of the kit's images, named repository:tag as the kit prints it, in ECR.

    Returns its name by digest; any other name is returned unchanged. Raises MissingStepError if
    ECR does not have the image.
    """
    repository, _, tag = image.partition(":")
    if repository not in (build_context.RELEASE, build_context.CANDIDATE) or "@" in image:
        return image
    aws = connect()
    found = ecr.find(aws, (repository,), tag or "latest")
    if found is None:
        raise MissingStepError(
            f"There is no image {image} in ECR, in {aws.region} of the account {aws.account}.",
            do="Run compile-handler first, or correct the name.",
        )
    return found


@contextlib.contextmanager
def local(model: str | GivenModel, connect: Callable[[], Aws]) -> Iterator[Path]:
    """Yield the path of a model's archive: a local file, an S3 URI or the repository's model.

    Downloaded or packed files are deleted afterwards.
    """
    content = Path(model) if isinstance(model, str) else model.content()[0]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.tar.gz"
        if isinstance(content, bytes):
            file.write_bytes(content)
        elif str(model).startswith("s3://"):
            s3.download(connect(), str(model), file)
        else:
            file = content
        yield file


def login_of(connect: Callable[[], Aws]) -> Callable[[str], tuple[str, str] | None]:
    """Return a function that gives user and password for a repository (host/name).

    It returns None unless ECR confirms that the repository belongs to this account, so no other
    registry ever gets the password. It asks AWS only when called, and never for a name without a
    host, which means Docker Hub.
    """

    def login(repository: str) -> tuple[str, str] | None:
        host, _, name = repository.partition("/")
        if not (name and ("." in host or ":" in host)):
            return None
        aws = connect()
        return ecr.login(aws) if ecr.find_repository(aws, name) == repository else None

    return login


@contextlib.contextmanager
def unpacked(archive: Path) -> Iterator[Path]:
    """Yield a temporary folder with the archive's files; raise InputError if it cannot be read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # containers that do not run as root must be able to read it
        try:
            unpack(archive, folder, "r:gz")
        except tarfile.TarError as error:
            raise InputError(
                f"The model {archive} cannot be unpacked: {error}.",
                why="SageMaker accepts a gzip-compressed tar.",
                do="Use the model.tar.gz of a training job.",
            ) from error
        yield folder
