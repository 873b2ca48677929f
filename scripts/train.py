"""Train the model on SageMaker, or find the job that has trained exactly this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matlab_sagemaker import github, opening, outcomes, report
from matlab_sagemaker.aws import training
from matlab_sagemaker.aws.apply import apply
from matlab_sagemaker.plan import plan_attached, plan_training

if TYPE_CHECKING:
    from matlab_sagemaker.plan import FoundJob, Plan
    from matlab_sagemaker.resources import TrainingJob


@dataclass(frozen=True, kw_only=True)
class Inputs(opening.Inputs):
    """The inputs of action/train."""


def main(run: github.Run) -> None:
    """Read, describe, find, plan, apply, wait, report."""
    opened = opening.open_project(run, run.inputs(Inputs))
    aws, desired = opened.aws, opened.training_job()
    found = training.find(aws, desired)
    plan = plan_attached(desired, found) if found.serves else plan_attempt(opened, desired, found)
    name = desired.name(found.attempt if found.serves else found.attempt + 1)
    with outcomes.stopped_on_cancel(aws, name, ours=bool(plan.steps)):
        run.log(plan.because)
        apply(aws, plan, run.log)
        job = outcomes.completed_job(run, aws, name, found, opened.code_folder)
    run.summary(report.training(job, plan))
    facts = {"job-name": job.name, "model-data": job.model_data, "metrics": job.metrics}
    run.outputs({**facts, "changed": bool(plan.steps)})


def plan_attempt(opened: opening.Opened, desired: TrainingJob, found: FoundJob) -> Plan:
    """Plan the next attempt: it needs the image, what is not in S3 yet, and the token."""
    image, bucket = opened.require_training_image().uri, opened.where.bucket
    uploads = training.find_uploads(opened.aws, desired, bucket)
    licensed = opened.with_token_secret(desired)
    return plan_training(licensed, found, uploads, bucket, image)


if __name__ == "__main__":
    github.run(main, __file__)
