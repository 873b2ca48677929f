"""The plan of a training: attached to a job that has done it or does it, or the next attempt."""

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
    """A training job that has the name of an attempt, but was not made by the same request."""

    name: str
    differences: tuple[str, ...]


@dataclass(frozen=True)
class FoundJob:
    """The attempt that has trained this; else the one that trains it; else the latest that failed.

    Attempt 0: there is none.
    """

    attempt: int = 0
    name: str = ""  # the attempt's
    status: str = ""
    job: Job | None = None  # as SageMaker describes it, if it has trained or is training this
    highest: int = 0  # the highest number that is taken
    foreign: tuple[ForeignJob, ...] = ()  # which were passed over

    @property
    def has_trained(self) -> bool:
        """Whether it has trained the model."""
        return self.status == "Completed"

    @property
    def trained(self) -> Job | None:
        """The job that has trained the model, if there is one."""
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
        """What is to be said about the jobs that were passed over; empty where there are none."""
        if not self.foreign:
            return ""
        told = "; ".join(f"{job.name} ({_first(job.differences)})" for job in self.foreign)
        return f"Ignored, because they were made by another request: {told}."


@dataclass(frozen=True)
class FoundUploads:
    """What there is of all that a new attempt needs in S3."""

    bucket: bool = False
    objects: frozenset[str] = frozenset()  # keys


def _first(differences: tuple[str, ...]) -> str:
    more = len(differences) - _TOLD
    return ", ".join((*differences[:_TOLD], *([f"and {more} more"] if more > 0 else [])))


_TOLD = 3  # differences of one job


def too_many(foreign: tuple[ForeignJob, ...]) -> UnsafePlanError:
    """Return the error for more jobs that are not ours than a run looks at."""
    kept = max(foreign, key=lambda job: int(_NUMBER_AT_END.findall(job.name)[0]))
    names = " ".join(job.name for job in foreign if job is not kept)
    return UnsafePlanError(
        f"{len(foreign)} training jobs have the name of this one, and this run would have asked "
        f"for none of them. The first: {foreign[0].name} ({_first(foreign[0].differences)}).",
        why="Whoever may train can make such jobs, and so does an image that is built again of the "
        "same files; a run looks at no more of them.",
        do="Find out who made them (CloudTrail, CreateTrainingJob). Then an administrator deletes "
        f"all but {kept.name}, which no role of the kit may (one in progress has to be stopped "
        "first); its number, the highest, keeps theirs from being given again, for what they have "
        f"sealed stays: for name in {names}; do aws sagemaker delete-training-job "
        "--training-job-name $name; done",
    )


_NUMBER_AT_END = re.compile(r"[0-9]+$")
_LONGEST_NAME = 63  # characters of a training job's name


def _no_number_left(name: str) -> UnsafePlanError:
    return UnsafePlanError(
        f"After the training job {name}, no number is left for another attempt.",
        why=f"The name would have more than the {_LONGEST_NAME} characters that SageMaker allows. "
        "Whoever may train can make a job of such a number; the kit counts up from 1.",
        do="Find out who made it (CloudTrail, CreateTrainingJob). Then an administrator deletes "
        "it, which no role of the kit may (if it is in progress, stop it first), and the step is "
        f"run again: aws sagemaker delete-training-job --training-job-name {name}",
    )


def described_otherwise(job: ForeignJob) -> UnsafePlanError:
    """Return the error for a job that this run has made, and that AWS describes otherwise."""
    return UnsafePlanError(
        f"AWS describes {job.name} otherwise than this run has asked for it: "
        f"{_first(job.differences)}.",
        why="No run would take up such a job, or its model; so this one was stopped.",
        do="If AWS has a new default, use a version of the kit that knows it "
        "(training/describe_training_job.yml names them all).",
    )


def plan_attached(found: FoundJob, words: tuple[str, str], *, waits: bool = True) -> Plan | None:
    """Return the plan for a job that has trained this, or is training it: nothing is to be made.

    `words` are the job's own for that; `waits`: the run waits for one that is training it. None
    where the latest attempt does neither, or there is none.
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
    """Return the steps that put into the bucket what is not there yet."""
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
    """Return the steps that make the next attempt, the last of which makes the job.

    No attempt has made the model, or is making it. The job gets the tag `run`: who makes it.
    Raises UnsafePlanError where no number is left for it.
    """
    if len(desired.name(found.next)) > _LONGEST_NAME:
        raise _no_number_left(desired.name(found.highest))
    steps = plan_uploads(desired.uploads, uploads, bucket)
    attempt = found.next
    named = tags.of({"project": desired.project, "key": desired.key, "run": run}, desired.tags)
    request = {**desired.request(attempt, image), "Tags": named}
    steps.append(Step("create_training_job", desired.name(attempt), request))
    because = (
        f"{found.name} ended as {found.status}; nothing has changed since: trying again."
        if found.attempt
        else f"Not {desired.words[0]} yet."
    )
    return Plan(because, tuple(steps))
