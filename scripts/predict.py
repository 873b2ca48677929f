"""Send a request to the endpoint, and show its answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 (read at run time, for the inputs' types)

from matlab_sagemaker import github, opening, outcomes, report, requests


@dataclass(frozen=True, kw_only=True)
class Inputs(opening.Inputs):
    """The inputs of action/predict."""

    request: Path
    answer: str
    content_type: str
    accept: str


def main(run: github.Run) -> None:
    """Read, send, report."""
    inputs = run.inputs(Inputs)
    request = requests.read(inputs.request, inputs.content_type, inputs.accept)
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


if __name__ == "__main__":
    github.run(main, __file__)
