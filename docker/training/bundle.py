"""Finds the user's code where the job says it is, and puts it into the job's code folder."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from archive import unpack
from failure import JobError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract import Job

ARCHIVE = "code.tar.gz"


def place_code(job: Job, environ: Mapping[str, str]) -> Path:
    """Put the user's code into the job's code folder and return it.

    The channel `code` contains code.tar.gz or plain files; without that channel, the hyperparameter
    sagemaker_submit_directory names a folder, an archive or an S3 URI. Raises JobError.
    """
    if job.code_channel.is_dir():
        _place(_archive_in(job.code_channel), job.code_folder)
    elif job.submit_directory and job.submit_directory.startswith("s3://"):
        _place_download(job.submit_directory, job.code_folder, environ)
    elif job.submit_directory:
        _place(Path(job.submit_directory), job.code_folder)
    else:
        raise JobError(
            "sagemaker_training:bundle:missing",
            "The job has no code.",
            f"It has neither a channel named code at {job.code_channel} nor the hyperparameter "
            "sagemaker_submit_directory.",
            f"Give the job an input channel named code with {ARCHIVE}.",
        )
    return job.code_folder


def _archive_in(channel: Path) -> Path:
    archive = channel / ARCHIVE
    return archive if archive.is_file() else channel


def _place(source: Path, folder: Path) -> None:
    if source.is_dir():
        if source.resolve() != folder.resolve():
            shutil.copytree(source, folder, dirs_exist_ok=True)
    elif source.is_file():
        unpack(source, folder)
    else:
        raise JobError(
            "sagemaker_training:bundle:missing",
            f"There is no code at {source}.",
            "The hyperparameter sagemaker_submit_directory names it.",
            "Set it to a folder or a .tar.gz that exists in the container, or to an S3 URI.",
        )


def _place_download(uri: str, folder: Path, environ: Mapping[str, str]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        archive = Path(scratch) / ARCHIVE
        _download(uri, archive, environ)
        unpack(archive, folder)


def _download(uri: str, target: Path, environ: Mapping[str, str]) -> None:
    try:
        from download import DownloadError, download  # noqa: PLC0415 (only a download needs boto3)
    except ImportError as error:
        raise _not_fetched(uri, "This image has no boto3") from error
    try:
        download(uri, target, environ)
    except DownloadError as error:
        raise _not_fetched(uri, str(error)) from error


def _not_fetched(uri: str, why: str) -> JobError:
    return JobError(
        "sagemaker_training:bundle:download",
        f"The code at {uri} could not be downloaded.",
        f"{why}.",
        f"Give the job an input channel named code with {ARCHIVE}, which SageMaker downloads.",
    )
