"""Say what the endpoint serves, where that comes from, and what a rollback would bring back."""

from __future__ import annotations

from dataclasses import dataclass

from matlab_sagemaker import console, endpoint_report, github, opening, report
from matlab_sagemaker.aws import serving
from matlab_sagemaker.repository import SHORT


@dataclass(frozen=True, kw_only=True)
class Inputs(opening.Inputs):
    """The inputs of action/status."""


def main(run: github.Run) -> None:
    """Read, find, report; an endpoint that is not there is an answer as well."""
    opened = opening.open_project(run, run.inputs(Inputs))
    project = opened.loaded.project
    name = project.endpoint_name
    found = serving.find(opened.aws, project.name, name)
    rows = endpoint_report.serving(found, lambda commit: commit[:SHORT])
    with run.foreign_text() as log:
        for line in report.plain(rows).splitlines():
            log(line)
    url = console.endpoint_url(opened.aws, name)
    linked = [
        *endpoint_report.serving(found, run.repository.commit_link),
        ["console", endpoint_report.page(url)],
    ]
    run.summary(f"### Endpoint `{name}`: {found.status}\n\n" + report.markdown(linked))
    run.outputs({**found.facts, "endpoint-url": url})


if __name__ == "__main__":
    github.run(main, __file__)
