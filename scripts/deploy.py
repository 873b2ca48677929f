"""Deploy the trained model, and wait until the endpoint really serves it."""

from __future__ import annotations

from dataclasses import dataclass

from matlab_sagemaker import describe, github, opening, outcomes, report
from matlab_sagemaker.aws.apply import apply
from matlab_sagemaker.plan import plan_deployment


@dataclass(frozen=True, kw_only=True)
class Inputs(opening.Inputs):
    """The inputs of action/deploy."""

    image: str


def main(run: github.Run) -> None:
    """Read, find the model and the image, describe, find, plan, apply, wait, report."""
    inputs = run.inputs(Inputs)
    opened = opening.open_project(run, inputs)
    job = outcomes.require_model(opened.aws, opened.training_job())
    image = opened.require_inference_image(inputs.image)
    desired = describe.deployment(opened.loaded, opened.where, image.uri, job.model_data)
    with outcomes.change_goes_on(desired.endpoint_name):
        plan = plan_deployment(desired, outcomes.settled_endpoint(run, opened.aws, desired))
        run.log(plan.because)
        apply(opened.aws, plan, run.log)
        outcomes.require_in_service(run, opened.aws, desired)
    facts = {**desired.facts, "training-job": job.name}
    run.summary(report.deployment(desired.endpoint_name, plan, facts))
    run.outputs({**facts, "changed": bool(plan.steps)})


if __name__ == "__main__":
    github.run(main, __file__)
