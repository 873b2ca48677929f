"""The example's handler, as an endpoint serves it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from helpers.kit.inference_container import EXAMPLE, serving
from helpers.kit.trained_model import train_model
from server.worker import worker_command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from helpers.kit.inference_container import Answer, Server

FLOWERS = (EXAMPLE / "requests/three_flowers.csv").read_bytes()
EXPECTED = (EXAMPLE / "requests/expected.csv").read_bytes()


@pytest.fixture(scope="module")
def endpoint(example_image: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The example's endpoint, with two workers."""
    scratch = tmp_path_factory.mktemp("endpoint")
    train_model(scratch / "ml")
    with serving(
        example_image, scratch, "ClassificationTreeInferenceHandler", MATLAB_SAGEMAKER_WORKERS="2"
    ) as server:
        server.wait_for_workers(2)
        yield server


def test_the_compat_folder_takes_the_place_of_the_kits_own_functions(example_image: Path):
    statement = worker_command(example_image, replies=3)[-1]
    assert statement.index("/compat'") < statement.index("/matlab'")


def predict(endpoint: Server, body: bytes = FLOWERS, **headers: str) -> Answer:
    """Ask for a prediction as InvokeEndpoint does."""
    return endpoint.request("POST", "/invocations", body, **{"Content_Type": "text/csv", **headers})


def test_three_flowers_are_told_apart(endpoint: Server):
    answer = predict(endpoint)
    assert (answer.code, answer.body) == (200, EXPECTED)
    assert answer.headers["content-type"].startswith("text/csv")


def test_an_answer_in_json_is_given_to_who_accepts_it(endpoint: Server):
    answer = predict(endpoint, Accept="application/json")
    species = [record["species"] for record in json.loads(answer.body)]
    assert species == EXPECTED.decode().split()[1:]


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        (FLOWERS, {"Content_Type": "image/png"}, 415),
        (FLOWERS, {"Accept": "image/png"}, 406),
        (b"{", {"Content_Type": "application/json"}, 400),
        (b"a,b\n1\n", {}, 400),
    ],
)
def test_what_the_handler_refuses_reaches_the_caller_as_its_code(
    endpoint: Server, body: bytes, headers: dict[str, str], code: int
):
    assert predict(endpoint, body, **headers).code == code
    assert predict(endpoint).code == 200


def test_predictions_at_once_all_succeed(endpoint: Server):
    """tests/slow tests a thousand, and that memory does not grow."""
    workers = endpoint.wait_for_workers(2)
    with ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(lambda _: predict(endpoint).body, range(40)))
    assert set(answers) == {EXPECTED}
    assert [worker.pid for worker in endpoint.wait_for_workers(2)] == [w.pid for w in workers]
