"""Check project, AWS account and machine, and show how to fix each problem; changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from matlab_sagemaker import checks
from matlab_sagemaker.doctor import checkup, findings
from matlab_sagemaker.github import tables
from matlab_sagemaker.github.run import Run, run_verb


@dataclass(frozen=True, kw_only=True)
class Inputs(checkup.DoctorInputs):
    """The inputs of action/doctor."""


def main(run: Run) -> None:
    """Read, check everything, report; one error lists all problems."""
    found = checkup.examine(run, run.inputs(Inputs))
    run.log_foreign(checks.plain(found))
    summary = "### Doctor\n\n" + tables.markdown(checks.rows(found))
    run.report(summary, checks.outputs(found))
    findings.require(found)


if __name__ == "__main__":
    run_verb(main, __file__)
