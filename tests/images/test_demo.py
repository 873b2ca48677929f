"""The demo on a machine with Docker builds, pushes and runs real images by itself."""

import re
import shutil
import subprocess

import pytest

from helpers.kit.paths import KIT

BASE = "debian:at-hand"
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".demo", "__pycache__", ".*_cache", ".hypothesis"
)


@pytest.fixture
def clone(docker, base_image, tmp_path):
    """A copy of the kit, with this one's environments, and a Debian image in the engine."""
    place = tmp_path / "kit"
    shutil.copytree(KIT, place, ignore=LEFT_OUT)
    dockerfile = place / "docker/octave/Dockerfile"
    named = re.compile(r"(?m)^FROM debian:\S+@sha256:\S+")
    text, count = named.subn(f"FROM {BASE}", dockerfile.read_text())
    assert count == 1
    dockerfile.write_text(text)
    docker.docker("tag", base_image, BASE)
    yield place
    demo(place, docker, "--stop")
    docker.docker("rmi", "--no-prune", BASE, check=False)


def demo(place, docker, *words):
    done = subprocess.run(
        [place / "scripts/run", "demo", *words],
        env={**docker.variables, "RUNNER_TEMP": str(KIT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_uses_containers_and_makes_nothing_twice(docker, clone):
    first = demo(clone, docker)
    assert "with Docker images and containers" in first
    assert docker.docker("ps", "--quiet").strip(), "the endpoint is a container"
    second = demo(clone, docker)
    for text in (first, second):
        assert [word for word in ("setosa", "versicolor", "virginica") if word not in text] == []
    assert "✔ built" in first
    assert "✔ built" not in second
    assert "✔ trained" not in second
    assert "denied" not in (KIT / ".demo/emulator.log").read_text(), "the roles' containers may"
