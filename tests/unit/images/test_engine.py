"""The disk that a build needs: the engine's own, if it is visible from here."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from matlab_sagemaker.errors import DiskFullError
from matlab_sagemaker.images import docker_engine

CONTAINERD = [["driver-type", "io.containerd.snapshotter.v1"]]
OVERLAY = [["Backing Filesystem", "extfs"], ["Supports d_type", "true"]]


@dataclass
class Engine:
    """An engine as docker-py's client describes it."""

    told: dict
    base_url: str = "http+docker://localhost"
    api: SimpleNamespace = field(init=False)

    def __post_init__(self):
        self.api = SimpleNamespace(base_url=self.base_url)

    def info(self):
        return self.told


def test_the_disk_of_an_engine_here_is_the_one_with_its_root(tmp_path):
    told = {"DockerRootDir": str(tmp_path), "DriverStatus": OVERLAY}
    assert docker_engine.disk(Engine(told)) == tmp_path


@pytest.mark.parametrize("url", ["http://127.0.0.1:2375", "https://far:2376", "http+docker://ssh"])
def test_an_engine_that_is_asked_over_a_network_is_on_another_machine(tmp_path, url):
    """A folder here may have the same path as its root."""
    engine = Engine({"DockerRootDir": str(tmp_path)}, url)
    assert docker_engine.disk(engine) is None
    assert docker_engine.require_disk(engine, 10**18) == "on another machine"


def test_a_root_that_is_no_folder_here_is_on_another_machine(tmp_path):
    assert docker_engine.disk(Engine({"DockerRootDir": str(tmp_path / "elsewhere")})) is None


@pytest.mark.parametrize(
    ("told", "system"),
    [
        ({}, True),
        ({"Containerd": {"Address": "/run/containerd/containerd.sock"}}, True),
        ({"Containerd": {"Address": "/run/docker/containerd/containerd.sock"}}, False),
    ],
)
def test_with_containerds_store_the_images_lie_below_containerds_root(tmp_path, told, system):
    """A containerd that the engine has started has its root below the engine's."""
    engine = Engine({"DockerRootDir": str(tmp_path), "DriverStatus": CONTAINERD, **told})
    systems = docker_engine._SYSTEM_CONTAINERD_ROOT
    there = systems if systems.is_dir() else None
    assert docker_engine.disk(engine) == (there if system else tmp_path)


def test_a_disk_without_room_is_told_and_how_much_there_is(tmp_path):
    engine = Engine({"DockerRootDir": str(tmp_path), "DriverStatus": None})
    assert "free, about 1 B needed" in docker_engine.require_disk(engine, 1)
    with pytest.raises(DiskFullError, match="docker system prune"):
        docker_engine.require_disk(engine, 10**18)
