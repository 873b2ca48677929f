"""Deploy the trained model, and wait until the endpoint really serves it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from matlab_sagemaker import console, describe, endpoint_report, git, github, opening, outcomes
from matlab_sagemaker.aws import serving
from matlab_sagemaker.aws.apply import apply
from matlab_sagemaker.plan import FoundEndpoint, plan_deployment
from matlab_sagemaker.repository import SHORT

if TYPE_CHECKING:
    from matlab_sagemaker.aws.session import Aws


@dataclass(frozen=True, kw_only=True)
class Inputs(opening.Inputs):
    """The inputs of action/deploy."""

    image: str
    unless_newer: bool


def main(run: github.Run) -> None:
    """Read, find the model and the image, describe, find, plan, apply, wait, report."""
    inputs = run.inputs(Inputs)
    opened = opening.open_project(run, inputs)
    job = outcomes.require_model(opened.aws, opened.training_job())
    image = opened.require_inference_image(inputs.image)
    desired = describe.deployment(opened.loaded, opened.where, image.uri, job, run.commit)
    name, wanted = desired.endpoint_name, desired.config["EndpointConfigName"]
    found = compared(run, inputs, outcomes.settled_deployment(run, opened.aws, desired))
    plan = plan_deployment(desired, found)
    if inputs.unless_newer and found.left_to_newer:
        leave(run, opened.aws, name, found)
        return
    run.log(plan.because)
    with outcomes.change_goes_on(name, run.verb):
        apply(opened.aws, plan, run.log)
        do = "Correct what it shows and deploy again."
        outcomes.require_in_service(run, opened.aws, name, wanted, do)
        outcomes.forget_kept(run, opened.aws, name, desired.project, plan)
    url = console.endpoint_url(opened.aws, name)
    links = {"commit": run.repository.commit_link(run.commit), "console": endpoint_report.page(url)}
    run.summary(endpoint_report.deployment(name, plan, desired.facts, links, job))
    told = {"endpoint-url": url, "changed": plan.changes, "left-to": ""}
    run.outputs({**desired.facts, **told})


def compared(run: github.Run, inputs: Inputs, found: FoundEndpoint) -> FoundEndpoint:
    """Return `found` with what git tells of the commit that was deployed last, and of ours."""
    if not (found.newest and run.commit):
        return found
    older = git.is_older(inputs.config.parent, run.commit, found.newest)
    if older is None and inputs.unless_newer:
        run.warn(
            f"Commit {found.newest}, which was deployed last, is not in the history that is "
            f"checked out here: whether it is newer than {run.commit} is not known, so that is "
            "deployed. After a forced push it is as it should be; else check out with "
            "`fetch-depth: 0`."
        )
    return replace(found, overtaken=bool(older))


def leave(run: github.Run, aws: Aws, name: str, found: FoundEndpoint) -> None:
    """Report what serves, and that a newer commit is the reason."""
    run.notice(
        f"Endpoint {name} is left as it is: commit {found.newest[:SHORT]}, newer than this one, "
        "has been deployed already. To deploy this one nevertheless, run deploy by hand."
    )
    config = str(found.config_name)
    serves = serving.find_configuration(aws, config) or serving.Configuration(name=config)
    told = ("endpoint-config", "model-name", "model-data", "training-job")
    facts = {"endpoint-name": name, **{fact: serves.facts[fact] for fact in told}}
    url = console.endpoint_url(aws, name)
    newer = run.repository.commit_link(found.newest)
    links = {"console": endpoint_report.page(url)}
    run.summary(endpoint_report.left(name, newer, facts, links))
    run.outputs({**facts, "endpoint-url": url, "changed": False, "left-to": found.newest})


if __name__ == "__main__":
    github.run(main, __file__)
