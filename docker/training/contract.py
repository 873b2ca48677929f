"""Reads SageMaker's files about the job; a missing or malformed file is always an error.

Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from failure import JobError

if TYPE_CHECKING:
    from collections.abc import Mapping

CODE_CHANNEL = "code"
PROGRAM = "sagemaker_program"
PROGRAM_VARIABLE = "SAGEMAKER_PROGRAM"  # used if that hyperparameter is missing
SUBMIT_DIRECTORY = "sagemaker_submit_directory"
CONFIG_FILES = ("hyperparameters.json", "inputdataconfig.json", "resourceconfig.json")


@dataclass(frozen=True, kw_only=True)
class Job:
    """What the entry point needs to know about the job; the MATLAB code reads the rest itself."""

    base: Path
    program: str
    submit_directory: str | None  # a path in the container or an S3 URI
    channels: frozenset[str]  # names of the input channels
    hosts: tuple[str, ...]  # all hosts of the job, sorted
    host: str  # this one

    @property
    def code_channel(self) -> Path:
        """The folder where SageMaker puts the channel named `code`."""
        return self.channel_folder(CODE_CHANNEL)

    def channel_folder(self, name: str) -> Path:
        """Return the folder where SageMaker puts a channel."""
        return self.base / "input/data" / name

    @property
    def model_folder(self) -> Path:
        """The folder where the user's code saves its model."""
        return self.base / "model"

    @property
    def code_folder(self) -> Path:
        """The folder from which the user's code runs."""
        return self.base / "code"


def base_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder with input/, model/ and output/: SAGEMAKER_BASE_DIR, or else /opt/ml."""
    return Path(environ.get("SAGEMAKER_BASE_DIR") or "/opt/ml").absolute()


def find_region(environ: Mapping[str, str]) -> str | None:
    """Find the job's AWS Region; only the variable with the job's ARN is documented to exist."""
    arn = environ.get("TRAINING_JOB_ARN", "").split(":")
    return (
        environ.get("AWS_REGION")
        or environ.get("AWS_DEFAULT_REGION")
        or (arn[3] if len(arn) > 3 else None)
    )


def read_job(base: Path, environ: Mapping[str, str]) -> Job:
    """Read the job below `base`. Raises JobError if SageMaker's files are not as documented."""
    config = {name: _read_object(base / "input/config" / name) for name in CONFIG_FILES}
    hyperparameters = config["hyperparameters.json"]
    program = _read_text(hyperparameters, PROGRAM) or environ.get(PROGRAM_VARIABLE)
    if not program:
        raise JobError(
            "sagemaker_training:contract:program",
            f"The job has no hyperparameter {PROGRAM} and no variable {PROGRAM_VARIABLE}.",
            "One of them must name the MATLAB function that trains the model.",
            f"Set {PROGRAM} to the name of a function in the code bundle, and start a new job.",
        )
    hosts, host = _read_hosts(base, config["resourceconfig.json"])
    return Job(
        base=base,
        program=program,
        submit_directory=_read_text(hyperparameters, SUBMIT_DIRECTORY),
        channels=frozenset(config["inputdataconfig.json"]),
        hosts=hosts,
        host=host,
    )


def _read_hosts(base: Path, config: dict[str, object]) -> tuple[tuple[str, ...], str]:
    hosts, host = config.get("hosts"), config.get("current_host")
    if not isinstance(hosts, list) or not isinstance(host, str) or host not in hosts:
        raise _bad_file(base / "input/config/resourceconfig.json", "does not list the job's hosts")
    return tuple(map(str, hosts)), host


def _read_object(path: Path) -> dict[str, object]:
    try:
        value = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise _bad_file(path, "is missing") from None
    except OSError as error:
        raise _bad_file(path, f"cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise _bad_file(path, f"is not JSON ({error})") from error
    if not isinstance(value, dict):
        raise _bad_file(path, "is not a JSON object")
    return value


def _bad_file(path: Path, problem: str) -> JobError:
    return JobError(
        "sagemaker_training:contract:file",
        f"{path} {problem}.",
        "SageMaker writes this file before it starts the training container.",
        "Start the image as a SageMaker training job, or set SAGEMAKER_BASE_DIR to a folder laid "
        "out like /opt/ml.",
    )


def _read_text(hyperparameters: dict[str, object], name: str) -> str | None:
    """Read one of SageMaker's own hyperparameters, which the SageMaker SDK encodes as JSON."""
    value = hyperparameters.get(name)
    if not isinstance(value, str):
        return None
    try:
        decoded = json.loads(value)
    except ValueError:
        return value
    return decoded if isinstance(decoded, str) else value
