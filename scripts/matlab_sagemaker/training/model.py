"""The trained model: find the job that made it, or start one."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from matlab_sagemaker.aws import ecr, ecr_images, s3, secrets
from matlab_sagemaker.aws.apply import apply
from matlab_sagemaker.errors import TrainingFailedError
from matlab_sagemaker.project.build_context import RELEASE, REPOSITORIES, Stage
from matlab_sagemaker.training import attempts, cancel, cards, facts, failure, job, report
from matlab_sagemaker.training.plan import described_otherwise, plan_attached, plan_training
from matlab_sagemaker.training.takeover import WantedJob

if TYPE_CHECKING:
    from collections.abc import Callable

    from matlab_sagemaker.aws.plan import Plan
    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.aws.signin import Target
    from matlab_sagemaker.github.run import Run
    from matlab_sagemaker.project.content import AnyProject, TrainedProject
    from matlab_sagemaker.training.job import Job, TrainingJob
    from matlab_sagemaker.training.plan import FoundJob


def describe(project: TrainedProject, target: Target, stage: Stage = "release") -> TrainingJob:
    """Describe the training job; `stage` says which images it may run on.

    Lists the channels that are in S3, and finds the user's own image in ECR.
    """
    training = project.training
    found = s3.list_channels(target.aws, channels) if (channels := project.s3_channels) else {}
    image = ecr_images.require_own_training(target.aws, own) if (own := training.image) else ""
    where = REPOSITORIES[stage]
    return job.describe(project, target.bucket, target.training_role, found, where, image)


def find(
    run: Run, project: TrainedProject, target: Target, stage: Stage
) -> tuple[TrainingJob, FoundJob]:
    """Describe the training job, and find its current attempt without waiting."""
    desired = describe(project, target, stage)
    wanted = _find_wanted(run, project, target, desired)
    found = attempts.find_now(target.aws, wanted)
    if found.foreign:
        run.warn(found.warning)
    run.log(report.found_line(found))
    trained = found.trained and cards.sealed(target.aws, desired.seal, found.trained)
    run.facts.append(partial(facts.wanted, project, desired))
    if trained:
        run.facts.append(partial(facts.made, target.aws, trained))
    return desired, replace(found, job=trained or found.job)


def train(
    run: Run, project: TrainedProject, target: Target, stage: Stage, until: float | None
) -> tuple[Plan, Job]:
    """Find the job that has trained or is training exactly this, or start one; wait for its end.

    `until` is a moment of time.monotonic; None means not to wait. Sets the step's outputs before
    raising TrainingFailedError.
    """
    desired = describe(project, target, stage)
    run.facts.append(partial(facts.wanted, project, desired))
    plan, ended = run_job(run, project, target, desired, until)
    run.facts.append(partial(facts.made, target.aws, ended, changed=bool(plan.steps)))
    if until is None and ended.is_running:
        return plan, ended
    try:
        if ended.status != "Completed":
            raise failure.training_failed(ended, project.training_code)
        if ended.missing:
            run.warn(ended.warning)
        require_model_file(project, ended)
        require_metrics(project, ended)
    except TrainingFailedError:
        run.outputs(report.failed(ended, plan), logged=True)
        raise
    return plan, ended


def run_job(
    run: Run, project: TrainedProject, target: Target, desired: TrainingJob, until: float | None
) -> tuple[Plan, Job]:
    """Find a job, continue with it or start one; return the plan and the job, however it ended."""
    plan, ended = _attempt(run, project, target, desired, until)
    if ended.status != "Completed" and not plan.steps and failure.was_stopped(ended):
        run.log(f"{ended.name} was stopped, by the run that started it or by a person.")
        plan, ended = _attempt(run, project, target, desired, until)
    return plan, ended


def require_metrics(project: TrainedProject, job: Job) -> None:
    """Raise TrainingFailedError if a required metric has no value, or one that is not finite."""
    without = [
        name
        for name, metric in project.training.metrics.items()
        if metric.required and not math.isfinite(job.metrics.get(name, math.nan))
    ]
    if without:
        unknown = "SageMaker has no value for it"
        why = (f"{name}: {job.missing.get(name, unknown)}" for name in without)
        raise TrainingFailedError(
            f"Training job {job.name} has no value for {', '.join(without)}.",
            why="\n".join(why),
            do="Make the training print it, or correct its pattern, and train again. If it may be "
            "missing, add `required: false` beside its pattern: then this job's model can be used.",
            place=project.place("training", "metrics", without[0]),
        )


def require_model_file(project: AnyProject, job: Job) -> None:
    """Raise TrainingFailedError if the handler reads model.mat, but the job has not saved one."""
    if job.is_sealed and "model.mat" not in job.files and project.reads_model_mat:
        raise TrainingFailedError(
            f"Training job {job.name} has saved no model.mat, only: {', '.join(job.files)}.",
            why=f"The handler {project.handler.name} has no load_model of its own, so "
            "DefaultInferenceHandler's reads model.mat.",
            do="Make the training function save the variable model to fullfile(env.ModelFolder, "
            "'model.mat'), or write load_model in the handler. Then train again.",
        )


def _attempt(
    run: Run,
    project: TrainedProject,
    target: Target,
    desired: TrainingJob,
    until: float | None,
    above: int = 0,
) -> tuple[Plan, Job]:
    """Find, plan, apply, wait; return the plan and the job, however it ended.

    If `until` is None, this waits only for an attempt that is being stopped.
    """
    aws = target.aws
    wanted = _find_wanted(run, project, target, desired)
    found = attempts.find(aws, wanted, math.inf if until is None else until, above)
    if found.foreign:
        run.warn(found.warning)
    attached = plan_attached(found, desired.words, waits=until is not None)
    plan = attached or _plan_next(project, target, wanted, found, run.mark)
    number = found.attempt if attached else found.next
    name = found.name if attached else desired.name(number)
    run.log(plan.because)
    if found.job and found.status == "Completed":
        return plan, cards.sealed(aws, desired.seal, found.job)
    apply(aws, plan.steps[:-1], run.log)
    with cancel.stops_job(aws, name, run.mark if plan.steps else ""):
        with attempts.may_run(name):
            apply(aws, plan.steps[-1:], run.log)
        other = attempts.foreign(aws, wanted, number) if plan.steps else None
        if other is None:
            return plan, cards.sealed(aws, desired.seal, _follow(run, aws, name, until))
        if cancel.maker(aws, name) == run.mark:
            attempts.stop(aws, name)
            raise described_otherwise(other)
    run.log(f"Meanwhile another job has taken the name {name}: trying the next number.")
    return _attempt(run, project, target, desired, until, number)


def _follow(run: Run, aws: Aws, name: str, until: float | None) -> Job:
    """Wait for the job's end and return it; if `until` is None, return it as it is now."""
    if until is None:
        return attempts.require(aws, name)
    with run.group(f"Log of {name}"), run.foreign_text() as log:
        return attempts.wait(aws, name, log, until)


