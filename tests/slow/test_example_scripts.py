"""The scripts of the examples and of From MATLAB, each from top to bottom, on the emulator."""

import os
import shutil
import subprocess

import pytest

from helpers.emulator.process import Emulator
from helpers.kit import pages, verb_runs
from helpers.kit.paths import KIT

pytestmark = pytest.mark.slow

FOLDERS = ("docker/octave/compat", "matlab")
LIMIT_S = 300
SAID = {
    "DeployExistingModel": ["setosa"],
    "PumpFaultClassification": ["cylinder leak, blocked inlet", "no fault"],
    "TrainAndDeployClassificationTree": [": Completed", "setosa"],
}


@pytest.fixture(scope="module")
def emulator(tmp_path_factory):
    started = Emulator(tmp_path_factory.mktemp("emulator") / "work", "--time-scale", "0.01")
    verb_runs.set_up(started.url)
    yield started
    assert started.stop() == 0


def run(script, folder, url):
    """Run a script in a folder of its own, as a user does who has only set the path."""
    places = ", ".join(f"'{KIT / place}'" for place in FOLDERS)
    code = f"warning('off', 'Octave:shadowed-function'); addpath({places}); run('{script}')"
    passed = {name: os.environ[name] for name in verb_runs.PASSED_ON if name in os.environ}
    return subprocess.run(
        ["octave-cli", "--norc", "--no-history", "--quiet", "--no-window-system", "--eval", code],
        cwd=folder,
        env={
            **passed,
            **verb_runs.CREDENTIALS,
            "PATH": os.environ["PATH"],
            "HOME": os.environ["HOME"],
            "TMPDIR": str(folder),
            "AWS_ENDPOINT_URL": url,
            "INPUT_BUILDER": "folder",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_S,
    )


@pytest.mark.parametrize("name", SAID)
def test_a_script_answers_leaves_no_endpoint_and_trains_once(name, emulator, tmp_path):
    sagemaker = verb_runs.client("sagemaker", emulator.url)
    jobs = len(sagemaker.list_training_jobs()["TrainingJobSummaries"])
    for _ in range(2):
        done = run(KIT / f"examples/{name}/run{name}.m", tmp_path, emulator.url)
        assert done.returncode == 0, done.stdout + done.stderr
        assert [said for said in SAID[name] if said not in done.stdout] == [], done.stdout
        assert sagemaker.list_endpoints()["Endpoints"] == []
        assert sagemaker.list_models()["Models"] == []
    made = len(sagemaker.list_training_jobs()["TrainingJobSummaries"]) - jobs
    assert made == (0 if name == "DeployExistingModel" else 1)
    assert list(tmp_path.iterdir()) == [], "no temporary file is left"


def test_the_script_of_the_page_runs_as_it_is_printed(emulator, tmp_path):
    function, script, *_ = (text for _, text in pages.blocks("matlab", "from-matlab.md"))
    place = tmp_path / "work"
    place.mkdir()
    (place / "trainFlowers.m").write_text(function)
    (place / "page.m").write_text(f"{script}disp(answer)\n")
    shutil.copy(KIT / "examples/TrainAndDeployClassificationTree/data/training/iris.csv", place)
    (place / "matlab-sagemaker").symlink_to(KIT)
    done = run(place / "page.m", place, emulator.url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("setosa") >= 3
    sagemaker = verb_runs.client("sagemaker", emulator.url)
    assert sagemaker.list_endpoints()["Endpoints"] == []
    made = verb_runs.Project(tmp_path / "flowers-repository", emulator.url)
    assert made.succeed("train", "--find-only").outputs["found"] == "true"
