"""Seals the model: writes it and a card about its training to S3, where each is written once.

SageMaker's own model.tar.gz is in a place where every job may write. A merge uses this copy
instead, which the image's entry point writes after the user's code has ended, and which nobody can
overwrite. Like sealed_store.py, it uses botocore.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from failure import JobError
from packing import members, pack, size_of
from sealed_store import SealedStore, StoppedError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from contract import Job
    from inputs import Inputs

NAME, ARN = "TRAINING_JOB_NAME", "TRAINING_JOB_ARN"
CARD = "card.json"
ARCHIVE = "model.tar.gz"
NAMED = 1000  # files and folders of the model folder that the card lists

# By error code: why S3 did not accept it, and what helps.
REASONS = {
    "PreconditionFailed": (
        "taken",
        "It exists already: this job wrote it before an interruption, or somebody else did.",
        "Train again: the next attempt has a new name. If this job was not interrupted, find out "
        "who wrote it.",
    ),
    "AccessDenied": (
        "denied",
        "The job's role may not write there, or the bucket belongs to another account.",
        "Update the stack of scripts/setup/aws.yml, whose training role may, and train again.",
    ),
    "NoSuchBucket": ("missing", "There is no such bucket.", "Correct aws.bucket and train again."),
    "NoCredentials": (
        "credentials",
        "The container has no credentials for the job's role.",
        "EnableNetworkIsolation prevents that: turn it off. Otherwise check the job's role.",
    ),
    "Unreachable": (
        "network",
        "S3 cannot be reached from the container.",
        "EnableNetworkIsolation blocks all connections: turn it off. In a VPC without internet "
        "access, add a gateway endpoint for S3.",
    ),
}
OTHERWISE = ("refused", "S3 refused.", "Fix the cause, and train again.")


@dataclass(frozen=True, kw_only=True)
class Seal:
    """The parts of a job's seal that are known before the training."""

    job: Job
    inputs: Inputs
    name: str  # of the job
    store: SealedStore

    @classmethod
    def prepare(cls, inputs: Inputs, job: Job, environ: Mapping[str, str]) -> Seal:
        """Prepare to seal; raise JobError for problems that are known before the training."""
        name, arn = environ.get(NAME, ""), environ.get(ARN, "")
        if not name or arn.count(":") < 5:
            raise JobError(
                "sagemaker_training:seal:job",
                f"The job's name and account are unknown: {NAME} is {name!r}, {ARN} is {arn!r}.",
                "The model is sealed under that name, in a bucket of that account.",
                "SageMaker sets both variables in a training job: start the image as one.",
            )
        try:
            store = SealedStore(inputs.seal, arn.split(":")[4], environ)
        except StoreError as error:
            raise _not_written(error) from error
        return cls(job=job, inputs=inputs, name=name, store=store)

    def close(self, about: Mapping[str, Any], stopping: Callable[[], bool]) -> bool:
        """Upload the model, then its card, which includes `about`; after a stop return False.

        If there are several hosts, only the first does this. Raises JobError.
        """
        if self.job.host != self.job.hosts[0]:
            self._require_no_model()
            return True
        try:
            self._write(about, stopping)
        except StoppedError:
            print("The model is not sealed: the job was asked to stop.", flush=True)
            return False
        except StoreError as error:
            raise _not_written(error) from error
        except OSError as error:
            raise _not_read(error) from error
        return True

    def _write(self, about: Mapping[str, Any], stopping: Callable[[], bool]) -> None:
        folder, place = self.job.model_folder, f"{self.name}/{secrets.token_hex(16)}/{ARCHIVE}"
        names = sorted(path.name for path in folder.iterdir())
        if not names:
            raise _empty()
        with self.store.upload(place, size_of(folder), stopping) as upload:
            pack(folder, upload)
        model = {"uri": self.store.uri(place), "sha256": upload.sha256, "size": upload.size}
        card = {"job": self.name, "inputs": self.inputs.sha256, "model": model, **about}
        card["files"] = names[:NAMED]
        if stopping():
            raise StoppedError
        self.store.put_once(f"{self.name}/{CARD}", canonical(card))

    def _require_no_model(self) -> None:
        left = members(self.job.model_folder)
        if left:
            raise JobError(
                "sagemaker_training:seal:host",
                f"The host {self.job.host} has saved a model: {', '.join(left[:5])}.",
                f"Only the model of {self.job.hosts[0]} is sealed and deployed, so this one would "
                "be lost.",
                "Save the model only on the first host, where env.ResourceConfig.current_host is "
                "the first in env.ResourceConfig.hosts.",
            )


def canonical(value: Any) -> bytes:
    """Encode a value as JSON, always in the same way."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _not_written(error: StoreError) -> JobError:
    kind, why, do = REASONS.get(error.code, OTHERWISE)
    return JobError(
        f"sagemaker_training:seal:{kind}",
        f"{error.uri} could not be written, so the job's model is not sealed. {why}",
        f"AWS says: {error.code}: {error}",
        do,
    )


def _empty() -> JobError:
    return JobError(
        "sagemaker_training:seal:empty",
        "Nothing was saved in env.ModelFolder, so there is no model.",
        "The training function has ended without an error, but the folder is empty.",
        "Save the model there: save(fullfile(env.ModelFolder, 'model.mat'), 'model', '-v7'). The "
        "default load_model of a handler reads that file.",
    )


def _not_read(error: OSError) -> JobError:
    return JobError(
        "sagemaker_training:seal:model",
        "The model folder cannot be read, so the job's model is not sealed.",
        str(error),
        "Save only files that the root user can read, and stop all writing to it before the "
        "training function ends.",
    )
