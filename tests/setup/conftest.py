"""Separate accounts on the session's emulator, and what the template creates in them."""

import pytest

from helpers.aws import template_account
from helpers.emulator.process import Emulator
from helpers.kit import verb_runs


@pytest.fixture(scope="session")
def enforcing(issuer, tmp_path_factory):
    """An emulator that enforces IAM; `errors` lists what it has denied."""
    folder = tmp_path_factory.mktemp("enforcing") / "work"
    options = ("--enforce-iam", "--time-scale", "0.01", "--issuer", issuer.url)
    started = Emulator(folder, *options)
    verb_runs.set_up(started.url)
    yield started
    assert started.stop() == 0


@pytest.fixture(scope="session")
def emulator(enforcing):
    return enforcing.url


@pytest.fixture(scope="session")
def account(emulator):
    """An account with the template's stack, for tests that only read."""
    return template_account.made(emulator)


@pytest.fixture
def fresh(emulator):
    """An account for tests that create or delete stacks."""
    return template_account.Account(emulator, str(next(template_account.NUMBERS)))
