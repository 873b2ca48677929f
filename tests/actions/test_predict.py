"""Predicting: the answer, or what went wrong, in words."""

import json

import pytest

import harness
from ways import DENIED, Recorder, Refuser, way

VERBS = ("build-training-image", "train", "compile-handler", "deploy")


@pytest.fixture(scope="module")
def deployed(emulator, tmp_path_factory):
    """One deployed example for all the tests here."""
    project = harness.example(tmp_path_factory.mktemp("deployed") / "repository", emulator)
    for verb in VERBS:
        project.succeed(verb)
    return project


def test_three_flowers_are_told_apart(deployed):
    result = deployed.succeed("predict", "--request", "requests/three_flowers.csv")
    expected = (deployed.root / "requests/expected.csv").read_text()
    assert result.outputs["prediction"].split() == expected.split()
    assert expected.split() == ["species", "setosa", "versicolor", "virginica"]
    assert "| 5.1 | 3.5 | 1.4 | 0.2 | → | setosa |" in result.summary


def test_json_is_answered_with_json(deployed):
    deployed.write(
        "one.json",
        '[{"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2}]',
    )
    result = deployed.succeed("predict", "--request", "one.json")
    assert result.outputs["prediction"] == '[{"species":"setosa"}]'


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("bad.csv", "sepal_length,sepal_width\n1\n", "400"),
        ("bad.json", "{", "400"),
        ("few.csv", "a,b\n1,2\n", "500"),
    ],
)
def test_a_request_that_the_model_refuses_is_an_error_with_its_words(deployed, name, body, code):
    deployed.write(name, body)
    result = deployed.run("predict", "--request", name)
    assert result.code == 1
    assert f"answered {code}" in result.annotations[0]
    assert f"/aws/sagemaker/Endpoints/{deployed.name}" in result.annotations[0]


def test_a_type_that_the_handler_does_not_know_is_refused(deployed):
    result = deployed.run(
        "predict", "--request", "requests/three_flowers.csv", "--content-type", "image/png"
    )
    assert "answered 415" in result.annotations[0]


def test_an_answer_of_a_type_that_the_handler_does_not_make_is_refused(deployed):
    result = deployed.run(
        "predict", "--request", "requests/three_flowers.csv", "--accept", "image/png"
    )
    assert "answered 406" in result.annotations[0]


def test_a_model_that_misses_something_is_not_taken_for_a_missing_endpoint(deployed):
    said = {"__type": "ModelError", "Message": "a table was not found", "OriginalStatusCode": 500}
    with way(deployed.url, Refuser("/invocations", 424, json.dumps(said))) as url:
        result = deployed.run("predict", *FLOWERS, AWS_ENDPOINT_URL=url)
    assert result.code == 1
    assert f"The model behind {deployed.name} answered 500" in result.annotations[0]


def test_a_log_that_cannot_be_read_does_not_hide_what_the_model_said(deployed):
    deployed.write("few.csv", "a,b\n1,2\n")
    with way(deployed.url, Refuser("Logs_", 400, DENIED)) as url:
        result = deployed.run("predict", "--request", "few.csv", AWS_ENDPOINT_URL=url)
    assert result.code == 1
    assert "answered 500" in result.annotations[0]
    assert result.stdout.count("warning: the log cannot be shown.") == 1


def test_an_endpoint_that_is_not_there_is_named(project):
    result = project.run("predict", "--request", "requests/three_flowers.csv")
    assert result.code == 3
    assert f"There is no endpoint {project.name}" in result.annotations[0]
    assert "Run deploy first" in result.annotations[0]


def test_an_error_in_the_handler_is_shown_with_the_end_of_its_log(deployed):
    deployed.write("few.csv", "a,b\n1,2\n")
    result = deployed.run("predict", "--request", "few.csv")
    assert "There is no table variable" in result.stdout


def test_an_answer_is_kept_as_it_came(deployed):
    request = ("--request", "requests/three_flowers.csv")
    deployed.succeed("predict", *request, "--answer", "answer.csv")
    answer = (deployed.root / "answer.csv").read_text()
    assert answer.split() == ["species", "setosa", "versicolor", "virginica"]
    result = deployed.run("predict", *request, "--answer", "nowhere/answer.csv")
    assert result.code == 2


FLOWERS = ("--request", "requests/three_flowers.csv")


def test_the_answer_that_is_expected_is_said_to_be_it(deployed):
    result = deployed.succeed("predict", *FLOWERS, "--expected", "requests/expected.csv")
    assert "That is what requests/expected.csv expects." in result.stdout


def test_another_answer_is_an_error_that_shows_the_row_and_keeps_the_answer(deployed):
    deployed.write("other.csv", "species\nsetosa\nsetosa\nvirginica\n")
    words = ("--expected", "other.csv", "--answer", "kept.csv")
    result = deployed.run("predict", *FLOWERS, *words)
    assert result.code == 1
    assert "row 3 is the first that differs" in result.annotations[0]
    assert "expected: setosa%0Aanswered: versicolor" in result.annotations[0]
    assert f"Endpoint {deployed.name} serves this model now" in result.annotations[0]
    assert "rollback brings back what it served before" in result.summary
    assert "versicolor" in result.outputs["prediction"]
    assert "versicolor" in (deployed.root / "kept.csv").read_text()


def test_an_answer_of_another_type_than_expected_is_an_error(deployed):
    deployed.write("expected.json", '[{"species": "setosa"}]')
    result = deployed.run("predict", *FLOWERS, "--expected", "expected.json")
    assert result.code == 1
    assert "the answer is not application/json" in result.annotations[0]
    assert "serves this model now" in result.annotations[0]
    words = ("--accept", "application/json", "--expected", "expected.json")
    assert "row 2" in deployed.run("predict", *FLOWERS, *words).annotations[0]


@pytest.mark.parametrize(("file", "text"), [("no.csv", None), ("bad.json", "{")])
def test_an_expected_answer_that_cannot_be_read_is_an_input_error_before_all_else(
    deployed, file, text
):
    if text:
        deployed.write(file, text)
    recorder = Recorder()
    with way(deployed.url, recorder) as url:
        result = deployed.run("predict", *FLOWERS, "--expected", file, AWS_ENDPOINT_URL=url)
    assert result.code == 2
    assert f"The expected answer {file}" in result.annotations[0]
    assert recorder.exchanges == []


def test_a_request_that_is_not_named_is_asked_for(project):
    result = project.run("predict")
    assert result.code == 2
    assert "--request" in result.annotations[0]


def test_an_expected_file_that_is_hostile_commands_nobody(deployed):
    deployed.write("hostile.csv", 'species\n"```\n::error::forged\n::add-mask::setosa"\n')
    result = deployed.run("predict", *FLOWERS, "--expected", "hostile.csv")
    assert result.code == 1
    (annotation,) = result.annotations
    assert "row 2 is the first that differs" in annotation
    obeyed = [line for line in result.stdout.splitlines() if line.startswith("::")]
    assert not [line for line in obeyed if line.startswith(("::error::forged", "::add-mask"))]
    assert "````text\n" in result.summary, "a fence that the file cannot end"
