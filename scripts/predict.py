"""Send a request to the endpoint, show its answer, and compare it where one is expected."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from matlab_sagemaker import github, opening, outcomes, report, requests


@dataclass(frozen=True, kw_only=True)
class Inputs(opening.Inputs):
    """The inputs of action/predict."""

    request: Path
    answer: str
    expected: str
    content_type: str
    accept: str


def main(run: github.Run) -> None:
    """Read, send, report, compare."""
    inputs = run.inputs(Inputs)
    request = requests.read(inputs.request, inputs.content_type, inputs.accept)
    expected = (
        requests.read_expected(Path(inputs.expected), request.accept) if inputs.expected else None
    )
    opened = opening.open_project(run, inputs)
    endpoint = opened.loaded.project.endpoint_name
    body = outcomes.require_answer(run, opened.aws, endpoint, request)
    answer = requests.keep(body, inputs.answer)
    rows = report.side_by_side(request.text, answer)
    with run.foreign_text() as log:
        for line in (report.plain(rows) if rows else answer).splitlines():
            log(line)
    run.summary(report.prediction(endpoint, rows, answer))
    run.outputs({"prediction": answer, "endpoint-name": endpoint})
    if expected:
        outcomes.require_expected(endpoint, expected, body)
        run.log(f"That is what {expected.file} expects.")


if __name__ == "__main__":
    github.run(main, __file__)
