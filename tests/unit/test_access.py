"""Whose registry is asked for with AWS's login, and whose never."""

import pytest

from matlab_sagemaker.aws import access
from matlab_sagemaker.errors import InputError


def connect():
    raise InputError("No AWS Region is set.")


@pytest.mark.parametrize("name", ["server", "library/server", "mathworks/matlab-deps"])
def test_an_image_of_docker_hub_is_no_reason_to_ask_aws(name):
    assert access.login_of(connect)(name) is None


def test_of_a_registry_that_may_be_ecr_aws_is_asked():
    with pytest.raises(InputError):
        access.login_of(connect)("123456789012.dkr.ecr.eu-west-1.amazonaws.com/server")
