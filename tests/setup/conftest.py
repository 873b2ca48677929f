"""An account made by the template: an emulator of its own, the stack in it, and its outputs."""

import pytest

import harness
from account import PARAMETERS, Account
from conftest import KIT
from emulated_process import Emulator

TEMPLATE = KIT / "scripts/setup/aws.yml"


@pytest.fixture(scope="module")
def emulator(tmp_path_factory):
    started = Emulator(tmp_path_factory.mktemp("emulator") / "work", "--time-scale", "0.01")
    yield started.url
    assert started.stop() == 0


@pytest.fixture(scope="module")
def account(emulator):
    made = Account(emulator)
    made.create("kit", TEMPLATE.read_text(encoding="utf-8"), {**PARAMETERS, "StoreToken": "true"})
    return made


@pytest.fixture
def aws(emulator):
    return lambda service: harness.client(service, emulator)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """Give an account of its own, for tests that make or delete stacks."""
    started = Emulator(tmp_path_factory.mktemp("fresh") / "work")
    yield Account(started.url)
    assert started.stop() == 0
