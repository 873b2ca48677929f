"""Training jobs: find the latest attempt, wait for its end with its log, stop it."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from matlab_sagemaker.aws import polling, session, storage
from matlab_sagemaker.aws.logs import Follower, Line
from matlab_sagemaker.errors import StillTrainingError, TrainingFailedError
from matlab_sagemaker.plan import FoundJob, FoundUploads

if TYPE_CHECKING:
    from collections.abc import Callable

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.resources import TrainingJob

LOG_GROUP = "/aws/sagemaker/TrainingJobs"
ENDED = ("Completed", "Failed", "Stopped")
UNSEEN_S = 10.0  # how long a job that was just made may not be found
LATE_LINES_S = 5.0  # how long to wait for the lines that led to a failure


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


def find(aws: Aws, desired: TrainingJob, until: float = math.inf) -> FoundJob:
    """Return the latest attempt of `desired`; one that is being stopped is waited for, as in wait.

    Raises StillTrainingError when it has not ended at the moment `until`.
    """
    latest = find_latest(aws, desired)
    if latest.status != "Stopping":
        return latest
    ended = wait(aws, desired.name(latest.attempt), lambda _line: None, until)
    return FoundJob(latest.attempt, ended.status)


def find_latest(aws: Aws, desired: TrainingJob) -> FoundJob:
    """Return the latest attempt of `desired` as it is at this moment."""
    attempt, status = 0, ""
    while details := _describe(aws, desired.name(attempt + 1)):
        attempt, status = attempt + 1, details["TrainingJobStatus"]
    return FoundJob(attempt, status)


def find_uploads(aws: Aws, desired: TrainingJob, bucket: str) -> FoundUploads:
    """Return what there is of the bucket and of what has to lie in it."""
    if not storage.bucket_exists(aws, bucket):
        return FoundUploads()
    own = [channel for channel in desired.channels if channel.uploads]
    objects = [item for channel in own for item in storage.list_objects(aws, channel.uri)]
    return FoundUploads(bucket=True, objects=frozenset(item.key for item in objects))


def result(aws: Aws, name: str) -> Job:
    """Return a job that has ended."""
    return _job(_require(aws, name))


def look(aws: Aws, name: str) -> Job | None:
    """Return a job as it is at this moment; None where it is not there (any more)."""
    details = _describe(aws, name)
    return _job(details) if details else None


def wait(aws: Aws, name: str, log: Callable[[str], None], until: float = math.inf) -> Job:
    """Return the job when it has ended; its phases and its log's lines go to `log` as they come.

    Raises StillTrainingError when it has not ended at `until`, a moment of time.monotonic; it
    goes on.
    """
    follower, phases = Follower(aws, LOG_GROUP, prefix=f"{name}/"), 0
    for _ in polling.ticks(until - time.monotonic()):
        details = _require(aws, name)
        transitions = details.get("SecondaryStatusTransitions", [])
        news = follower.new_lines() + [_said(phase) for phase in transitions[phases:]]
        for line in sorted(news, key=lambda line: line.moment):
            log(line.text)
        phases = len(transitions)
        if details["TrainingJobStatus"] in ENDED:
            break
    else:
        raise StillTrainingError(
            f"The training job {name} has not ended in the time that this run waits.",
            why="That is the input 'longest-wait', or what the job's time limit leaves of it; the "
            "training goes on.",
            do="Run it again: it takes the job up where it is.",
        )
    job = _job(details)
    _log_the_rest(follower, job, log)
    return job


def _log_the_rest(follower: Follower, job: Job, log: Callable[[str], None]) -> None:
    """Log what CloudWatch shows only seconds after the end: a failed job's last words count."""
    wanted = job.reason.partition("\n")[0]
    for _ in polling.ticks(limit_s=LATE_LINES_S):
        if job.status != "Failed" or follower.has_ended or follower.has_seen(wanted):
            return
        for line in follower.new_lines():
            log(line.text)


def stop(aws: Aws, name: str) -> None:
    """Stop a job that nobody waits for any more: it would go on being billed."""
    with session.explained(f"stopping the training job {name}"):
        try:
            aws.sagemaker.stop_training_job(TrainingJobName=name)
        except ClientError as error:
            if session.code(error) != "ValidationException":  # it has ended by itself meanwhile
                raise


def _describe(aws: Aws, name: str) -> dict[str, Any] | None:
    return session.describe(
        aws.sagemaker.describe_training_job,
        f"describing the training job {name}",
        TrainingJobName=name,
    )


def _require(aws: Aws, name: str) -> dict[str, Any]:
    """Return the description of a job that must be there; a new one may be unseen for a moment."""
    for _ in polling.ticks(limit_s=UNSEEN_S):
        if details := _describe(aws, name):
            return details
    raise TrainingFailedError(
        f"The training job {name} is not there any more.",
        why="Somebody has deleted it.",
        do="Run again to train again.",
    )


def _said(phase: dict[str, Any]) -> Line:
    text = f"[{phase['Status']}] {phase.get('StatusMessage', '')}".rstrip()
    return Line(phase["StartTime"].timestamp(), text)


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
