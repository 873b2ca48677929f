"""Deploy the model, and wait until the endpoint really serves it."""

from __future__ import annotations

from dataclasses import dataclass

from matlab_sagemaker.aws import signin
from matlab_sagemaker.github.run import Run, run_verb
from matlab_sagemaker.hosting import candidate, champion, change, plan, report, review


@dataclass(frozen=True, kw_only=True)
class Inputs(signin.DeploymentInputs):
    """The inputs of action/deploy."""


def main(run: Run) -> None:
    """Read, describe the deployment, find, judge, plan, apply, wait, report."""
    inputs = run.inputs(Inputs)
    champion.require_by_hand(run, ignored=inputs.ignore_gate)
    project, target = signin.open_project(run, inputs)
    aws, only = target.aws, inputs.unless_newer
    if inputs.dry_run:
        run.report(*review.dry_run(run, project, target, inputs))
        return
    desired, served = candidate.require(run, project, target, inputs.image)
    found, there, late = change.find_for(run, aws, desired, inputs.config.parent, unless_newer=only)
    if only and found.left_to_newer(overtaken=late):
        run.report(*change.leave_to_newer(run, target, project, found))
        return
    reviewed = review.review(project, target, desired, served, found, overtaken=late)
    run.log(reviewed.shown.text)
    champion.require(run, aws, desired, reviewed, ignored=inputs.ignore_gate)
    planned = plan.plan_deployment(desired, found, there, reviewed.judged, overtaken=late)
    change.deploy(run, aws, desired, planned)
    run.report(*report.deployment(run.repository, aws, desired, planned, served, reviewed))


if __name__ == "__main__":
    run_verb(main, __file__)
