"""The registry behind ECR's API, with its bytes in a folder."""

import pytest

pytest.register_assert_rewrite("registry_contract")

from helpers.emulator.registry_contract import *  # noqa: E402, F403 - every test of the contract
