"""One training job of a project, which people inspect, follow or stop, no matter who started it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from matlab_sagemaker import digest
from matlab_sagemaker.aws import session, tags
from matlab_sagemaker.aws.logs import Follower
from matlab_sagemaker.errors import InputError, MissingStepError
from matlab_sagemaker.training import attempts, cancel, cards, failure, handler_job
from matlab_sagemaker.training.job import seal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.aws.signin import NamedProject
    from matlab_sagemaker.github.run import Run
    from matlab_sagemaker.training.job import Job

LOG_LINES = 1000  # how many last lines of a job's log are shown


def find(project: NamedProject, name: str) -> str:
    """Return `name` if it is a job of the project; if it is empty, the name of the latest job.

    A job that tries a handler is found only by its name: the latest job is one that trains.
    Raises InputError for a job that is not the project's, and MissingStepError if it has none.
    """
    if not name:
        return _latest(project)
    if not _has_own_name(project, name, rf"({handler_job.PREFIX})?"):
        raise _foreign(project, name, "Its name does not have the form of the project's jobs")
    if not attempts.find_job(project.aws, name):
        raise InputError(
            f"There is no training job {name}.",
            do=f"Correct the name, or leave it out for the latest job of {project.name}.",
        )
    if not _is_own(project, name):
        raise _foreign(project, name, "It does not have the project's tag")
    return name


def _latest(project: NamedProject) -> str:
    for name in _newest_first(project):
        if _is_own(project, name):
            return name
    raise MissingStepError(
        f"The project {project.name} has no training job.", do="Run train first."
    )


def _newest_first(project: NamedProject) -> Iterator[str]:
    pages = project.aws.sagemaker.get_paginator("list_training_jobs").paginate(
        NameContains=f"{project.name}-", SortBy="CreationTime", SortOrder="Descending"
    )
    with session.explained(f"listing the training jobs of {project.name}"):
        for page in pages:
            for job in page["TrainingJobSummaries"]:
                if _has_own_name(project, job["TrainingJobName"]):
                    yield job["TrainingJobName"]


def _has_own_name(project: NamedProject, name: str, kind: str = "") -> bool:
    """Return whether a name has the form <project>-<short key>-<kind><number>."""
    key = rf"[a-z2-7]{{{digest.SHORT_LENGTH}}}"
    pattern = rf"{re.escape(project.name)}-{key}-{kind}[1-9][0-9]*"
    return bool(re.fullmatch(pattern, name, re.ASCII))


def _is_own(project: NamedProject, name: str) -> bool:
    return tags.read(project.aws, cancel.arn(project.aws, name)).get("project") == project.name


def _foreign(project: NamedProject, name: str, why: str) -> InputError:
    return InputError(
        f"{name} is not a training job of the project {project.name}.",
        why=f"{why}. Nothing was changed.",
        do="Correct the name, or give the right project with --config or --project.",
    )


def stop(run: Run, aws: Aws, name: str) -> None:
    """Stop a job, and log whether there was anything to stop."""
    if attempts.stop(aws, name):
        run.log(f"{name} is being stopped.")
    else:
        run.log(f"{name} is already being stopped, or has ended.")


def follow(run: Run, aws: Aws, name: str) -> None:
    """Log a job's lines as they come, until it has ended."""
    with cancel.stops_job(aws, name, ""), run.group(f"Log of {name}"), run.foreign_text() as log:
        attempts.wait(aws, name, log)


def describe(project: NamedProject, name: str) -> Job:
    """Describe the job as it is now, with its sealed model if it has one."""
    job = attempts.require(project.aws, name)
    return cards.sealed(project.aws, seal(project.bucket, project.name), job)


def last_lines(aws: Aws, name: str) -> list[str]:
    """Return the last lines of a job's log, with those of all instances in order of time."""
    follower = Follower(aws, attempts.LOG_GROUP, prefix=f"{name}/")
    lines = sorted(follower.new_lines(), key=lambda line: line.moment)
    return [line.text for line in lines[-LOG_LINES:]]


def show(
    run: Run, project: NamedProject, job: Job, lines: list[str] | None, *, is_followed: bool
) -> None:
    """Warn if the model is not sealed; print the log, unless the output is a JSON document.

    `lines` is None if the log was not asked for: then a hint says how to see it.
    """
    if job.status == "Completed" and not job.is_sealed:
        run.warn(
            f"{job.name} has sealed no model below {seal(project.bucket, project.name)}. If it "
            "used another bucket, name that with --bucket. Otherwise its image does not have the "
            "kit's entrypoint."
        )
    if run.as_json:
        return
    run.log_foreign("\n".join([*(lines or ()), job.reason]))
    if lines is None and not is_followed:
        run.log(f"To see its log: job {job.name} --log, or --follow until it has ended")
    elif lines == []:
        run.log(f"{job.name} has written nothing to its log{' yet' if job.is_running else ''}.")


def require_completed(job: Job) -> None:
    """Raise TrainingFailedError for a job that has ended, but not as Completed."""
    if job.status != "Completed":
        raise failure.training_failed(job, {})
