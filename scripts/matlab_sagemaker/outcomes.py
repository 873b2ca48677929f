"""What has to come out: a job that has Completed, an endpoint that serves what it should."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from matlab_sagemaker import comparison, failures
from matlab_sagemaker.aws import hosting, logs, made, training
from matlab_sagemaker.aws.apply import apply
from matlab_sagemaker.errors import (
    DeploymentFailedError,
    InterruptedRunError,
    MissingStepError,
    PredictionFailedError,
)
from matlab_sagemaker.plan import plan_forgotten

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.aws.training import Job
    from matlab_sagemaker.comparison import Expected
    from matlab_sagemaker.github import Run
    from matlab_sagemaker.plan import FoundEndpoint, FoundJob, Plan
    from matlab_sagemaker.requests import Request
    from matlab_sagemaker.resources import Deployment, TrainingJob

_LOG_LINES = 15


@contextlib.contextmanager
def stopped_on_cancel(aws: Aws, name: str, *, ours: bool) -> Iterator[None]:
    """Stop the job `name` where the run is cancelled inside, if this run made it.

    Nobody would look at what it goes on to cost; a job that another run made is that run's.
    """
    try:
        yield
    except KeyboardInterrupt as error:
        what = f"The run was cancelled; the training job {name} goes on for the run that made it."
        do = f"To end it as well: aws sagemaker stop-training-job --training-job-name {name}"
        if ours:
            training.stop(aws, name)
            what = f"The run was cancelled, and the training job {name} with it."
            do = "Run it again to train again."
        raise InterruptedRunError(what, do=do) from error


def ended_job(run: Run, aws: Aws, name: str, found: FoundJob, until: float) -> Job:
    """Wait for a job's end, with its log.

    At `until`, a moment of time.monotonic, nobody waits any more (StillTrainingError), and the
    job goes on.
    """
    if found.status == "Completed":
        return training.result(aws, name)
    with run.group(f"Log of {name}"), run.foreign_text() as log:
        return training.wait(aws, name, log, until)


def require_completed(job: Job, code: Path) -> None:
    """Raise TrainingFailedError unless the job has Completed.

    `code` is the user's code folder, in which an error's file lies.
    """
    if job.status != "Completed":
        raise failures.training_failed(job, str(code))


def require_model(aws: Aws, desired: TrainingJob) -> Job:
    """Return the job that has trained exactly this; raise MissingStepError where there is none."""
    found = training.find(aws, desired)
    if found.status != "Completed":
        state = f"Its latest attempt, {desired.name(found.attempt)}, is {found.status}."
        raise MissingStepError(
            "No training job has trained a model from these files, data and settings.",
            why=state if found.attempt else "There was no attempt at it.",
            do="Run train first; nothing was changed.",
        )
    return training.result(aws, desired.name(found.attempt))


@contextlib.contextmanager
def change_goes_on(name: str, verb: str) -> Iterator[None]:
    """Say, where the run is cancelled inside, that SageMaker does not stop changing an endpoint.

    The inside begins with the first call that changes anything.
    """
    try:
        yield
    except KeyboardInterrupt as error:
        raise InterruptedRunError(
            f"The run was cancelled; SageMaker goes on with the change of the endpoint {name}.",
            do=f"Run {verb} again to wait for it"
            + ("." if verb == "delete" else "; until it is done, the old model answers."),
        ) from error


def settled_endpoint(run: Run, aws: Aws, name: str, project: str) -> FoundEndpoint:
    """Return the endpoint, or what it has left; a change is waited for, with the log."""
    with run.foreign_text() as log:
        found = hosting.find_endpoint(aws, name, log)
    return made.with_record(aws, project, name, found)


def settled_deployment(run: Run, aws: Aws, desired: Deployment) -> FoundEndpoint:
    """Return what there is of `desired`; a change under way is waited for, with the log."""
    with run.foreign_text() as log:
        found = hosting.find(aws, desired, log)
    return made.with_record(aws, desired.project, desired.endpoint_name, found)


def require_in_service(run: Run, aws: Aws, name: str, wanted: str, do: str) -> None:
    """Wait for the endpoint, with its log; raise DeploymentFailedError unless it serves `wanted`.

    The error ends in what to `do`.
    """
    with run.group(f"Log of the endpoint {name}"), run.foreign_text() as log:
        state = hosting.wait_settled(aws, name, log)
    if state is None:
        raise DeploymentFailedError(
            f"Endpoint {name} was deleted while it was being changed.",
            why="Another run, or somebody, has deleted it.",
            do="Run deploy if it is to be there again.",
        )
    if state.status == "InService" and state.config_name == wanted:
        return
    rolled_back = state.status == "InService"
    raise DeploymentFailedError(
        f"Endpoint {name} was rolled back and still serves {state.config_name}, not {wanted}."
        if rolled_back
        else f"Endpoint {name} is {state.status} and serves nothing.",
        why=state.reason,
        do=f"Its log is in the run's and in CloudWatch ({hosting.log_group(name)}). {do}",
    )


def forget_kept(run: Run, aws: Aws, name: str, project: str, plan: Plan) -> None:
    """Take off what was kept of the record of an endpoint that `plan` has made, and that serves."""
    if plan.makes_endpoint:
        apply(aws, plan_forgotten(made.keepers(aws, project, name)), run.log)


def require_answer(run: Run, aws: Aws, endpoint: str, request: Request) -> bytes:
    """Return the endpoint's answer; show the end of its log where the model answers an error."""
    try:
        return hosting.invoke(aws, endpoint, request)
    except PredictionFailedError:
        group = hosting.log_group(endpoint)
        with run.group(f"The last lines of {group}"), run.foreign_text() as log:
            for line in logs.last_lines(aws, group, _LOG_LINES):
                log(line)
        raise


def require_expected(endpoint: str, expected: Expected, answer: bytes) -> None:
    """Raise PredictionFailedError, with the first row that differs, unless all is as expected."""
    what = f"{endpoint} did not answer what {expected.file} expects"
    try:
        difference = comparison.first_difference(expected, answer)
    except ValueError as error:
        raise PredictionFailedError(
            f"{what}: the answer is not {expected.content_type}.",
            why=f"{error}.",
            do=f"Correct the handler, or the input 'accept'. {hosting.still_serves(endpoint)}",
        ) from error
    if difference:
        raise PredictionFailedError(
            f"{what}: row {difference.row} is the first that differs.",
            why=f"expected: {difference.expected}\nanswered: {difference.answered}",
            do="If the new answer is right, put it into that file. "
            + hosting.still_serves(endpoint),
        )
