"""Train the model on SageMaker, or find the job that has trained exactly this."""

from __future__ import annotations

from dataclasses import dataclass

from matlab_sagemaker import github, opening, outcomes, report
from matlab_sagemaker.aws import training
from matlab_sagemaker.aws.apply import apply
from matlab_sagemaker.plan import plan_training


@dataclass(frozen=True, kw_only=True)
class Inputs(opening.Inputs):
    """The inputs of action/train."""


def main(run: github.Run) -> None:
    """Read, describe, find, plan, apply, wait, report."""
    opened = opening.open_project(run.inputs(Inputs))
    aws, bucket, desired = opened.aws, opened.where.bucket, opened.training_job()
    found = training.find(aws, desired, bucket)
    needed = found.status not in ("Completed", "InProgress")
    image = opened.require_training_image().uri if needed else ""
    plan = plan_training(desired, found, bucket, image)
    run.log(plan.because)
    apply(aws, plan, run.log)
    name, code = desired.name(found.attempt + needed), opened.loaded.project.training.code
    done = found.status == "Completed"
    job = training.result(aws, name) if done else outcomes.completed_job(run, aws, name, code)
    run.summary(report.training(job, plan))
    facts = {"job-name": job.name, "model-data": job.model_data, "metrics": job.metrics}
    run.outputs({**facts, "changed": bool(plan.steps)})


if __name__ == "__main__":
    github.run(main, __file__)
