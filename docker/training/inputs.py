"""Checks the job's inputs before any of them is used.

The job's request contains the digest of inputs.json, a file in the channel `code` that lists every
file of every channel with its digest. So anyone who trusts the request knows what the user's code
ran on, even if others can write to these channels in S3.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract import CODE_CHANNEL
from failure import JobError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from contract import Job

VARIABLE = "MATLAB_SAGEMAKER_INPUTS"  # in the job's Environment: the SHA-256 of inputs.json
FILE = "inputs.json"
BLOCK_BYTES = 1 << 20
NAMED = 5  # files in one message, of which SageMaker shows 1,024 characters

Files = dict[str, tuple[int, str]]  # path in the channel -> size in bytes, digest


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """The content of inputs.json."""

    sha256: str  # of inputs.json itself
    channels: Mapping[str, Files]  # with the SHA-256 of each file
    listed: Mapping[str, Files]  # the user's own channels, with ETags, which cannot be checked here
    metrics: Mapping[str, str]  # regular expressions by name
    seal: str  # the S3 URI below which the job seals its model; empty: do not seal


def prove_inputs(job: Job, environ: Mapping[str, str]) -> Inputs | None:
    """Read inputs.json, and check that all mounted files are as it says.

    Returns None if the job has neither a channel `code` nor the variable: nothing to check then.
    Raises JobError, which names files that are missing, were added or have changed.
    """
    expected = environ.get(VARIABLE, "")
    if not expected and not job.code_channel.is_dir():
        return None
    if not expected:
        raise JobError(
            "sagemaker_training:inputs:unnamed",
            f"The job has a channel named {CODE_CHANNEL}, but no variable {VARIABLE}.",
            f"The variable is the SHA-256 of {FILE} in that channel, which the image needs to "
            "check its inputs.",
            "Start the job with the kit's step train, which provides both, or set the "
            "hyperparameter sagemaker_submit_directory to the code's place.",
        )
    inputs = _parsed(_read(job.code_channel / FILE, expected), expected)
    _require_channels(job, inputs)
    _require_files(job, inputs)
    return inputs


def file_sha256(path: Path) -> str:
    """Compute the SHA-256 of a file, block by block."""
    digest, block = hashlib.sha256(), memoryview(bytearray(BLOCK_BYTES))
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(block):
            digest.update(block[:count])
    return digest.hexdigest()


def _read(path: Path, expected: str) -> bytes:
    try:
        text = path.read_bytes()
    except OSError as error:
        raise _not_the_one(path, f"It cannot be read ({error.strerror}).") from error
    actual = hashlib.sha256(text).hexdigest()
    if actual != expected:
        raise _not_the_one(path, f"Its SHA-256 is {actual}, but {VARIABLE} is {expected}.")
    return text


def _not_the_one(path: Path, why: str) -> JobError:
    return JobError(
        "sagemaker_training:inputs:changed",
        f"{path} is not the file that the job was created with.",
        why,
        "Find out who changed it in S3, delete the whole folder that contains it, and train again.",
    )


def _parsed(text: bytes, sha256: str) -> Inputs:
    try:
        value = json.loads(text)
        return Inputs(
            sha256=sha256,
            channels=_files(value["channels"]),
            listed=_files(value["listed"]),
            metrics={str(name): str(regex) for name, regex in value["metrics"].items()},
            seal=str(value["seal"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise JobError(
            "sagemaker_training:inputs:format",
            f"{FILE} in the channel {CODE_CHANNEL} has a format that this image cannot read.",
            f"{type(error).__name__}: {error}",
            "Use the kit's step train and a training image of the same version of the kit.",
        ) from error


def _files(channels: Mapping[str, list[tuple[str, int, str]]]) -> dict[str, Files]:
    return {
        name: {str(path): (int(size), str(digest)) for path, size, digest in files}
        for name, files in channels.items()
    }


def _require_channels(job: Job, inputs: Inputs) -> None:
    named = {*inputs.channels, *inputs.listed}
    problems = [f"{name!r} is missing" for name in sorted(named - job.channels)]
    problems += [f"{name!r} was added" for name in sorted(job.channels - named)]
    if problems:
        raise _others("channels", problems)


def _require_files(job: Job, inputs: Inputs) -> None:
    """Compare names and sizes of all files first, which is fast, then the digests."""
    problems = [
        f"{name}/{problem}"
        for name, files in sorted({**inputs.channels, **inputs.listed}.items())
        for problem in _differences(
            job.channel_folder(name), files, with_folders=name in inputs.channels
        )
    ]
    if not problems:
        problems = [
            f"{name}/{path!r} has other content"
            for name, files in sorted(inputs.channels.items())
            for path, (_, digest) in sorted(files.items())
            if file_sha256(job.channel_folder(name) / path) != digest
        ]
    if problems:
        raise _others("files", problems)


def _differences(folder: Path, files: Files, *, with_folders: bool) -> Iterator[str]:
    mounted = {
        path: size for path, size in _mounted(folder) if with_folders or not path.endswith("/")
    }
    if folder.name == CODE_CHANNEL:
        mounted.pop(FILE, None)
    for path in sorted({*files, *mounted}):
        if path not in mounted:
            yield f"{path!r} is missing"
        elif path not in files:
            yield f"{path!r} was added"
        elif mounted[path] != files[path][0]:
            yield f"{path!r} has {mounted[path]} bytes instead of {files[path][0]}"


def _mounted(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield path and size of every file below a folder, and each empty folder with a final "/"."""
    for entry in os.scandir(folder) if folder.is_dir() else ():
        if entry.is_dir(follow_symlinks=False):
            below = list(_mounted(folder / entry.name))
            for path, size in below or [("", 0)]:
                yield f"{entry.name}/{path}", size
        else:
            yield entry.name, entry.stat(follow_symlinks=False).st_size


def _others(what: str, problems: list[str]) -> JobError:
    more = f", and {len(problems) - NAMED} more" if len(problems) > NAMED else ""
    return JobError(
        f"sagemaker_training:inputs:{what}",
        f"The {what} of this job are not those that {FILE} lists: "
        f"{', '.join(problems[:NAMED])}{more}.",
        "The data in S3 was changed after the job was created; no code was run.",
        "Find out who changed it, restore or delete it in S3, and train again.",
    )
