"""Which registries get AWS's login, and which never do."""

import pytest

from matlab_sagemaker.errors import InputError
from matlab_sagemaker.images import fetch
from matlab_sagemaker.project import given_model


def connect():
    raise InputError("No AWS Region is set.")


@pytest.mark.parametrize("name", ["server", "library/server", "mathworks/matlab-deps"])
def test_an_image_of_docker_hub_is_no_reason_to_ask_aws(name):
    assert fetch.login_of(connect)(name) is None


def test_of_a_registry_that_may_be_ecr_aws_is_asked():
    with pytest.raises(InputError):
        fetch.login_of(connect)("123456789012.dkr.ecr.eu-west-1.amazonaws.com/server")


def test_a_model_of_the_repository_is_packed_for_as_long_as_it_is_needed(tmp_path):
    (tmp_path / "model.mat").write_bytes(b"a model")
    given = given_model.of_path("model.mat", tmp_path, {})
    with fetch.local(given, connect) as file, fetch.unpacked(file) as folder:
        assert (folder / "model.mat").read_bytes() == b"a model"
    assert not file.exists()


def test_an_archive_of_the_repository_is_taken_as_it_is(tmp_path):
    (tmp_path / "model.tar.gz").write_bytes(b"packed")
    given = given_model.of_path("model.tar.gz", tmp_path, {})
    with fetch.local(given, connect) as file:
        assert file == tmp_path / "model.tar.gz"
    assert file.exists()
