"""The server's settings in the environment."""

from __future__ import annotations

import os

import pytest

from server.app import execution_parameters
from server.pool import LONGEST_DELAY_S, delay_s
from server.settings import read_settings
from variables import SettingsError


def test_without_any_variable_sagemakers_limits_hold():
    settings = read_settings({})
    assert (settings.port, settings.max_payload, settings.timeout_s) == (8080, 25 * 2**20, 60)
    assert settings.workers == len(os.sched_getaffinity(0))


def test_a_payload_of_0_mb_is_no_limit():
    assert read_settings({"SAGEMAKER_MAX_PAYLOAD_IN_MB": "0"}).max_payload is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SAGEMAKER_BIND_TO_PORT", "http"),
        ("SAGEMAKER_BIND_TO_PORT", "65536"),
        ("MATLAB_SAGEMAKER_WORKERS", "0"),
        ("MATLAB_SAGEMAKER_WORKERS", "-1"),
        ("MATLAB_SAGEMAKER_TIMEOUT", "0.5"),
        ("SAGEMAKER_MAX_PAYLOAD_IN_MB", "6MB"),
    ],
)
def test_a_value_out_of_range_is_named(name: str, value: str):
    with pytest.raises(SettingsError, match=f"{name} is '{value}'"):
        read_settings({name: value})


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"MATLAB_SAGEMAKER_WORKERS": "2"}, {"MaxConcurrentTransforms": 2, "MaxPayloadInMB": 25}),
        ({"MATLAB_SAGEMAKER_WORKERS": "8"}, {"MaxConcurrentTransforms": 8, "MaxPayloadInMB": 12}),
        ({"MATLAB_SAGEMAKER_WORKERS": "200"}, {"MaxPayloadInMB": 1}),
        ({"SAGEMAKER_MAX_PAYLOAD_IN_MB": "6"}, {"MaxPayloadInMB": 6}),
        ({"SAGEMAKER_BATCH_STRATEGY": "SINGLE_RECORD"}, {"BatchStrategy": "SINGLE_RECORD"}),
    ],
)
def test_execution_parameters_keep_to_100_mb_in_flight(environ, expected):
    found = execution_parameters(read_settings(environ))
    assert expected.items() <= found.items()


def test_the_delay_after_setbacks_grows_to_a_limit():
    delays = [delay_s(setbacks) for setbacks in range(12)]
    assert delays[:3] == [0, 0.25, 0.5]
    assert delays == sorted(delays)
    assert delays[-1] == LONGEST_DELAY_S
