"""An example's script and its sagemaker.yml train the same, so pull requests find its job."""

from pathlib import Path

import pytest

from matlab.test_matlab import ROOT, octave
from matlab_sagemaker.project import content
from matlab_sagemaker.training import job

pytestmark = pytest.mark.slow

# Instead of the kit's runKit: keeps the project that would be trained, and ends the script.
RUNNER = """function [code, text] = runKit(verb, options, folder)
    code = 0;
    text = '{{}}';
    if strcmp(verb, 'train')
        sagemaker.internal.copyWhole(fullfile(folder, '.'), '{kept}');
        error('test:kept', 'kept');
    end
end
"""


def key(config: Path) -> str:
    """Return the key of the training job of a sagemaker.yml."""
    return job.describe(content.load(config), "bucket", "role", {}).key


@pytest.mark.parametrize("name", ["PumpFaultClassification", "TrainAndDeployClassificationTree"])
def test_an_examples_script_trains_what_its_repository_trains(tmp_path: Path, name: str) -> None:
    example, kept = ROOT / "examples" / name, tmp_path / "kept"
    place = tmp_path / "+sagemaker/+internal"
    place.mkdir(parents=True)
    (place / "runKit.m").write_text(RUNNER.format(kept=kept))
    octave(f"addpath('{tmp_path}'); run('{example}/run{name}.m')")
    assert key(kept / "sagemaker.yml") == key(example / "sagemaker.yml")
