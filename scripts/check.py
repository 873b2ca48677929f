"""Check sagemaker.yml, the code's form, data columns and syntax, offline and within a second."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from matlab_sagemaker import checks
from matlab_sagemaker.github import tables
from matlab_sagemaker.github.run import Run, run_verb
from matlab_sagemaker.project import content
from matlab_sagemaker.rehearsal import flaws, inspection


@dataclass(frozen=True, kw_only=True)
class Inputs(inspection.InspectionInputs):
    """The inputs of action/check."""


def main(run: Run) -> None:
    """Read, check, report; one error lists all problems."""
    inputs = run.inputs(Inputs)
    project, session = content.load(inputs.config), Path(inputs.session)
    if inputs.session and not session.is_dir():
        inspection.prepare(project, session)
        return
    for hidden in project.folders.hidden:
        run.warn(hidden)
    results = inspection.results(project, inputs)
    found = [result.check for result in results]
    run.log_foreign(checks.plain(found, run.columns))
    summary = "### Check\n\n" + tables.markdown(checks.rows(found))
    run.report(summary, checks.outputs(found), logged=True)
    flaws.require(results)


if __name__ == "__main__":
    run_verb(main, __file__)
