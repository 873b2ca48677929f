"""Try training and handler on this machine in seconds, without AWS, image or emulator."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from matlab_sagemaker.github.run import Run, run_verb
from matlab_sagemaker.rehearsal import report, trial


@dataclass(frozen=True, kw_only=True)
class Inputs(trial.RehearsalInputs):
    """The inputs of action/rehearse."""


def main(run: Run) -> None:
    """Read, run the engine, report; an error names the line that caused it."""
    inputs = run.inputs(Inputs)
    with report.unjudged(run, inputs.unjudged):
        rehearsal, session = trial.read(inputs), Path(inputs.session)
        for hidden in rehearsal.project.folders.hidden:
            run.warn(hidden)
        if inputs.shell:
            trial.open_shell(run, rehearsal, inputs.in_image)
        elif not inputs.session:
            report.tell(run, trial.run(run, rehearsal, inputs.in_image))
        elif session.is_dir():
            report.tell(run, trial.of_session(rehearsal, session))
        else:
            trial.prepare(rehearsal, session)


if __name__ == "__main__":
    run_verb(main, __file__)
