"""Predicting: the answer, or a message that says what went wrong."""

import json
import re
import subprocess
import sys

import pytest

from helpers.aws.fault_proxy import DENIED, Recorder, Refuser, proxy
from helpers.kit.paths import KIT
from helpers.kit.verb_runs import CREDENTIALS, HANDLER

ERROR = "error('flowers:unknown', 'There is no flower like that.');"


@pytest.fixture(scope="module")
def deployed(trained_once):
    """A deployed example for all tests here; its handler fails for a flower without sepals."""
    original = (trained_once.root / HANDLER).read_text()
    asks = "species = predict(model, inputData);"
    fails = f"if inputData.sepal_length(1) == 0\n                {ERROR}\n            end\n"
    trained_once.edit(HANDLER, asks, f"{fails}            {asks}")
    trained_once.succeed("compile-handler")
    trained_once.succeed("deploy")
    trained_once.write(NO_FLOWER, "sepal_length,sepal_width,petal_length,petal_width\n0,1,2,3\n")
    yield trained_once
    trained_once.write(HANDLER, original)


NO_FLOWER = "no_flower.csv"


def test_three_flowers_are_told_apart(deployed):
    result = deployed.succeed("predict", "--request", "requests/three_flowers.csv")
    expected = (deployed.root / "requests/expected.csv").read_text()
    assert result.outputs["prediction"].split() == expected.split()
    assert expected.split() == ["species", "setosa", "versicolor", "virginica"]
    assert "| 5.1 | 3.5 | 1.4 | 0.2 | → | setosa |" in result.summary


def test_an_endpoint_by_its_name_needs_no_project(deployed, tmp_path):
    request = (deployed.root / "requests/three_flowers.csv").resolve()
    words = ("--endpoint-name", deployed.endpoint, "--json", "--region", "eu-west-1")
    result = deployed.succeed("predict", *words, "--request", request, folder=tmp_path)
    told = json.loads(result.stdout)
    assert told["endpoint-name"] == deployed.endpoint
    assert told["prediction"].split() == ["species", "setosa", "versicolor", "virginica"]
    result = deployed.run("predict", *words, folder=tmp_path)
    assert json.loads(result.stdout)["error"]["kind"] == "input"
    words = ("--endpoint-name", "no_name", "--request", request, "--json")
    result = deployed.run("predict", *words, folder=tmp_path)
    assert "1 to 63 letters" in json.loads(result.stdout)["error"]["message"]


CALLING = KIT / "examples/CallingFromPython"


