"""One emulator process for the session, and images whose programs the tests give as Python text."""

from __future__ import annotations

import pytest
from emulated import RUN, SERVE, TIME_SCALE, TRAIN, Aws, Emulator


@pytest.fixture(scope="session")
def emulator(tmp_path_factory):
    started = Emulator(tmp_path_factory.mktemp("emulator") / "work", "--time-scale", TIME_SCALE)
    yield started
    assert started.stop() == 0


@pytest.fixture(scope="session")
def aws(emulator):
    return Aws(emulator.url)


@pytest.fixture(scope="session")
def training_image(aws):
    return aws.push({"run": RUN, "main.py": TRAIN})


@pytest.fixture(scope="session")
def serving_image(aws):
    return aws.push({"run": RUN, "main.py": SERVE})
