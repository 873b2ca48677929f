"""Fixtures of the action tests: one emulator for all, one project for each."""

import subprocess
import sys

import pytest

import harness
from conftest import KIT


@pytest.fixture(scope="session")
def emulator(tmp_path_factory):
    """The address of an emulator that runs as long as the tests."""
    work = tmp_path_factory.mktemp("emulator")
    command = [sys.executable, KIT / "scripts", "emulator", "--work", work, "--time-scale", "0.02"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        word, url = process.stdout.readline().split()
        assert word == "ready"
        harness.create_role(url)
        yield url
        process.terminate()
        assert process.wait(30) == 0


@pytest.fixture
def aws(emulator):
    """Return a function from a service's name to its client: the tests' own look at AWS."""
    return lambda service: harness.client(service, emulator)


@pytest.fixture
def project(emulator, tmp_path):
    """The example's repository."""
    return harness.example(tmp_path / "repository", emulator)