def _find_wanted(
    run: Run, project: TrainedProject, target: Target, desired: TrainingJob
) -> WantedJob:
    """Describe what an attempt must match; finds the image in ECR."""
    image = desired.own_image or ecr.find_digest(
        target.aws, desired.repositories, project.training_image.tag
    )
    return expected(project, target, desired, image, any_digest=_is_for_pull_request(run))


def expected(
    project: TrainedProject,
    target: Target,
    desired: TrainingJob,
    image: str | None,
    *,
    any_digest: bool = False,
) -> WantedJob:
    """Describe what an attempt must match; composes the secret's ARN without looking it up."""
    job = _with_token_secret(project, desired, partial(secrets.arn, target.aws))
    return WantedJob(job=job, image=image, any_digest=any_digest)


def _is_for_pull_request(run: Run) -> bool:
    """Return whether this run is for a pull request: then it only reports, and deploys nothing."""
    return run.repository.pull_request is not None


def _plan_next(
    project: TrainedProject, target: Target, wanted: WantedJob, found: FoundJob, mark: str
) -> Plan:
    """Plan the next attempt, with its image, the files not yet in S3, and the token's secret."""
    aws = target.aws
    where = wanted.job.repositories
    maker = "build-training-image" + (" --repository release" if where == (RELEASE,) else "")
    image = wanted.job.own_image or (
        ecr.uri(aws, wanted.image)
        if wanted.image
        else ecr.require_image(aws, project.training_image, maker, where)
    )
    uploads = attempts.find_uploads(aws, wanted.job.channels, target.bucket)
    licensed = _with_token_secret(project, wanted.job, partial(secrets.require, aws))
    return plan_training(licensed, found, uploads, target.bucket, image, mark)


def _with_token_secret(
    project: TrainedProject, desired: TrainingJob, arn: Callable[[str], str]
) -> TrainingJob:
    """Add the ARN of the batch token's secret to the job's environment, if there is one."""
    matlab = project.settings.matlab
    if matlab.engine == "octave" or not matlab.batch_token_secret:
        return desired
    secret = {"MATLAB_SAGEMAKER_TOKEN_SECRET": arn(matlab.batch_token_secret)}
    return replace(desired, environment={**desired.environment, **secret})
