"""Train the model on SageMaker, or find the job that has trained exactly this."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matlab_sagemaker import failures, github, opening, outcomes, report
from matlab_sagemaker.aws import training
from matlab_sagemaker.aws.apply import apply
from matlab_sagemaker.plan import plan_attached, plan_training

if TYPE_CHECKING:
    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.aws.training import Job
    from matlab_sagemaker.plan import FoundJob, Plan
    from matlab_sagemaker.resources import TrainingJob

LEFT_S = 900  # of the job's time, for the steps around this one; of a short job a quarter


@dataclass(frozen=True, kw_only=True)
class Inputs(opening.Inputs):
    """The inputs of action/train."""

    find_only: bool
    longest_wait: str
    job_timeout: str


def main(run: github.Run) -> None:
    """Read, describe, find, plan, apply, wait, report."""
    inputs = run.inputs(Inputs)
    until = time.monotonic() + patience_s(inputs)
    opened = opening.open_project(run, inputs)
    aws, desired = opened.aws, opened.training_job()
    if inputs.find_only:
        report_found(run, aws, desired)
        return
    plan, job = trained(run, opened, desired, until)
    if not plan.steps and failures.was_stopped(job):
        run.log(f"{job.name} was stopped, by the run that made it or by somebody.")
        plan, job = trained(run, opened, desired, until)
    outcomes.require_completed(job, opened.code_folder)
    run.summary(report.training(job, plan))
    run.outputs({**facts(job), "running": False, "changed": bool(plan.steps)})


def patience_s(inputs: Inputs) -> float:
    """Return how long this run waits, in seconds: it has to end before GitHub ends its job.

    A run that is cancelled, also by the job's time limit, stops the training that it started.
    """
    job_s = opening.seconds("job-timeout", inputs.job_timeout)
    return min(opening.seconds("longest-wait", inputs.longest_wait), job_s - min(LEFT_S, job_s / 4))


def trained(
    run: github.Run, opened: opening.Opened, desired: TrainingJob, until: float
) -> tuple[Plan, Job]:
    """Find, plan, apply, wait; return the plan and the job, however that has ended."""
    aws, found = opened.aws, training.find(opened.aws, desired, until)
    plan = plan_attached(desired, found) if found.serves else plan_attempt(opened, desired, found)
    name = desired.name(found.attempt if found.serves else found.attempt + 1)
    with outcomes.stopped_on_cancel(aws, name, ours=bool(plan.steps)):
        run.log(plan.because)
        apply(aws, plan, run.log)
        return plan, outcomes.ended_job(run, aws, name, found, until)


def report_found(run: github.Run, aws: Aws, desired: TrainingJob) -> None:
    """Report whether the model is there, and nothing else: no image is needed for that."""
    found = training.find_latest(aws, desired)
    name = desired.name(found.attempt)
    job = training.look(aws, name) if found.has_trained else None
    run.log(
        f"{name} has trained exactly this." if job
        else f"{name} is training exactly this." if found.is_running
        else "No job has trained this yet."
    )  # fmt: skip
    shown = name if job else f"{desired.name(1).rpartition('-')[0]}-…"
    run.summary(report.looked("Model", shown, found=job is not None))
    run.outputs({**facts(job), "running": found.is_running, "changed": False})


def facts(job: Job | None) -> dict[str, Any]:
    """Return what is told of a job as outputs; all is empty where there is none."""
    return {
        "found": job is not None,
        "job-name": job.name if job else "",
        "model-data": job.model_data if job else "",
        "metrics": job.metrics if job else {},
    }


def plan_attempt(opened: opening.Opened, desired: TrainingJob, found: FoundJob) -> Plan:
    """Plan the next attempt: it needs the image, what is not in S3 yet, and the token."""
    image, bucket = opened.require_training_image().uri, opened.where.bucket
    uploads = training.find_uploads(opened.aws, desired, bucket)
    licensed = opened.with_token_secret(desired)
    return plan_training(licensed, found, uploads, bucket, image)


if __name__ == "__main__":
    github.run(main, __file__)
