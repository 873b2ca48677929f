"""Fixtures of the container tests: an engine, a base image, and an emulator that uses both."""

from pathlib import Path

import pytest

from images import debian, docker_projects
from images import engine as engines

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def docker():
    """An engine: `docker(...)` runs the command, `build(...)` builds, `environment` finds it."""
    try:
        with engines.engine() as found:
            yield found
    except engines.NoEngineError as error:
        engines.missing("Docker", error)


@pytest.fixture(scope="session")
def base_image(docker):
    """The tag of a Debian with Octave and Python, in the engine."""
    try:
        return debian.base_image(docker)
    except engines.NoEngineError as error:
        engines.missing("a base image", error)


@pytest.fixture(scope="session")
def matlab_base_image(docker, base_image):
    """The tag of the stand-in for mathworks/matlab-deps; its MATLAB is Octave."""
    standin = HERE / "standin"
    return docker.build(
        standin,
        "--file",
        standin / "Dockerfile.matlab_base",
        "--build-arg",
        f"BASE_IMAGE={base_image}",
        tag="matlab-sagemaker-test/matlab-base",
    )


@pytest.fixture(scope="session")
def emulator(docker, tmp_path_factory):
    """An emulator that runs containers, and enforces the template's policies."""
    work = tmp_path_factory.mktemp("emulator") / "work"
    started = docker_projects.GuardedEmulator(work, docker, "--time-scale", "0.05")
    yield started
    assert started.stop() == 0, started.errors
    assert started.denied == []


@pytest.fixture
def project(tmp_path, emulator, docker, base_image):
    """The example's repository, with images of its own that Docker builds."""
    made = docker_projects.DockerProject(tmp_path / "repository", emulator, docker, base_image)
    yield made
    made.close()


@pytest.fixture
def matlab(project, matlab_base_image):
    """A project for MATLAB, on the stand-in for MathWorks' base image."""
    project.docker.docker("tag", matlab_base_image, project.base)
    project.edit("sagemaker.yml", "engine: octave", "engine: matlab")
    return project
