"""What a check needs of AWS, and only where it does: names resolved, models fetched, a login."""

from __future__ import annotations

import contextlib
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from matlab_sagemaker.aws import ecr, s3
from matlab_sagemaker.errors import InputError, MissingStepError
from matlab_sagemaker.project import build_context
from unpacking import unpack  # docker/common's, as training jobs use it

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.project.given_model import GivenModel


def resolved(image: str, connect: Callable[[], Aws]) -> str:
    """Find an image of the kit's, named repository:tag as the kit prints it, by its digest.

    Any other name stays as it is. Raises MissingStepError where ECR has no such image.
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
    """Yield the file of a model that is named by a path or an S3 URI, or given in the repository.

    What is fetched or packed goes away.
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
    """Return a function from a repository (host/name) to user and password.

    It gives None for any repository that ECR does not call its own: nobody else gets the password.
    AWS is asked when the function is called, and not before; of a name without a host, which is
    Docker Hub's, never.
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
    """Yield a folder with what `archive` holds, removed afterwards; raise InputError."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # a container that is not root reads it too
        try:
            unpack(archive, folder, "r:gz")
        except tarfile.TarError as error:
            raise InputError(
                f"The model {archive} cannot be unpacked: {error}.",
                why="SageMaker accepts a gzip-compressed tar.",
                do="Give the model.tar.gz of a training job.",
            ) from error
        yield folder
