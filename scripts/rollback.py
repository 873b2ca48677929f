"""Bring back what the endpoint served before, and wait until it really serves it."""

from __future__ import annotations

from dataclasses import dataclass

from matlab_sagemaker.aws import signin
from matlab_sagemaker.github import tables
from matlab_sagemaker.github.run import Run, run_verb
from matlab_sagemaker.hosting import change, plan, report, smoke_test, status
from matlab_sagemaker.training import job


@dataclass(frozen=True, kw_only=True)
class Inputs(signin.ProjectInputs, smoke_test.SmokeTestInputs):
    """The inputs of action/rollback."""


def main(run: Run) -> None:
    """Read, find, mark a failed configuration, plan, apply, wait, report."""
    project, target = signin.open_project(run, inputs := smoke_test.read(run, Inputs))
    aws, name, own = target.aws, project.endpoint_name, project.settings.aws.tags
    seal = job.seal(target.bucket, project.name)
    found = smoke_test.mark(run, aws, project, change.find(run, aws, name), inputs)
    with smoke_test.explained(name, found, inputs):
        back = smoke_test.way_back(name, found, inputs, run.commit)
        there = status.target_of(config := status.find_configuration(aws, back, seal))
        planned = plan.plan_rollback(name, project.name, back, found, there, own)
    serves = config or status.Configuration(name=back)
    about = status.goes_back(aws, found.config_name, serves, seal)
    run.log_foreign(tables.plain(report.configurations(about)))
    change.roll_back(run, aws, name, back, planned, found)
    outputs = report.rollback_outputs(aws, name, planned, serves, found.leaving().previous(back))
    run.log(report.rolled_back(name, outputs))
    run.report(report.rollback(run.repository, planned, outputs, about), outputs, logged=True)
    smoke_test.require_none(name, back, inputs)


if __name__ == "__main__":
    run_verb(main, __file__)
