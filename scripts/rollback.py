"""Bring back what the endpoint served before, and wait until it really serves it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from matlab_sagemaker import console, endpoint_report, github, opening, outcomes
from matlab_sagemaker.aws import serving
from matlab_sagemaker.aws.apply import apply
from matlab_sagemaker.plan import plan_rollback, plan_rolled_back, rollback_target


@dataclass(frozen=True, kw_only=True)
class Inputs(opening.Inputs):
    """The inputs of action/rollback."""


def main(run: github.Run) -> None:
    """Read, find, plan, apply, wait, report."""
    opened = opening.open_project(run, run.inputs(Inputs))
    aws, project = opened.aws, opened.loaded.project
    name = project.endpoint_name
    endpoint = outcomes.settled_endpoint(run, aws, name, project.name)
    target = rollback_target(name, endpoint)
    back = serving.find_configuration(aws, target)
    found = replace(
        endpoint,
        config=bool(back),
        config_arn=back.arn if back else "",
        model=bool(back and back.has_model),
    )
    plan = plan_rollback(name, project.name, target, found)
    run.log(plan.because)
    with outcomes.change_goes_on(name, run.verb):
        apply(aws, plan, run.log)
        do = "Correct what it shows and run rollback again, or deploy a commit that works."
        outcomes.require_in_service(run, aws, name, target, do)
        outcomes.forget_kept(run, aws, name, project.name, plan)
        apply(aws, plan_rolled_back(name, found, plan), run.log)
    left = found.leaving().previous(target)
    facts = {**(back or serving.Configuration(name=target)).facts, "previous-config": left}
    another = (
        f"another rollback would bring {left} back"
        if left
        else "nothing is known for another rollback"
    )
    run.log(f"Endpoint {name} serves {target}; {another}.")
    url = console.endpoint_url(aws, name)
    links = {
        "commit": run.repository.commit_link(facts["commit"]),
        "console": endpoint_report.page(url),
    }
    run.summary(endpoint_report.rollback(name, plan, facts, links))
    run.outputs({**facts, "endpoint-name": name, "endpoint-url": url, "changed": bool(plan.steps)})


if __name__ == "__main__":
    github.run(main, __file__)
