"""Show what the endpoint serves, where that comes from, and what a rollback would bring back."""

from __future__ import annotations

from dataclasses import dataclass

from matlab_sagemaker.aws import console, signin
from matlab_sagemaker.github import tables
from matlab_sagemaker.github.run import Run, run_verb
from matlab_sagemaker.hosting import plan, report, status
from matlab_sagemaker.training import job


@dataclass(frozen=True, kw_only=True)
class Inputs(signin.ProjectInputs):
    """The inputs of action/status."""


def main(run: Run) -> None:
    """Read, find, report; if there is no endpoint, set the outputs and raise an error."""
    project, target = signin.open_project(run, run.inputs(Inputs))
    name = project.endpoint_name
    found = status.find(target.aws, name, job.seal(target.bucket, project.name))
    url = console.endpoint_url(target.aws, name)
    outputs = {**found.facts, "endpoint-url": url}
    if found.status == status.MISSING:
        run.outputs(outputs, logged=True)
        raise plan.missing(name)
    run.log_foreign(tables.plain(report.status(found, url)))
    rows = report.status(found, url, run.repository)
    summary = f"### Endpoint `{name}`: {found.status}\n\n" + tables.markdown(rows)
    run.report(summary, outputs, logged=True)


if __name__ == "__main__":
    run_verb(main, __file__)
