"""Fixtures of the action tests: one emulator for all, one project for each."""

import pytest

import harness
from emulated_process import Emulator


@pytest.fixture(scope="session")
def emulator(tmp_path_factory):
    """The address of an emulator that runs as long as the tests."""
    started = Emulator(tmp_path_factory.mktemp("emulator") / "work", "--time-scale", "0.01")
    harness.create_role(started.url)
    yield started.url
    assert started.stop() == 0


@pytest.fixture
def aws(emulator):
    """Return a function from a service's name to its client: the tests' own look at AWS."""
    return lambda service: harness.client(service, emulator)


@pytest.fixture
def project(emulator, tmp_path):
    """The example's repository."""
    return harness.example(tmp_path / "repository", emulator)
