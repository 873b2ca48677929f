"""Attempts at a training job: find the one that matches, follow its log to the end, stop it."""

from __future__ import annotations

import contextlib
import math
import re
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from matlab_sagemaker.aws import polling, s3, session, upload
from matlab_sagemaker.aws.logs import Follower, Line
from matlab_sagemaker.errors import StillTrainingError, TrainingFailedError, UnreachableError
from matlab_sagemaker.training import inputs
from matlab_sagemaker.training.job import ENDED, Job
from matlab_sagemaker.training.plan import ForeignJob, FoundJob, FoundUploads, too_many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.training.job import Channel, TrainingJob
    from matlab_sagemaker.training.takeover import WantedJob

LOG_GROUP = "/aws/sagemaker/TrainingJobs"
UNSEEN_S = 10.0  # how long SageMaker may take to show a new job
MOST_FOREIGN = 20  # a run gives up after this many jobs that other requests made
_NUMBER = re.compile(r"[1-9][0-9]*", re.ASCII)
LATE_LINES_S = 5.0  # how long after a failed job's end CloudWatch may still show new lines


def find(aws: Aws, wanted: WantedJob, until: float = math.inf, above: int = 0) -> FoundJob:
    """Find the current attempt at `wanted`; wait for one that is being stopped, as `wait` does.

    Raises StillTrainingError if it has not ended at the moment `until`.
    """
    found = find_now(aws, wanted, above)
    if found.status != "Stopping":
        return found
    ended = wait(aws, found.name, lambda _line: None, until)
    return replace(found, status=ended.status, job=ended)


def find_now(aws: Aws, wanted: WantedJob, above: int = 0) -> FoundJob:
    """Find the current attempt at `wanted` without waiting; only jobs of the same request count.

    `above` is the highest number that is known to be taken, in case the list does not show it yet.
    Raises UnsafePlanError if other requests made too many jobs under these names.
    """
    statuses = _statuses(aws, wanted.job)
    numbers = sorted(statuses, reverse=True)
    highest = max([above, *numbers])
    foreign: list[ForeignJob] = []
    for state in (("Completed",), ("InProgress", "Stopping")):
        for number in (n for n in numbers if statuses[n] in state):
            if len(foreign) == MOST_FOREIGN:
                raise too_many(tuple(foreign))
            name = f"{wanted.job.stem}{number}"
            if not (details := _describe(aws, name)):
                continue
            if differences := wanted.differences(number, details):
                foreign.append(ForeignJob(name, tuple(differences)))
                continue
            job = _job(details)
            return FoundJob(number, name, job.status, job, highest, tuple(foreign))
    for number in numbers:
        if (status := statuses[number]) in ("Failed", "Stopped"):
            name = f"{wanted.job.stem}{number}"
            return FoundJob(number, name, status, None, highest, tuple(foreign))
    return FoundJob(highest=highest, foreign=tuple(foreign))


def foreign(aws: Aws, wanted: WantedJob, attempt: int) -> ForeignJob | None:
    """Return the job under the name of this run's attempt if another request made it, else None.

    SageMaker lists a new job only after a moment, so another run may have taken the name first.
    """
    name = wanted.job.name(attempt)
    with may_run(name):
        details = next(polling.looks(partial(_require, aws, name)))
    differences = wanted.differences(attempt, details)
    return ForeignJob(name, tuple(differences)) if differences else None


@contextlib.contextmanager
def may_run(name: str) -> Iterator[None]:
    """Add to the error about an unanswered request that it may have started the job."""
    try:
        yield
    except UnreachableError as error:
        raise UnreachableError(
            f"AWS did not answer. The training job {name} may have started; if so, it keeps "
            "running.",
            why=f"{error.what}\n{error.why}",
            do="Run this again when AWS can be reached: it continues with that job. To stop the "
            f"job: aws sagemaker stop-training-job --training-job-name {name}",
        ) from error


def _statuses(aws: Aws, desired: TrainingJob) -> dict[int, str]:
    """Return the status of each attempt by its number; other jobs' names may contain ours."""
    stem = desired.stem
    pages = aws.sagemaker.get_paginator("list_training_jobs").paginate(
        NameContains=stem, PaginationConfig={"PageSize": 100}
    )
    attempts = (
        (_NUMBER.fullmatch(job["TrainingJobName"].removeprefix(stem)), job)
        for page in session.read_pages(f"listing the training jobs {stem}…", pages)
        for job in page["TrainingJobSummaries"]
    )
    return {int(number[0]): job["TrainingJobStatus"] for number, job in attempts if number}


