"""What the tests share: where the kit is."""

from pathlib import Path

import pytest

KIT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def kit() -> Path:
    return KIT
