"""Try training and handler on this machine in seconds, without AWS, image or emulator."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from matlab_sagemaker.github.run import Run, run_verb
from matlab_sagemaker.rehearsal import local_run, report
from matlab_sagemaker.training import gate


@dataclass(frozen=True, kw_only=True)
class Inputs(local_run.RehearsalInputs):
    """The inputs of action/rehearse."""


def main(run: Run) -> None:
    """Read, run the engine, report; an error names the line that caused it."""
    inputs = run.inputs(Inputs)
    with report.unjudged(run, inputs.unjudged):
        rehearsal, session = local_run.read(inputs), Path(inputs.session)
        if inputs.session and not session.is_dir():
            local_run.prepare(rehearsal, session)
            return
        for hidden in rehearsal.project.folders.hidden:
            run.warn(hidden)
        if inputs.shell:
            local_run.open_shell(run, rehearsal, inputs.in_image)
            return
        if inputs.session:
            result = local_run.of_session(rehearsal, session)
        else:
            result = local_run.run(run, rehearsal, inputs.in_image)
        run.warn(gate.warning(rehearsal.project, result.metrics))
        report.tell(run, result)


if __name__ == "__main__":
    run_verb(main, __file__)
