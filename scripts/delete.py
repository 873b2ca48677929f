"""Delete the endpoint, with the configurations and models that were created for it."""

from __future__ import annotations

from dataclasses import dataclass

from matlab_sagemaker.aws import signin
from matlab_sagemaker.github import tables
from matlab_sagemaker.github.run import Run, run_verb
from matlab_sagemaker.hosting import change, endpoints, plan, report, status


@dataclass(frozen=True, kw_only=True)
class Inputs(signin.ProjectInputs):
    """The inputs of action/delete."""

    endpoint_name: str


def main(run: Run) -> None:
    """Read, confirm the name, find, plan, apply, report what was deleted and what stays."""
    inputs = run.inputs(Inputs)
    project, target = signin.open_project(run, inputs)
    aws, name = target.aws, project.endpoint_name
    plan.require_repeated(name, inputs.endpoint_name)
    found = change.find(run, aws, name)
    own = endpoints.find_own(aws, project.name, name)
    planned = plan.plan_deletion(name, project.name, found, own)
    about = status.own_configurations(target, project.name, own, found.config_name)
    run.log_foreign(tables.plain(report.configurations(about)))
    change.delete(run, aws, name, planned)
    run.log_foreign(tables.plain(stays := report.kept(project.name, name, target.bucket)))
    deleted = [step.name for step in planned.steps]
    outputs = {"endpoint-name": name, "deleted": deleted, "changed": True}
    rows = report.configurations(about, run.repository)
    run.report(report.deletion(name, planned, rows, stays), outputs, logged=True)


if __name__ == "__main__":
    run_verb(main, __file__)
