"""A registry whose disk fills up during a push: Docker reports it in the middle of its stream."""

import os
import subprocess

import pytest

from images import docker_projects

VERB = "build-training-image"


@pytest.fixture
def disk(tmp_path):
    """A file system in memory that is too small for an image; `mount(...)` changes its size."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to mount a small disk")
    place = tmp_path / "disk"
    place.mkdir()

    def mount(*options):
        subprocess.run(["mount", *options, place], check=True)

    mount("-t", "tmpfs", "-o", "size=40m", "small")
    yield place, mount
    subprocess.run(["umount", "--lazy", place], check=True)


@pytest.fixture
def full(disk, docker):
    """An emulator whose registry stores on that disk."""
    started = docker_projects.GuardedEmulator(disk[0] / "work", docker)
    yield started
    started.stop()


@pytest.mark.slow
def test_a_registry_without_room_is_told_and_with_more_the_next_run_completes(
    full, disk, docker, base_image, tmp_path
):
    project = docker_projects.DockerProject(tmp_path / "repository", full, docker, base_image)
    result = project.run(VERB)
    assert result.code == 10, result.stdout
    assert "was not pushed completely" in result.annotations[0]
    assert "full disk" in result.annotations[0]
    assert result.outputs == {}
    disk[1]("-o", "remount,size=2g")
    assert project.succeed(VERB).outputs["changed"] == "true"
    project.close()
