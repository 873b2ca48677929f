"""The demo of a project that init has written with its defaults, such as the engine matlab."""

import os
import subprocess

import pytest

from helpers.kit import init_runs
from helpers.kit.paths import KIT

pytestmark = pytest.mark.slow

RUN = KIT / "scripts/run"


@pytest.fixture
def around(tmp_path):
    """The variables of a demo with its own emulator and files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    (folder / ".venv").symlink_to(KIT / ".venv")
    around = {**os.environ, "RUNNER_TEMP": str(folder)}
    yield around
    subprocess.run([RUN, "demo", "--stop"], env=around, check=True)


def test_the_demo_shows_what_init_writes_with_octave_in_place_of_matlab(tmp_path, around):
    project = init_runs.bare(tmp_path / "My Flowers", "")
    project.succeed("init", "--kit", "your-org/matlab-sagemaker")
    before = init_runs.present(project.root)
    shown = subprocess.run(
        [RUN, "demo", "--config", "sagemaker.yml"],
        cwd=project.root, env=around, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert shown.stdout.count("but the demo runs it with GNU Octave") == 1
    assert "[5/5] predict" in shown.stdout
    assert "→  virginica" in shown.stdout
    assert "--data-binary @requests/three_flowers.csv" in shown.stdout
    assert init_runs.present(project.root) == before, "it leaves nothing in the repository"