def call_with_boto3(deployed, file):
    """Run the example's script as a user without the kit does."""
    return subprocess.run(
        [sys.executable, CALLING / "with_boto3.py", deployed.endpoint, file],
        env={**CREDENTIALS, "AWS_ENDPOINT_URL": deployed.url},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_example_calls_the_endpoint_with_boto3(deployed):
    done = call_with_boto3(deployed, CALLING / "requests/three_flowers.csv")
    expected = (deployed.root / "requests/expected.csv").read_text()
    assert (done.returncode, done.stdout) == (0, expected)
    assert expected in (CALLING / "README.md").read_text()


def test_the_example_with_boto3_says_why_a_request_is_refused(deployed):
    deployed.write("few.csv", "a,b\n1,2\n")
    done = call_with_boto3(deployed, deployed.root / "few.csv")
    assert done.returncode == 1
    assert f"The endpoint {deployed.endpoint} did not answer: " in done.stderr
    assert "sepal_length" in done.stderr


def test_the_example_with_boto3_ends_with_one_message(tmp_path):
    known = {**CREDENTIALS, "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}
    nowhere = {name: value for name, value in known.items() if "REGION" not in name}
    request = str(CALLING / "requests/three_flowers.csv")
    for words, environment, said in (
        ([], known, "with_boto3.py ENDPOINT FILE.csv"),
        (["flowers", str(tmp_path / "none.csv")], known, "a file that exists"),
        (["flowers", request], known, "Could not connect"),
        (["flowers", request], {**nowhere, "AWS_REGION": "eu-west-1"}, "specify a region"),
    ):
        program = [sys.executable, CALLING / "with_boto3.py", *words]
        done = subprocess.run(program, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert said in done.stderr
        assert "Traceback" not in done.stderr


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
        ("few.csv", "a,b\n1,2\n", "400"),
    ],
)
def test_a_request_that_the_model_refuses_is_an_error_with_its_words(deployed, name, body, code):
    deployed.write(name, body)
    result = deployed.run("predict", "--request", name)
    assert result.code == 1
    assert f"answered {code}" in result.annotations[0]
    assert "(sagemaker_inference:decode:body)" in result.annotations[0]
    assert '"error"' not in result.annotations[0]


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
    with proxy(deployed.url, Refuser("/invocations", 424, json.dumps(said))) as url:
        result = deployed.run("predict", *FLOWERS, AWS_ENDPOINT_URL=url)
    assert result.code == 1
    assert f"The model behind {deployed.name} answered 500" in result.annotations[0]


def test_a_log_that_cannot_be_read_does_not_hide_what_the_model_said(deployed):
    with proxy(deployed.url, Refuser("Logs_", 400, DENIED)) as url:
        result = deployed.run("predict", "--request", NO_FLOWER, AWS_ENDPOINT_URL=url)
    assert result.code == 1
    assert "answered 500" in result.annotations[0]
    assert result.stdout.count("warning: the log cannot be shown.") == 1


def test_an_endpoint_that_is_not_there_is_named(project):
    result = project.run("predict", "--request", "requests/three_flowers.csv")
    assert result.code == 3
    assert f"There is no endpoint {project.name}" in result.annotations[0]
    assert "Run deploy first" in result.annotations[0]


def test_an_error_in_the_handler_is_annotated_at_the_users_own_line_and_logged(deployed):
    result = deployed.run("predict", "--request", NO_FLOWER)
    assert "answered 500" in result.annotations[0]
    log = [line for line in result.stdout.splitlines() if line.startswith("  | ")]
    assert any("There is no flower like that" in line for line in log)
    lines = (deployed.root / HANDLER).read_text().splitlines()
    line = next(n for n, text in enumerate(lines, 1) if ERROR in text)
    assert f"file={HANDLER},line={line}" in result.annotations[0]
    assert f"Correct the handler at {HANDLER}:{line}, or" in result.annotations[0]


def test_text_where_the_model_has_numbers_names_the_column(deployed):
    text = (deployed.root / "requests/three_flowers.csv").read_text().replace("5.1", "big", 1)
    deployed.write("text.csv", text)
    result = deployed.run("predict", "--request", "text.csv")
    assert "answered 400" in result.annotations[0]
    assert "sepal_length" in result.annotations[0]
    assert "Correct the request" in result.annotations[0]
    assert (result.outputs["prediction"], result.outputs["as-expected"]) == ("", "false")


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
    assert "The answer is as requests/expected.csv expects." in result.stdout


def test_the_projects_own_request_is_sent_unless_another_is_given(deployed):
    """The expected answer is that to the project's request, not to another one."""
    said = "The answer is as requests/expected.csv expects."
    assert said in deployed.succeed("predict").stdout
    deployed.write("one.csv", "sepal_length,sepal_width,petal_length,petal_width\n5,3,1,0.2\n")
    assert said not in deployed.succeed("predict", "--request", "one.csv").stdout
    deployed.write("other.csv", "species\nsetosa\n")
    assert deployed.succeed("predict", "--request", "one.csv").outputs["as-expected"] == ""
    result = deployed.run("predict", "--expected", "other.csv")
    assert (
        "not answer what other.csv expects: the expected answer has 2 lines, the answer 4."
        in result.annotations[0]
    )
    assert deployed.run("predict", "--tolerance", "1").code == 2
    text = (deployed.root / "sagemaker.yml").read_text()
    deployed.write("no-request.yml", re.sub("  (request|expected): .*\n", "", text))
    none = deployed.run("predict", "--config", "no-request.yml")
    assert none.code == 2
    assert "Give --request FILE, or set inference.request in" in none.annotations[0]


def test_another_answer_is_an_error_that_shows_the_row_and_keeps_the_answer(deployed):
    deployed.write("other.csv", "species\nsetosa\nsetosa\nvirginica\n")
    words = ("--expected", "other.csv", "--answer", "kept.csv")
    result = deployed.run("predict", *FLOWERS, *words)
    assert result.code == 1
    assert "line 3 is the first that differs" in result.annotations[0]
    assert "expected: setosa%0Aanswered: versicolor" in result.annotations[0]
    assert f"Endpoint {deployed.name} serves this model now" in result.annotations[0]
    assert "rollback brings back what it served before" in result.summary
    assert "versicolor" in result.outputs["prediction"]
    assert "versicolor" in (deployed.root / "kept.csv").read_text()


def test_an_answer_of_another_type_than_expected_is_an_error(deployed):
    deployed.write("expected.json", '[{"species": "setosa"}]')
    words = ("--expected", "expected.json")
    result = deployed.run("predict", *FLOWERS, *words, "--accept", "text/csv")
    assert result.code == 1
    assert "the answer is not application/json" in result.annotations[0]
    assert "serves this model now" in result.annotations[0]
    asked_for_json = deployed.run("predict", *FLOWERS, *words).annotations[0]
    assert "the expected answer has 1 row, the answer 3" in asked_for_json


@pytest.mark.parametrize(("file", "text"), [("no.csv", None), ("bad.json", "{")])
def test_an_expected_answer_that_cannot_be_read_is_an_input_error_before_all_else(
    deployed, file, text
):
    if text:
        deployed.write(file, text)
    recorder = Recorder()
    with proxy(deployed.url, recorder) as url:
        result = deployed.run("predict", *FLOWERS, "--expected", file, AWS_ENDPOINT_URL=url)
    assert result.code == 2
    assert f"The expected answer {file}" in result.annotations[0]
    assert recorder.exchanges == []


def test_an_expected_file_that_is_hostile_commands_nobody(deployed):
    deployed.write("hostile.csv", 'species\n"```\n::error::forged\n::add-mask::setosa"\n')
    result = deployed.run("predict", *FLOWERS, "--expected", "hostile.csv")
    assert result.code == 1
    (annotation,) = result.annotations
    assert "line 2 is the first that differs" in annotation
    obeyed = [line for line in result.stdout.splitlines() if line.startswith("::")]
    assert not [line for line in obeyed if line.startswith(("::error::forged", "::add-mask"))]
    assert "````text\n" in result.summary, "a fence that the file cannot end"
