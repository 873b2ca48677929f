"""Archives of the user's code."""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING

import unpacking
from failure import JobError

if TYPE_CHECKING:
    from pathlib import Path


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a tar, compressed or not, into `folder`.

    Raises JobError if it is not a tar, and for a member that is or leads outside `folder`.
    """
    try:
        unpacking.unpack(archive, folder)
    except tarfile.TarError as error:
        raise JobError(
            "sagemaker_training:bundle:archive",
            f"The code bundle {archive.name} cannot be unpacked: {error}.",
            "It must be a tar.gz with the content of one code folder, and nothing outside it.",
            "Make the bundle again (the kit's step train does) and start a new job.",
        ) from error
