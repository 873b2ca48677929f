"""Send a request to the endpoint, show the answer, and compare it with the expected one."""

from __future__ import annotations

from dataclasses import dataclass

from matlab_sagemaker.aws import signin
from matlab_sagemaker.github.run import Run, run_verb
from matlab_sagemaker.hosting import prediction, report, smoke_test
from matlab_sagemaker.project import request


@dataclass(frozen=True, kw_only=True)
class Inputs(signin.ProjectInputs, request.SampleInputs):
    """The inputs of action/predict."""

    endpoint_name: str
    answer: str
    tried_config: str


def main(run: Run) -> None:
    """Read, send, report, compare."""
    inputs = run.inputs(Inputs)
    project = None if inputs.endpoint_name else signin.read_project(run, inputs.config)
    endpoint, code = prediction.endpoint(project, inputs.endpoint_name)
    sent, expected = request.chosen(project, inputs)
    region = project.settings.aws.region if project else None
    aws = signin.connector(run, inputs, region)()
    body = prediction.require_answer(run, aws, endpoint, code, sent)
    answer = request.keep(body, inputs.answer)
    run.log_foreign(report.answer(sent.text, answer))
    error = prediction.compare(run, endpoint, expected, body)
    outputs = prediction.outputs(endpoint, answer, expected, error)
    run.report(report.prediction(endpoint, sent.text, answer), outputs, error=error)
    smoke_test.note_passed(run, aws, project, inputs.tried_config)


if __name__ == "__main__":
    run_verb(main, __file__)
