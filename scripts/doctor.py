"""Say what is fine and what is not, with the fix of each; it changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from matlab_sagemaker import diagnosis, examination, github, report


@dataclass(frozen=True, kw_only=True)
class Inputs(examination.Inputs):
    """The inputs of action/doctor."""


def main(run: github.Run) -> None:
    """Read, look at everything, report; what is wrong is one error with all of it."""
    findings = examination.examine(run, run.inputs(Inputs))
    with run.foreign_text() as log:
        for line in diagnosis.plain(findings).splitlines():
            log(line)
    run.summary("### Doctor\n\n" + report.markdown(diagnosis.rows(findings)))
    run.outputs(diagnosis.outputs(findings))
    diagnosis.require(findings)


if __name__ == "__main__":
    github.run(main, __file__)
