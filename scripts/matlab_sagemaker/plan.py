"""Desired and found make a plan: steps in the order to take them, refused when unsafe. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from matlab_sagemaker.errors import UnsafePlanError

if TYPE_CHECKING:
    from matlab_sagemaker.resources import Deployment, Request, TrainingJob, Upload

Call = Literal[
    "create_bucket", "upload", "create_training_job", "create_model", "create_endpoint_config",
    "create_endpoint", "update_endpoint", "delete_endpoint",
]  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One change to AWS that is not yet made."""

    call: Call
    name: str
    request: Request = field(default_factory=dict)
    upload: Upload | None = None


@dataclass(frozen=True)
class Plan:
    """Steps in order; empty when nothing has to change. `because` says why."""

    because: str
    steps: tuple[Step, ...] = ()

    def as_markdown(self) -> str:
        """Return the plan for a summary: a line a step; many uploads are one line."""
        return "\n".join([self.because, "", *(f"- `{line}`" for line in self._lines())])

    def _lines(self) -> list[str]:
        uploads = [step for step in self.steps if step.call == "upload"]
        others = [f"{step.call} {step.name}" for step in self.steps if step.call != "upload"]
        if not uploads:
            return others
        count = f"{len(uploads)} object{'s' if len(uploads) > 1 else ''}"
        at = next(
            (i for i, line in enumerate(others) if not line.startswith("create_bucket")),
            len(others),
        )
        return [*others[:at], f"upload {count}", *others[at:]]


@dataclass(frozen=True)
class FoundJob:
    """The latest attempt of a training job; attempt 0: there is none."""

    attempt: int = 0
    status: str = ""

    @property
    def serves(self) -> bool:
        """Whether it has trained the model, or is about to."""
        return self.status in ("Completed", "InProgress")


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


@dataclass(frozen=True)
class FoundEndpoint:
    """What AWS has of one deployment."""

    model: bool = False
    config: bool = False
    config_name: str | None = None  # of the endpoint; None: there is no endpoint
    status: str | None = None


SETTLED = ("InService", "OutOfService", "Failed", "UpdateRollbackFailed")


def plan_deployment(desired: Deployment, found: FoundEndpoint) -> Plan:
    """Return the steps that make the endpoint serve `desired`.

    Raises UnsafePlanError where SageMaker would refuse after the model was made already.
    """
    wanted = desired.config["EndpointConfigName"]
    if found.config_name == wanted and found.status == "InService":
        return Plan(f"Endpoint {desired.endpoint_name} serves exactly this already: nothing to do.")
    steps = []
    if not found.model:
        steps.append(Step("create_model", desired.model["ModelName"], desired.model))
    if not found.config:
        steps.append(Step("create_endpoint_config", wanted, desired.config))
    return Plan(_because(desired, found), (*steps, *_endpoint_steps(desired, found)))


def _because(desired: Deployment, found: FoundEndpoint) -> str:
    if found.status is None:
        return f"There is no endpoint {desired.endpoint_name} yet."
    if found.status == "Failed":
        return f"Endpoint {desired.endpoint_name} has failed and serves nothing: it is made anew."
    return f"Endpoint {desired.endpoint_name} serves {found.config_name}."


def _endpoint_steps(desired: Deployment, found: FoundEndpoint) -> tuple[Step, ...]:
    name = desired.endpoint_name
    create = Step("create_endpoint", name, {**desired.endpoint, "Tags": desired.model["Tags"]})
    match found.status:
        case None:
            return (create,)
        case "InService" | "OutOfService":
            return (Step("update_endpoint", name, desired.endpoint),)
        case "Failed":  # SageMaker lets a failed endpoint only be deleted
            return (Step("delete_endpoint", name, {"EndpointName": name}), create)
        case status:
            raise UnsafePlanError(
                f"Endpoint {name} is {status}; SageMaker lets nobody change it now.",
                why="Its last update failed, and so did the way back."
                if status == "UpdateRollbackFailed"
                else "",
                do=f"Look at it (`aws sagemaker describe-endpoint --endpoint-name {name}`), then "
                "delete it or ask AWS Support, and run again.",
            )
