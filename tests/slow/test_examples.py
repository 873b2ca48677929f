"""The demo of each example in a clone of the kit: from its sagemaker.yml to an answer."""

import os
import shutil
import subprocess

import pytest

from helpers.kit.paths import KIT

pytestmark = pytest.mark.slow

ANSWERS = {
    "DeployExistingModel": ["setosa", "versicolor", "virginica"],
    "PumpFaultClassification": ["no fault", "cylinder leak, blocked inlet"],
}


@pytest.fixture
def clone(tmp_path):
    """A clone of the kit, with this one's environments."""
    words = ("ls-files", "--cached", "--others", "--exclude-standard", "-z")
    listed = subprocess.run(["git", *words], cwd=KIT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (KIT / name).is_file():
            (tmp_path / "kit" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(KIT / name, tmp_path / "kit" / name)
    (tmp_path / ".venv").symlink_to(KIT / ".venv")
    yield tmp_path / "kit"
    demo(tmp_path / "kit", "--stop")


def demo(clone, *words):
    done = subprocess.run(
        ["scripts/run", "demo", *words],
        cwd=clone,
        env={**os.environ, "RUNNER_TEMP": str(clone.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ANSWERS)
def test_an_example_goes_from_its_files_to_an_answer_and_makes_nothing_twice(clone, name):
    command = f"scripts/run demo --config examples/{name}/sagemaker.yml"
    assert command in (clone / "examples/README.md").read_text()
    words = command.split()[2:]
    first, second = demo(clone, *words), demo(clone, *words)
    for text in (first, second):
        assert text.count("✔") == 5, text
        assert [answer for answer in ANSWERS[name] if answer not in text] == []
    assert "now serves" in first
    assert "already serves" in second
    for made in ("✔ built ", "✔ trained "):
        assert made not in second
    trains = name != "DeployExistingModel"
    assert ("✔ trained " in first) == trains
    assert ("nothing to train" in first) == (not trains)
    log = (clone.parent / ".demo/emulator.log").read_text()
    assert "denied" not in log, "what the roles may do"
