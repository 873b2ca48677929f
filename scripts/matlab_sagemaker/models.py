"""A model's archive, unpacked as SageMaker unpacks it into /opt/ml/model."""

from __future__ import annotations

import contextlib
import tarfile
import tempfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def unpacked(archive: Path) -> Iterator[Path]:
    """Yield a folder with what `archive` holds, removed afterwards; raise InputError."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # a container that is not root reads it too
        try:
            with tarfile.open(archive, "r:gz") as tar:
                tar.extractall(folder, filter="data")
        except (OSError, tarfile.TarError, EOFError, zlib.error) as error:
            raise InputError(
                f"The model {archive} cannot be unpacked: {error}.",
                why="SageMaker takes a gzip-compressed tar.",
                do="Give the model.tar.gz that a training job has made.",
            ) from error
        yield folder
