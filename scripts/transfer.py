"""Upload a file or folder to the project's bucket, or download from it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from matlab_sagemaker.aws import signin
from matlab_sagemaker.github.run import Run, run_verb
from matlab_sagemaker.training import transfer


@dataclass(frozen=True, kw_only=True)
class Inputs(transfer.TransferInputs):
    """The inputs of transfer.yml."""


def main(run: Run) -> None:
    """Read, connect, upload or download, report."""
    inputs = run.inputs(Inputs)
    transfer.require(inputs)
    if inputs.direction == "upload":
        folder = transfer.read(Path(inputs.source), inputs.name)
        told = transfer.send(run, signin.open_named(run, inputs), inputs.name, folder)
    elif inputs.direction == "download":
        project = signin.open_named(run, inputs)
        told = transfer.fetch(run, project, inputs.source, Path(inputs.folder))
    else:
        told = transfer.where(signin.open_named(run, inputs))
    run.report(*told)


if __name__ == "__main__":
    run_verb(main, __file__)