def find_uploads(aws: Aws, channels: Sequence[Channel], bucket: str) -> FoundUploads:
    """Find out whether the bucket exists, and which files of a job's channels it already holds.

    Raises UnsafePlanError for an object that the job would read beside or instead of these files.
    Only names and sizes are compared here; the job's entrypoint checks the content.
    """
    if not s3.bucket_exists(aws, bucket):
        return FoundUploads()
    own = [channel for channel in channels if channel.uploads]
    objects = [item for channel in own for item in s3.list_objects(aws, channel.uri, aws.account)]
    sizes = {wanted.key: wanted.measured.size for channel in own for wanted in channel.uploads}
    for item in objects:
        if sizes.get(item.key) != item.size:
            raise upload.foreign(bucket, item.key, "None of these files has this name and size.")
    return FoundUploads(bucket=True, objects=frozenset(item.key for item in objects))


def find_job(aws: Aws, name: str) -> Job | None:
    """Return a job as it is now; None if it does not exist, or not any more."""
    details = _describe(aws, name)
    return _job(details) if details else None


def require(aws: Aws, name: str) -> Job:
    """Return a job as it is now; raise TrainingFailedError if it has been deleted."""
    return _job(_require(aws, name))


def wait(
    aws: Aws,
    name: str,
    log: Callable[[str], None],
    until: float = math.inf,
    clock: polling.Clock = time,
) -> Job:
    """Wait until the job has ended; pass its phases and log lines to `log` as they appear.

    Raises StillTrainingError if the job has not ended at `until`, a moment of the clock, and
    UnreachableError if AWS has not answered for minutes. Either way the job keeps running.
    """
    try:
        return _wait(aws, name, log, until, clock)
    except UnreachableError as error:
        raise UnreachableError(
            f"AWS has not answered for {polling.PATIENCE_S / 60:.0f} minutes; the training job "
            f"{name} keeps running.",
            why=f"{error.what}\n{error.why}",
            do="Run this again when AWS can be reached: it continues with the same job. To stop "
            f"the job: aws sagemaker stop-training-job --training-job-name {name}",
        ) from error


def _wait(
    aws: Aws, name: str, log: Callable[[str], None], until: float, clock: polling.Clock
) -> Job:
    follower, phases = Follower(aws, LOG_GROUP, prefix=f"{name}/"), 0
    look = partial(_require, aws, name, clock)
    for details in polling.looks(look, until - clock.monotonic(), clock):
        transitions = details.get("SecondaryStatusTransitions", [])
        news = follower.new_lines() + [_phase_line(phase) for phase in transitions[phases:]]
        for line in sorted(news, key=lambda line: line.moment):
            log(line.text)
        phases = len(transitions)
        if details["TrainingJobStatus"] in ENDED:
            break
    else:
        raise StillTrainingError(
            f"The training job {name} has not ended within the time that this run waits.",
            why="It waits for the input 'longest-wait', or less if the workflow job's time limit "
            "comes first. The training job keeps running.",
            do="Run this again: it continues to wait for the same job.",
        )
    job = _job(details)
    if job.status == "Failed" and (ended := details.get("TrainingEndTime")):
        _log_the_rest(follower, job, log, ended.timestamp() + LATE_LINES_S - time.time(), clock)
    return job


def _log_the_rest(
    follower: Follower, job: Job, log: Callable[[str], None], limit_s: float, clock: polling.Clock
) -> None:
    """Log the lines that CloudWatch shows only seconds after the end: they explain the failure."""
    wanted = job.reason.partition("\n")[0]
    for _ in polling.ticks(min(limit_s, LATE_LINES_S), clock):
        if follower.has_ended or follower.has_seen(wanted):
            return
        for line in follower.new_lines():
            log(line.text)


def stop(aws: Aws, name: str) -> bool:
    """Stop a job, which would otherwise still be billed; return False if it had already ended."""
    with session.explained(f"stopping the training job {name}"):
        try:
            aws.sagemaker.stop_training_job(TrainingJobName=name)
        except session.Refused as error:
            if session.code(error) != "ValidationException":
                raise
            return False
    return True


def _describe(aws: Aws, name: str) -> dict[str, Any] | None:
    return session.describe(
        aws.sagemaker.describe_training_job,
        f"describing the training job {name}",
        TrainingJobName=name,
    )


def _require(aws: Aws, name: str, clock: polling.Clock = time) -> dict[str, Any]:
    """Describe an existing job; SageMaker may show a new one only after a moment."""
    for _ in polling.ticks(UNSEEN_S, clock):
        if details := _describe(aws, name):
            return details
    raise TrainingFailedError(
        f"The training job {name} no longer exists.",
        why="Somebody has deleted it.",
        do="Run this again to train again.",
    )


def _phase_line(phase: dict[str, Any]) -> Line:
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
        image=details.get("AlgorithmSpecification", {}).get("TrainingImage", ""),
        inputs=details.get("Environment", {}).get(inputs.VARIABLE, ""),
        training_s=details.get("TrainingTimeInSeconds", 0),
        instance_type=details.get("ResourceConfig", {}).get("InstanceType", ""),
        instance_count=details.get("ResourceConfig", {}).get("InstanceCount", 0),
    )
