"""The plan of a training: use the job that has done it or is doing it, or make the next attempt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matlab_sagemaker.aws import tags
from matlab_sagemaker.aws.plan import Plan, Step
from matlab_sagemaker.errors import UnsafePlanError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matlab_sagemaker.aws.s3 import Upload
    from matlab_sagemaker.training.job import Job, TrainingJob


@dataclass(frozen=True)
class ForeignJob:
    """A training job that has the name of an attempt, but was made by another request."""

    name: str
    differences: tuple[str, ...]


@dataclass(frozen=True)
class FoundJob:
    """The attempt that has trained this; else one that is training it; else the latest failed one.

    Attempt 0 means that there is none.
    """

    attempt: int = 0
    name: str = ""
    status: str = ""
    job: Job | None = None  # as SageMaker describes it, if it has trained or is training this
    highest: int = 0  # the highest attempt number that is taken
    foreign: tuple[ForeignJob, ...] = ()  # jobs that were ignored

    @property
    def has_trained(self) -> bool:
        """Whether it has trained the model."""
        return self.status == "Completed"

    @property
    def trained(self) -> Job | None:
        """The job that has trained the model, if any."""
        return self.job if self.has_trained else None

    @property
    def is_running(self) -> bool:
        """Whether it is training the model."""
        return self.status == "InProgress"

    @property
    def next(self) -> int:
        """The number of the next attempt."""
        return max(self.attempt, self.highest) + 1

    @property
    def warning(self) -> str:
        """A warning about the jobs that were ignored; empty if there are none."""
        if not self.foreign:
            return ""
        listed = "; ".join(f"{job.name} ({_first(job.differences)})" for job in self.foreign)
        return f"Ignored, because another request made them: {listed}."


@dataclass(frozen=True)
class FoundUploads:
    """What already exists in S3 of the things that a new attempt needs."""

    bucket: bool = False
    objects: frozenset[str] = frozenset()  # keys


def _first(differences: tuple[str, ...]) -> str:
    more = len(differences) - _SHOWN
    return ", ".join((*differences[:_SHOWN], *([f"and {more} more"] if more > 0 else [])))


_SHOWN = 3  # differences of one job


def too_many(foreign: tuple[ForeignJob, ...]) -> UnsafePlanError:
    """Make the error for too many jobs that other requests made under this job's names."""
    kept = max(foreign, key=lambda job: int(_NUMBER_AT_END.findall(job.name)[0]))
    names = " ".join(job.name for job in foreign if job is not kept)
    return UnsafePlanError(
        f"{len(foreign)} training jobs have names of this one, but other requests made them. "
        f"The first: {foreign[0].name} ({_first(foreign[0].differences)}).",
        why="Anyone who may train can make such jobs, and they also arise when an image is built "
        "again from the same files. A run checks no more than this number.",
        do="Find out who made them (CloudTrail, CreateTrainingJob). Then let an administrator "
        f"delete all but {kept.name}; the kit's roles may not. Keep that one: it has the highest "
        "number, so that no new job gets the number of a deleted one, whose sealed model is still "
        f"there. Stop jobs in progress first. The command: for name in {names}; do aws sagemaker "
        "delete-training-job --training-job-name $name; done",
    )


_NUMBER_AT_END = re.compile(r"[0-9]+$")
_LONGEST_NAME = 63  # characters of a training job's name


def _no_number_left(name: str) -> UnsafePlanError:
    return UnsafePlanError(
        f"After the training job {name}, no number is left for another attempt.",
        why=f"The next name would have more than the {_LONGEST_NAME} characters that SageMaker "
        "allows. The kit counts up from 1, but anyone who may train can make a job with such a "
        "number.",
        do="Find out who made it (CloudTrail, CreateTrainingJob). Then let an administrator delete "
        "it, which the kit's roles may not, and run this again. If it is in progress, stop it "
        f"first. The command: aws sagemaker delete-training-job --training-job-name {name}",
    )


def described_otherwise(job: ForeignJob) -> UnsafePlanError:
    """Make the error for a job of this run that AWS describes differently from the request."""
    return UnsafePlanError(
        f"AWS describes {job.name} differently from what this run has requested: "
        f"{_first(job.differences)}.",
        why="No run would accept such a job or its model, so this one was stopped.",
        do="If AWS has a new default, use a version of the kit that knows it "
        "(training/describe_training_job.yml lists the known ones).",
    )


def plan_attached(found: FoundJob, words: tuple[str, str], *, waits: bool = True) -> Plan | None:
    """Plan no steps if a job has trained this or is training it; return None otherwise.

    `words` say what the job has done and is doing; `waits` says that the run waits for its end.
    """
    if not (found.has_trained or found.is_running):
        return None
    if found.has_trained:
        return Plan(
            f"Training job {found.name} has {words[0]} exactly this already: nothing to do."
        )
    then = ": waiting for it" if waits else " already"
    return Plan(f"Training job {found.name} is {words[1]} exactly this{then}.")


def plan_uploads(wanted: Iterable[Upload], found: FoundUploads, bucket: str) -> list[Step]:
    """Plan to create the bucket and upload the files, as far as they are not there yet."""
    return [
        *([] if found.bucket else [Step("create_bucket", bucket)]),
        *(
            Step("upload", f"s3://{upload.bucket}/{upload.key}", upload=upload)
            for upload in wanted
            if upload.key not in found.objects
        ),
    ]


def plan_training(
    desired: TrainingJob, found: FoundJob, uploads: FoundUploads, bucket: str, image: str, run: str
) -> Plan:
    """Plan the steps of the next attempt; the last one creates the job.

    Only for when no attempt has trained or is training this. The tag `run` says who created the
    job. Raises UnsafePlanError if no number is left for it.
    """
    if len(desired.name(found.next)) > _LONGEST_NAME:
        raise _no_number_left(desired.name(found.highest))
    steps = plan_uploads(desired.uploads, uploads, bucket)
    attempt = found.next
    named = tags.of({"project": desired.project, "key": desired.key, "run": run}, desired.tags)
    request = {**desired.request(attempt, image), "Tags": named}
    steps.append(Step("create_training_job", desired.name(attempt), request))
    because = (
        f"{found.name} ended as {found.status}. Nothing has changed since then; trying again."
        if found.attempt
        else f"Not {desired.words[0]} yet."
    )
    return Plan(because, tuple(steps))
