"""What the tests share: where the kit is."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says more of the machine than of the code.
settings.register_profile("kit", deadline=None)
# A change is judged by the examples that the change before it was judged by.
settings.register_profile("ci", settings.get_profile("kit"), derandomize=True)
settings.register_profile("deep", settings.get_profile("kit"), max_examples=3000)
settings.load_profile("ci" if "CI" in os.environ else "kit")

# What a runner tells of the run that tests the kit is not to reach a step under test.
for variable in [name for name in os.environ if name.startswith(("GITHUB_", "RUNNER_"))]:
    del os.environ[variable]

KIT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def kit() -> Path:
    return KIT
