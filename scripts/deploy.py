"""Deploy the trained model, and wait until the endpoint really serves it."""

from __future__ import annotations

from dataclasses import dataclass

from matlab_sagemaker import console, describe, endpoint_report, github, opening, outcomes
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
    desired = describe.deployment(opened.loaded, opened.where, image.uri, job, run.commit)
    name, wanted = desired.endpoint_name, desired.config["EndpointConfigName"]
    plan = plan_deployment(desired, outcomes.settled_deployment(run, opened.aws, desired))
    run.log(plan.because)
    with outcomes.change_goes_on(name, run.verb):
        apply(opened.aws, plan, run.log)
        do = "Correct what it shows and deploy again."
        outcomes.require_in_service(run, opened.aws, name, wanted, do)
    url = console.endpoint_url(opened.aws, name)
    links = {"commit": run.repository.commit_link(run.commit), "console": endpoint_report.page(url)}
    run.summary(endpoint_report.deployment(name, plan, desired.facts, links, job))
    run.outputs({**desired.facts, "endpoint-url": url, "changed": bool(plan.steps)})


if __name__ == "__main__":
    github.run(main, __file__)
