"""The plan of a training: attached to a job that has done it or does it, or the next attempt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matlab_sagemaker.plan.steps import Plan, Step

if TYPE_CHECKING:
    from matlab_sagemaker.resources import TrainingJob


@dataclass(frozen=True)
class FoundJob:
    """The latest attempt of a training job; attempt 0: there is none."""

    attempt: int = 0
    status: str = ""

    @property
    def has_trained(self) -> bool:
        """Whether it has trained the model."""
        return self.status == "Completed"

    @property
    def is_running(self) -> bool:
        """Whether it is training the model."""
        return self.status == "InProgress"

    @property
    def serves(self) -> bool:
        """Whether it has trained the model, or is about to."""
        return self.has_trained or self.is_running


@dataclass(frozen=True)
class FoundUploads:
    """What there is of all that a new attempt needs in S3."""

    bucket: bool = False
    objects: frozenset[str] = frozenset()  # keys


def plan_attached(desired: TrainingJob, found: FoundJob) -> Plan:
    """Return the plan for a job that has trained this, or is training it: nothing is to be made."""
    name = desired.name(found.attempt)
    if found.status == "Completed":
        return Plan(f"Training job {name} has trained exactly this already: nothing to do.")
    return Plan(f"Training job {name} is training exactly this: waiting for it.")


def plan_training(
    desired: TrainingJob, found: FoundJob, uploads: FoundUploads, bucket: str, image: str
) -> Plan:
    """Return the steps that make the next attempt; the latest did not make it, or there is none."""
    name = desired.name(found.attempt)
    steps = [] if uploads.bucket else [Step("create_bucket", bucket)]
    steps += [
        Step("upload", f"s3://{upload.bucket}/{upload.key}", upload=upload)
        for upload in desired.uploads
        if upload.key not in uploads.objects
    ]
    attempt = found.attempt + 1
    steps.append(
        Step("create_training_job", desired.name(attempt), desired.request(attempt, image))
    )
    because = (
        f"{name} ended as {found.status}; nothing has changed since: trying again."
        if found.attempt
        else "Not trained yet."
    )
    return Plan(because, tuple(steps))
