"""What a container's error means for the user: whose fault, and where."""

import json
from pathlib import Path

import pytest

from matlab_sagemaker.errors import Place
from matlab_sagemaker.hosting import handler_errors
from matlab_sagemaker.hosting.prediction import model_error

CODE = {name: Path("inference") / name for name in ("sub/Flowers.m", "A.m", "B.m")}


def told(**fields) -> str:
    return json.dumps({"error": "x:y", "message": "Why.", **fields})


def test_an_error_in_the_handler_has_its_place_in_the_users_repository():
    said = told(where="predict (sub/Flowers.m, line 12)")
    error = model_error("iris", "500", said, CODE)
    assert error.place == Place("inference/sub/Flowers.m", 12)
    assert error.why == "x:y in predict (sub/Flowers.m, line 12). Why."
    assert "Correct the handler at inference/sub/Flowers.m:12, or" in error.do


@pytest.mark.parametrize("status", ["400", "406", "415"])
def test_a_request_that_was_refused_is_to_be_corrected(status: str):
    error = model_error("iris", status, told(), CODE)
    assert error.place is None
    assert error.why == "Why. (x:y)"
    assert error.do == "Correct the request, or change the handler so that it accepts it."


@pytest.mark.parametrize(
    "said", ["", "a worker died", "[]", "3", told(), told(where="somewhere"), told(where=3)]
)
def test_an_error_without_a_place_is_left_to_the_log(said: str):
    error = model_error("iris", "500", said, CODE)
    assert (error.place, error.why) == (None, "Why. (x:y)" if "Why." in said else said)
    assert error.do.startswith("The log says why")
    assert "request" not in error.do


def test_without_a_handler_of_ones_own_there_is_no_place():
    said = told(where="predict (Flowers.m, line 12)")
    assert model_error("iris", "500", said, {}).place is None


def test_a_log_tells_the_place_last_of_a_ping_that_failed():
    lines = [
        "Worker 1: its handler answered a ping with 500: b'" + told(where="f (A.m, line 1)") + "'",
        f"The microservice answers GET /ping with 500: {told(where='g (B.m, line 22)')}",
        "[Failed]",
    ]
    lines = [line.replace('": "', '":"') for line in lines]  # as jsonencode writes it
    assert handler_errors.place_in_log(lines, CODE) == Place("inference/B.m", 22)
    assert handler_errors.place_in_log(lines[2:], CODE) is None
    assert handler_errors.place_in_log(lines, {}) is None
