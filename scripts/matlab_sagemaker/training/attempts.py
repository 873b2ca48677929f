"""Training jobs: find the attempt that is ours, wait for its end with its log, stop it."""

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
UNSEEN_S = 10.0  # how long a job that was just made may not be found
MOST_FOREIGN = 20  # jobs that are not ours: a run looks at no more
_NUMBER = re.compile(r"[1-9][0-9]*", re.ASCII)
LATE_LINES_S = 5.0  # how long after a job's end the lines that led to its failure may come


def find(aws: Aws, wanted: WantedJob, until: float = math.inf, above: int = 0) -> FoundJob:
    """Return what there is of `wanted`; an attempt that is being stopped is waited for, as in wait.

    Raises StillTrainingError when it has not ended at the moment `until`.
    """
    found = find_now(aws, wanted, above)
    if found.status != "Stopping":
        return found
    ended = wait(aws, found.name, lambda _line: None, until)
    return replace(found, status=ended.status, job=ended)


def find_now(aws: Aws, wanted: WantedJob, above: int = 0) -> FoundJob:
    """Return what there is of `wanted` at this moment; only what its request made is believed.

    `above`: the highest number that is known to be taken, should the list not show it yet.
    Raises UnsafePlanError where too many are not ours.
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
    """Return an attempt whose name this run has asked for, where somebody else's request made it.

    SageMaker lists a new job only after a moment, so its name may have been taken already.
    """
    name = wanted.job.name(attempt)
    with may_run(name):
        details = next(polling.looks(partial(_require, aws, name)))
    differences = wanted.differences(attempt, details)
    return ForeignJob(name, tuple(differences)) if differences else None


@contextlib.contextmanager
def may_run(name: str) -> Iterator[None]:
    """Say of a request that AWS does not answer that it may have started the job."""
    try:
        yield
    except UnreachableError as error:
        raise UnreachableError(
            f"AWS does not answer. The training job {name} may have been started; then it goes on.",
            why=f"{error.what}\n{error.why}",
            do="Run it again when AWS can be reached: it takes the job up. To end the job: "
            f"aws sagemaker stop-training-job --training-job-name {name}",
        ) from error


def _statuses(aws: Aws, desired: TrainingJob) -> dict[int, str]:
    """Return the status of each attempt, by its number; the list also has names that hold ours."""
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
    """Return what there is of the bucket and of what has to lie in it for a job's channels.

    Raises UnsafePlanError for what would come to the job beside or instead of it. What has the
    right name and size, the job's entrypoint proves.
    """
    if not s3.bucket_exists(aws, bucket):
        return FoundUploads()
    own = [channel for channel in channels if channel.uploads]
    objects = [item for channel in own for item in s3.list_objects(aws, channel.uri, aws.account)]
    sizes = {wanted.key: wanted.measured.size for channel in own for wanted in channel.uploads}
    for item in objects:
        if sizes.get(item.key) != item.size:
            raise upload.foreign(
                bucket, item.key, "There is no file of this name and size among them."
            )
    return FoundUploads(bucket=True, objects=frozenset(item.key for item in objects))


def look(aws: Aws, name: str) -> Job | None:
    """Return a job as it is at this moment; None where it is not there (any more)."""
    details = _describe(aws, name)
    return _job(details) if details else None


def require(aws: Aws, name: str) -> Job:
    """Return a job that must be there, as it is at this moment."""
    return _job(_require(aws, name))


def wait(
    aws: Aws,
    name: str,
    log: Callable[[str], None],
    until: float = math.inf,
    clock: polling.Clock = time,
) -> Job:
    """Return the job when it has ended; its phases and its log's lines go to `log` as they come.

    Raises StillTrainingError when it has not ended at `until`, a moment of the clock, and
    UnreachableError when AWS has not answered for minutes; it goes on.
    """
    try:
        return _wait(aws, name, log, until, clock)
    except UnreachableError as error:
        raise UnreachableError(
            f"AWS has not answered for {polling.PATIENCE_S / 60:.0f} minutes; the training job "
            f"{name} goes on.",
            why=f"{error.what}\n{error.why}",
            do="Run it again when AWS can be reached: it takes the job up where it is. To end the "
            f"job: aws sagemaker stop-training-job --training-job-name {name}",
        ) from error


def _wait(
    aws: Aws, name: str, log: Callable[[str], None], until: float, clock: polling.Clock
) -> Job:
    follower, phases = Follower(aws, LOG_GROUP, prefix=f"{name}/"), 0
    look = partial(_require, aws, name, clock)
    for details in polling.looks(look, until - clock.monotonic(), clock):
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
    if job.status == "Failed" and (ended := details.get("TrainingEndTime")):
        _log_the_rest(follower, job, log, ended.timestamp() + LATE_LINES_S - time.time(), clock)
    return job


def _log_the_rest(
    follower: Follower, job: Job, log: Callable[[str], None], limit_s: float, clock: polling.Clock
) -> None:
    """Log what CloudWatch shows only seconds after the end: a failed job's last words count."""
    wanted = job.reason.partition("\n")[0]
    for _ in polling.ticks(min(limit_s, LATE_LINES_S), clock):
        if follower.has_ended or follower.has_seen(wanted):
            return
        for line in follower.new_lines():
            log(line.text)


def stop(aws: Aws, name: str) -> bool:
    """Stop a job that nobody waits for any more: it would go on being billed.

    Returns whether there was anything to stop: False where it has ended by itself meanwhile.
    """
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
    """Return the description of a job that must be there; a new one may be unseen for a moment."""
    for _ in polling.ticks(UNSEEN_S, clock):
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
        image=details.get("AlgorithmSpecification", {}).get("TrainingImage", ""),
        inputs=details.get("Environment", {}).get(inputs.VARIABLE, ""),
        training_s=details.get("TrainingTimeInSeconds", 0),
        instance_type=details.get("ResourceConfig", {}).get("InstanceType", ""),
        instance_count=details.get("ResourceConfig", {}).get("InstanceCount", 0),
    )
