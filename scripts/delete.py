"""Delete the endpoint, and the configurations and models that were made for it."""

from __future__ import annotations

from dataclasses import dataclass

from matlab_sagemaker import endpoint_report, github, opening, outcomes, report
from matlab_sagemaker.aws import made
from matlab_sagemaker.aws.apply import apply
from matlab_sagemaker.errors import InputError
from matlab_sagemaker.plan import plan_deletion


@dataclass(frozen=True, kw_only=True)
class Inputs(opening.Inputs):
    """The inputs of action/delete."""

    endpoint_name: str


def main(run: github.Run) -> None:
    """Read, be sure, find, plan, apply, report what went and what stays."""
    inputs = run.inputs(Inputs)
    opened = opening.open_project(run, inputs)
    aws, project = opened.aws, opened.loaded.project
    name = project.endpoint_name
    require_repeated(name, inputs.endpoint_name)
    found = outcomes.settled_endpoint(run, aws, name, project.name)
    plan = plan_deletion(name, project.name, found, made.find(aws, project.name, name))
    run.log(plan.because)
    with outcomes.change_goes_on(name, run.verb):
        apply(aws, plan, run.log)
    rows = endpoint_report.kept(project.name, name, opened.where.bucket)
    for line in report.plain(rows).splitlines():
        run.log(line)
    run.summary(endpoint_report.deletion(name, plan, rows))
    deleted = [step.name for step in plan.steps]
    run.outputs({"endpoint-name": name, "deleted": deleted, "changed": bool(deleted)})


def require_repeated(name: str, repeated: str) -> None:
    """Raise InputError unless the user has repeated the endpoint's name."""
    if repeated != name:
        raise InputError(
            f"Input 'endpoint-name' is '{repeated}', but the endpoint is called '{name}'.",
            why="It is asked for once more because what is deleted does not come back.",
            do="If that endpoint is to be deleted, give the input endpoint-name "
            f"(by hand: --endpoint-name {name}).",
        )


if __name__ == "__main__":
    github.run(main, __file__)
