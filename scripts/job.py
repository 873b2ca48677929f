"""Show one of the project's training jobs, follow its log until it ends, or stop it."""

from __future__ import annotations

from dataclasses import dataclass

from matlab_sagemaker.aws import signin
from matlab_sagemaker.github.run import Run, run_verb
from matlab_sagemaker.training import project_jobs, report


@dataclass(frozen=True, kw_only=True)
class Inputs(signin.NamedProjectInputs):
    """The inputs of job.yml."""

    name: str
    follow: bool
    stop: bool
    log: bool


def main(run: Run) -> None:
    """Read, find, stop or follow, report; if a followed job failed, that is an error."""
    inputs = run.inputs(Inputs)
    project = signin.open_named(run, inputs)
    name = project_jobs.find(project, inputs.name)
    if inputs.stop:
        project_jobs.stop(run, project.aws, name)
    if inputs.follow:
        project_jobs.follow(run, project.aws, name)
    job = project_jobs.describe(project, name)
    lines = project_jobs.last_lines(project.aws, name) if inputs.log else None
    project_jobs.show(run, project, job, lines, is_followed=inputs.follow)
    run.report(*report.one_job(job, lines))
    if inputs.follow and not inputs.stop:
        project_jobs.require_completed(job)


if __name__ == "__main__":
    run_verb(main, __file__)
