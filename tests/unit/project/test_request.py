"""A request file: its types by its name, its size against the service's limit."""

import pytest

from matlab_sagemaker.errors import InputError
from matlab_sagemaker.project import request as project_request


def read(tmp_path, name="a.csv", data=b"a\n1\n", sent="", accept=""):
    (tmp_path / name).write_bytes(data)
    return project_request.read(tmp_path / name, sent, accept)


@pytest.mark.parametrize(("name", "kind"), [("a.csv", "text/csv"), ("a.JSON", "application/json")])
def test_the_name_tells_the_type_of_request_and_answer(tmp_path, name, kind):
    request = read(tmp_path, name)
    assert (request.content_type, request.accept) == (kind, kind)


def test_types_that_are_given_count(tmp_path):
    request = read(tmp_path, "a.bin", sent="text/csv", accept="application/json")
    assert (request.content_type, request.accept) == ("text/csv", "application/json")


def test_an_unknown_name_asks_for_the_type(tmp_path):
    with pytest.raises(InputError, match="--content-type"):
        read(tmp_path, "a.bin")


@pytest.mark.parametrize("size", [0, project_request.LIMIT + 1])
def test_what_sagemaker_would_refuse_is_not_sent(tmp_path, size):
    with pytest.raises(InputError, match=str(size)):
        read(tmp_path, data=bytes(size))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"no\.csv"):
        project_request.read(tmp_path / "no.csv", "", "")
