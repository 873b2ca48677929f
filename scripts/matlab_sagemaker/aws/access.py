"""What a check needs of AWS, and only where it does: names resolved, models fetched, a login."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from matlab_sagemaker import contexts
from matlab_sagemaker.aws import registry, repositories, storage
from matlab_sagemaker.errors import MissingStepError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matlab_sagemaker.aws.session import Aws


def resolved(image: str, connect: Callable[[], Aws]) -> str:
    """Return an image of the kit's, named repository:tag as the kit prints it, by its digest.

    Any other name stays as it is. Raises MissingStepError where ECR has no such image.
    """
    if not image.startswith(f"{contexts.NAMESPACE}/") or "@" in image:
        return image
    aws = connect()
    repository, _, tag = image.partition(":")
    found = registry.find(aws, repository, tag or "latest")
    if found is None:
        raise MissingStepError(
            f"There is no image {image} in ECR, in {aws.region} of the account {aws.account}.",
            do="Run compile-handler first, or correct the name.",
        )
    return found.uri


@contextlib.contextmanager
def local(model: str, connect: Callable[[], Aws]) -> Iterator[Path]:
    """Yield the file of a model that is named by a path or an S3 URI; what is fetched goes away."""
    if not model.startswith("s3://"):
        yield Path(model)
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.tar.gz"
        storage.download(connect(), model, file)
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
        return registry.login(aws) if repositories.find(aws, name) == repository else None

    return login
