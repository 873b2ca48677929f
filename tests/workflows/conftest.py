"""A GitHub for every test, and one AWS for all of them."""

import os

import pytest

import acting
import tools
from harness import EXAMPLE, PASSED_ON


def pytest_collection_modifyitems(items):
    """Say of every test why it cannot run, where act cannot be had."""
    try:
        tools.tool("act")
    except tools.NoToolError as error:
        for item in items:
            item.add_marker(pytest.mark.skip(reason=str(error)))


@pytest.fixture
def github(tmp_path):
    """A GitHub whose runners reach nothing of AWS."""
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    made = acting.GitHub(tmp_path, EXAMPLE, passed)
    yield made
    made.close()
