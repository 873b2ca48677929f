"""Run an inference image as SageMaker would, with a model and a request."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 (read at run time, for the inputs' types)

from matlab_sagemaker.aws import signin
from matlab_sagemaker.github.run import Run, run_verb
from matlab_sagemaker.images import checks, container, report
from matlab_sagemaker.project import request


@dataclass(frozen=True, kw_only=True)
class Inputs(signin.SignInInputs, request.SampleInputs):
    """The inputs of action/check-image."""

    image: str
    model: str
    config: Path
    timeout: int


def main(run: Run) -> None:
    """Read, find the image, run it, report; the first check that fails is the error."""
    inputs = run.inputs(Inputs)
    project = signin.read_project(run, inputs.config) if inputs.config.is_file() else None
    sample = request.find(project, inputs)
    model = checks.require_named(name := inputs.image, inputs.model, project)
    connect = signin.connector(run, inputs, project.settings.aws.region if project else None)
    found = container.try_image(run.log, connect, name, model, sample, inputs.timeout)
    run.log(report.checks_as_text(found))
    run.report(report.checks(name, found), checks.outputs(found))
    checks.require(name, found)


if __name__ == "__main__":
    run_verb(main, __file__)
