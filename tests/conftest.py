"""What the tests share: where the kit is, and fixtures."""

import os
import signal

import pytest
from hypothesis import settings

from helpers.kit.paths import KIT

# How long an example takes depends more on the machine than on the code.
settings.register_profile("kit", deadline=None, max_examples=50)
# The same examples for every change.
settings.register_profile("ci", settings.get_profile("kit"), derandomize=True)
settings.register_profile("deep", settings.get_profile("kit"), max_examples=3000)
settings.load_profile("ci" if "CI" in os.environ else "kit")

# A step under test must not see the variables of the run that tests the kit.
for variable in [name for name in os.environ if name.startswith(("GITHUB_", "RUNNER_"))]:
    del os.environ[variable]

# A run in the background ignores Ctrl-C, one under nohup SIGHUP; the processes that the tests start
# and interrupt must not inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

# In its own module, because it imports modules that import this one.
pytest_plugins = ["helpers.kit.fixtures"]

# Ordered by the CPU time that they took when this was written; files of one folder are next to each
# other, to share what is made once for a session.
LONGEST = (
    "tests/verbs/test_rollback.py",
    "tests/verbs/test_cancelled_training.py",
    "tests/verbs/test_train_waits.py",
    "tests/security",
    "tests/verbs/test_deploy",
    "tests/setup/test_permissions.py",
    "tests/verbs/test_train.py",
    "tests/unit/training_image/test_seal.py",
    "tests/verbs/test_uploads.py",
    "tests/verbs/test_delete.py",
    "tests/verbs/test_doctor.py",
    "tests/verbs/test_run.py",
    "tests/verbs/test_status.py",
    "tests/verbs/test_emulate.py",
    "tests/slow",
    "tests/matlab/test_matlab.py",
    "tests/emulator/test_enforced.py",
    "tests/emulator/test_surroundings.py",
    "tests/unit/training_image/test_licence.py",
    "tests/setup",
    "tests/verbs",
    "tests/emulator",
    "tests/octave",
    "tests/unit/training_image",
)


def pytest_collection_modifyitems(items):
    """Begin with the files that take longest, so that the workers end together."""

    def place(item):
        return next((n for n, start in enumerate(LONGEST) if item.nodeid.startswith(start)), 99)

    items.sort(key=place)


@pytest.fixture(scope="session")
def kit():
    return KIT
