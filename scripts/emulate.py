"""Start an emulated SageMaker for the steps after this one: no account, no secrets, no MATLAB."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 (read at run time, for the inputs' types)

import bootstrap
from demo import account, emulation
from matlab_sagemaker import config, github, rehearsal, yamlfile


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """The inputs of action/emulate."""

    config: Path


def main(run: github.Run) -> None:
    """Read, rewrite for the emulator, start it, hand it to the next steps, report."""
    inputs = run.inputs(Inputs)
    loaded = config.load(inputs.config)
    document = yamlfile.parse(inputs.config.read_text(encoding="utf-8"), loaded.file)
    file = loaded.root / rehearsal.FILE
    file.write_text(json.dumps(rehearsal.rehearsed(document.value), indent=2), encoding="utf-8")
    if not shutil.which("octave-cli"):
        bootstrap.install_system_packages(["octave"], "it runs the MATLAB code here")
    url = emulation.start(with_docker=False)
    account.set_up(url)
    run.export(account.environment(url))
    run.log(f"An emulated SageMaker answers at {url}; its files are in {emulation.FOLDER}.")
    trains = not rehearsal.unreachable(loaded.project)
    run.summary(rehearsal.as_markdown(loaded.project))
    serves = trains and loaded.project.inference is not None
    run.outputs({"config": str(file), "url": url, "trains": trains, "serves": serves})


if __name__ == "__main__":
    github.run(main, __file__)
