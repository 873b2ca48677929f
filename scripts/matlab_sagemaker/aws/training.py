"""Training jobs: find the latest attempt, wait for its end with its log, stop it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from matlab_sagemaker.aws import polling, session, storage
from matlab_sagemaker.aws.logs import Follower, Line
from matlab_sagemaker.errors import InterruptedRunError
from matlab_sagemaker.plan import FoundJob

if TYPE_CHECKING:
    from collections.abc import Callable

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.resources import TrainingJob

LOG_GROUP = "/aws/sagemaker/TrainingJobs"
ENDED = ("Completed", "Failed", "Stopped")


@dataclass(frozen=True)
class Job:
    """A training job that has ended."""

    name: str
    status: str
    secondary_status: str
    reason: str  # FailureReason; empty where there is none
    model_data: str  # S3 URI of model.tar.gz; empty where there is none
    metrics: dict[str, float]
    billable_s: int


def find(aws: Aws, desired: TrainingJob, bucket: str) -> FoundJob:
    """Return the latest attempt of `desired`; an attempt that is being stopped is waited for."""
    attempt, status = 0, ""
    while details := describe(aws, desired.name(attempt + 1)):
        attempt, status = attempt + 1, details["TrainingJobStatus"]
    if status in ("Completed", "InProgress"):
        return FoundJob(attempt, status)
    if status == "Stopping":
        status = wait(aws, desired.name(attempt), lambda _line: None).status
    if not storage.bucket_exists(aws, bucket):
        return FoundJob(attempt, status)
    return FoundJob(attempt, status, bucket=True, objects=_present(aws, desired))


def _present(aws: Aws, desired: TrainingJob) -> frozenset[str]:
    """Return the keys of what is in S3 below the channels that the kit fills itself."""
    own = [channel for channel in desired.channels if channel.uploads]
    objects = [item for channel in own for item in storage.list_objects(aws, channel.uri)]
    return frozenset(item.key for item in objects)


def result(aws: Aws, name: str) -> Job:
    """Return a job that has ended."""
    return _job(describe(aws, name) or {})


def describe(aws: Aws, name: str) -> dict[str, Any] | None:
    """Return SageMaker's description of a job, or None."""
    return session.describe(
        aws.sagemaker.describe_training_job,
        f"describing the training job {name}",
        TrainingJobName=name,
    )


def wait(aws: Aws, name: str, log: Callable[[str], None]) -> Job:
    """Return the job when it has ended; its phases and its log's lines go to `log` as they come.

    Where the run is cancelled the job is stopped: nobody would look at what it goes on to cost.
    """
    try:
        return _follow(aws, name, log)
    except KeyboardInterrupt as error:
        stop(aws, name)
        raise InterruptedRunError(
            f"The run was cancelled, and the training job {name} with it.",
            do="Run it again to train again; jobs that have completed are kept.",
        ) from error


def _follow(aws: Aws, name: str, log: Callable[[str], None]) -> Job:
    follower, phases = Follower(aws, LOG_GROUP, prefix=f"{name}/"), 0
    for _ in polling.ticks():
        details = describe(aws, name) or {}
        transitions = details.get("SecondaryStatusTransitions", [])
        news = follower.new_lines() + [_said(phase) for phase in transitions[phases:]]
        for line in sorted(news, key=lambda line: line.moment):
            log(line.text)
        phases = len(transitions)
        if details.get("TrainingJobStatus") in ENDED:
            break
    return _job(details)


def _said(phase: dict[str, Any]) -> Line:
    text = f"[{phase['Status']}] {phase.get('StatusMessage', '')}".rstrip()
    return Line(phase["StartTime"].timestamp(), text)


def stop(aws: Aws, name: str) -> None:
    """Stop a job that nobody waits for any more: it would go on being billed."""
    with session.explained(f"stopping the training job {name}"):
        try:
            aws.sagemaker.stop_training_job(TrainingJobName=name)
        except ClientError as error:
            if session.code(error) != "ValidationException":  # it has ended by itself meanwhile
                raise


def _job(details: dict[str, Any]) -> Job:
    return Job(
        name=details["TrainingJobName"],
        status=details["TrainingJobStatus"],
        secondary_status=details["SecondaryStatus"],
        reason=details.get("FailureReason", ""),
        model_data=details.get("ModelArtifacts", {}).get("S3ModelArtifacts", ""),
        metrics={m["MetricName"]: m["Value"] for m in details.get("FinalMetricDataList", [])},
        billable_s=details.get("BillableTimeInSeconds", 0),
    )
