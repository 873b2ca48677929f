"""More faults of handlers before a merge: each needs its own training jobs."""

import json

import pytest

from helpers.kit.verb_runs import HANDLER

pytestmark = pytest.mark.slow


def test_another_answer_than_the_expected_one_names_the_first_row_that_differs(trained):
    (trained.root / "wanted.csv").write_text("species\nsetosa\nsetosa\nvirginica\n")
    request = ("--request", "requests/three_flowers.csv")
    result = trained.run("try-handler", *request, "--expected", "wanted.csv")
    assert result.code == 1
    (annotation,) = result.annotations
    assert "file=wanted.csv,line=3" in annotation
    assert result.outputs["as-expected"] == "false"
    assert json.loads(result.outputs["difference"]) == {
        "row": 3, "expected": "setosa", "answered": "versicolor",
    }  # fmt: skip


def test_without_a_request_the_model_is_loaded(trained):
    for key in ("  request: requests/three_flowers.csv\n", "  expected: requests/expected.csv\n"):
        trained.edit("sagemaker.yml", key, "")
    result = trained.succeed("try-handler")
    assert (result.outputs["tried"], result.outputs["prediction"]) == ("true", "")
    assert "It loaded the model" in result.report
    trained.edit(HANDLER, "methods", "methods\n        function model = load_model(~, ~)\n"
                 "            error('flowers:gone', 'No model.');\n        end\n")  # fmt: skip
    assert "No model." in trained.run("try-handler").annotations[0]


def test_a_handler_that_ends_the_engine_fails_the_job(trained):
    trained.edit(HANDLER, "methods", "methods\n        function model = load_model(~, ~)\n"
                 "            model = []; exit(0);\n        end\n")  # fmt: skip
    result = trained.run("try-handler")
    assert result.code == 1
    assert "which tries the handler, ended as Failed" in result.annotations[0]
    assert result.outputs == {}


def test_what_another_has_put_in_the_answers_place_is_refused(trained, aws):
    trained.write(HANDLER, (trained.root / HANDLER).read_text() + "% its answer is replaced\n")
    name = trained.succeed("try-handler").outputs["job-name"]
    card = trained.succeed("train", "--find-only").outputs["model-data"]
    place = {"Bucket": card.split("/")[2], "Prefix": f"sealed/{trained.name}/{name}/"}
    keys = [item["Key"] for item in aws("s3").list_objects_v2(**place)["Contents"]]
    (key,) = [key for key in keys if key.endswith("model.tar.gz")]
    aws("s3").delete_object(Bucket=place["Bucket"], Key=key)
    aws("s3").put_object(Bucket=place["Bucket"], Key=key, Body=b"another", IfNoneMatch="*")
    refused = trained.run("try-handler")
    assert refused.code == 4
    assert "its card has another digest" in refused.annotations[0]
