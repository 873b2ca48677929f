"""Check an inference image: run it as SageMaker would, with a model and a request."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 (read at run time, for the inputs' types)

from matlab_sagemaker import checks, github, models, report, requests, signin
from matlab_sagemaker.aws import access
from matlab_sagemaker.images import docker, inspection, serving


@dataclass(frozen=True, kw_only=True)
class Inputs(signin.Inputs):
    """The inputs of action/check-image."""

    image: str
    model: str
    request: Path
    content_type: str
    accept: str
    timeout: int


def main(run: github.Run) -> None:
    """Read, find the image, run it, report; the first check that is not passed is the error."""
    inputs = run.inputs(Inputs)
    request = requests.read(inputs.request, inputs.content_type, inputs.accept)
    checks.require_named(image=inputs.image, model=inputs.model)
    connect = signin.prepare(run, inputs)
    with (
        access.local(inputs.model, connect) as file,
        models.unpacked(file) as model,
        docker.connected() as engine,
    ):
        name = access.resolved(inputs.image, connect)
        image = inspection.find(engine, name, access.login_of(connect))
        run.log(f"Running {name} as SageMaker would")
        results = checks.of_image(image)
        if checks.passed(results):
            results += serving.check(engine, image, model, request, inputs.timeout)
    rows = checks.rows(results)
    run.log(report.plain(rows))
    run.summary(report.checks(inputs.image, rows))
    run.outputs(checks.outputs(results))
    checks.require(inputs.image, results)


if __name__ == "__main__":
    github.run(main, __file__, first="image")
