"""Start an emulated SageMaker for the next steps: no AWS account, no secrets, no MATLAB."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 (read at run time, for the inputs' types)

import bootstrap
from demo import account, emulation
from matlab_sagemaker.github.run import Run, run_verb
from matlab_sagemaker.project import content, emulated


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """The inputs of action/emulate."""

    config: Path


def main(run: Run) -> None:
    """Read, rewrite for the emulator, start it, hand it to the next steps, report."""
    inputs = run.inputs(Inputs)
    project = content.load(inputs.config)
    file = emulated.write(project)
    if not shutil.which("octave-cli"):
        bootstrap.install_system_packages(["octave"], "it runs the MATLAB code on this machine")
    url = emulation.start(with_docker=False)
    account.set_up(url)
    run.export(account.environment(url))
    run.log(f"The emulated SageMaker is ready at {url}; its files are in {emulation.FOLDER}.")
    outputs = {"config": str(file), "url": url, **emulated.outputs(project)}
    run.report(emulated.as_markdown(project), outputs)


if __name__ == "__main__":
    run_verb(main, __file__)
