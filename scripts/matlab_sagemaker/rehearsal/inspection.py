"""Runs everything that `check` looks at, in order."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import InputError
from matlab_sagemaker.project.content import GivenProject
from matlab_sagemaker.rehearsal import columns, form, parts, samples, syntax
from matlab_sagemaker.rehearsal.flaws import CheckResult, Flaw

if TYPE_CHECKING:
    from matlab_sagemaker.project.content import AnyProject, Project


@dataclass(frozen=True, kw_only=True)
class InspectionInputs:
    """The inputs of `check`."""

    config: Path
    request: str
    session: str


def prepare(project: Project, session: Path) -> None:
    """Make the folder that tells a running MATLAB session which files to parse."""
    session.mkdir()
    syntax.ask(project, session.resolve())


def results(project: AnyProject, inputs: InspectionInputs) -> list[CheckResult]:
    """Run all checks; if a MATLAB session is used, it has already parsed the files."""
    request = _request(project, inputs.request)
    settings, handler = project.settings, parts.handler_of(project)
    training, section = parts.training_of(project), settings.training
    parsed = _of_session(project, Path(inputs.session)) if inputs.session else syntax.check(project)
    return [
        CheckResult("sagemaker.yml", f"project {project.name}, engine {settings.matlab.engine}"),
        *([_of_model(project)] if isinstance(project, GivenProject) else []),
        *([form.of_function(training, section.hyperparameters)] if training and section else []),
        *([form.of_handler(handler)] if handler else []),
        columns.check(project, request),
        *([] if columns.decodes(project) else [samples.check(request, _expected(project, inputs))]),
        parsed,
    ]


def _of_model(project: GivenProject) -> CheckResult:
    """Check whether a handler can load the existing model; a model in S3 is not checked."""
    model = project.model
    if model.is_in_s3:
        return CheckResult("model", f"{model.source} is in S3", skipped=True)
    try:
        model.require_whole(with_mat=project.reads_model_mat)
    except InputError as error:
        text = f"{error.what} {error.why}".rstrip(".")
        flaw = Flaw(project.place("model"), text, error.do.rstrip("."))
        return CheckResult("model", model.source, (flaw,))
    return CheckResult("model", model.source)


def _expected(project: Project, inputs: InspectionInputs) -> Path | None:
    """Return the file of the expected answer; it belongs only to the request in sagemaker.yml."""
    section = project.settings.inference
    own = section.expected if section and not inputs.request else None
    return project.folders.root / own if own else None


def _of_session(project: Project, session: Path) -> CheckResult:
    parsed = syntax.read(project, session)
    shutil.rmtree(session)
    return parsed


def _request(project: Project, given: str) -> Path | None:
    """Return the request's file, if there is one; raise InputError if `given` does not exist."""
    if given and not Path(given).is_file():
        raise InputError(f"There is no request file {given}.", do="Correct the input 'request'.")
    section = project.settings.inference
    own = section.request if section else None
    return Path(given) if given else (project.folders.root / own if own else None)
