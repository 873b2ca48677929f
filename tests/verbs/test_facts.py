"""The data that each step gives to the comment: enough to compare, without account details."""

import json
import re

import pytest

from helpers.github.answers import PULL_REQUEST
from helpers.kit.verb_runs import ACCOUNT_ID, FUNCTION

pytestmark = pytest.mark.slow

BROKEN = """\
function trainClassificationTree(env, varargin)
    fprintf('before the end\\n');
    error('flowers:noRows', 'There are no rows.');
end
"""
ROWS = [["sepal_length", "sepal_width", "petal_length", "petal_width", "→", "species"]]


def facts(result):
    """Return a step's facts, after checking that they name no account."""
    text = result.facts
    assert not re.search(rf"arn:|{ACCOUNT_ID}|s3://[a-z]", text)
    return json.loads(text)


def test_a_training_tells_how_good_its_model_is_and_what_it_was_made_of(fresh):
    told = facts(fresh.succeed("train"))
    model = told["model"]
    assert told["verdict"] == "success"
    assert told["project"] == fresh.name
    names = ["resubstitution_accuracy", "cross_validated_accuracy"]
    assert [metric["name"] for metric in told["metrics"]] == names
    assert {metric["better"] for metric in told["metrics"]} == {"higher"}
    assert model["metrics"]["cross_validated_accuracy"] == 0.94
    assert model["job"].startswith(f"{fresh.name}-")
    assert model["page"].endswith(f"#/jobs/{model['job']}")
    assert model["log_page"].endswith(
        f"$252FTrainingJobs$3FlogStreamNameFilter$3D{model['job']}$252F"
    )
    assert model["size"] > 100
    assert model["instance"] == "ml.m5.large"
    assert [rule["passed"] for rule in told["rules"]] == [True, True]
    code, data, handler = told["files"]
    assert (code["name"], code["files"]) == ("code", 1)
    assert (handler["name"], handler["files"]) == ("handler", 1)
    assert (data["name"], data["files"], data["rows"]) == ("training", 1, 150)
    assert data["size"] == (fresh.root / "data/training/iris.csv").stat().st_size
    found = facts(fresh.succeed("train", "--find-only"))
    assert found["model"]["metrics"] == model["metrics"]
    assert found["files"] == told["files"]
    fresh.edit("sagemaker.yml", "MinLeafSize: 1", "MinLeafSize: 7")
    other = facts(fresh.succeed("train", "--find-only"))
    assert "model" not in other
    assert other["hyperparameters"] != found["hyperparameters"]
    assert other["files"] == found["files"]


def test_a_training_that_fails_tells_why_with_its_last_lines(ready):
    ready.write(FUNCTION, BROKEN)
    result = ready.run("train")
    told = facts(result)
    assert told["verdict"] == "failure"
    assert told["failure"]["kind"] == "trainingFailed"
    assert "There are no rows." in told["failure"]["why"]
    assert (told["failure"]["file"], told["failure"]["line"]) == (FUNCTION, 3)
    assert "before the end" in told["log"]
    assert "metrics" not in told["model"]
    assert told["files"]


def test_a_plan_tells_what_serves_and_how_good_that_is(fresh):
    given = {"GITHUB_EVENT_PATH": str(PULL_REQUEST), "GITHUB_EVENT_NAME": "pull_request"}
    first = facts(fresh.succeed("deploy", "--dry-run", **given))["plan"]
    assert first["changes"] is True
    assert "serves" not in first or first["serves"] is None
    fresh.succeed("deploy")
    text = (fresh.root / "sagemaker.yml").read_text()
    fresh.write("sagemaker.yml", re.sub(r"(?m)^(gate|champion):.*\n(  .*\n)*", "", text))
    plan = facts(fresh.succeed("deploy", "--dry-run", **given))["plan"]
    assert plan["changes"] is False
    assert plan["serves"]["metrics"]["cross_validated_accuracy"] == 0.94
    assert "= stays: " in plan["text"]


def test_a_project_that_serves_nothing_has_a_plan_without_a_change(project):
    text = (project.root / "sagemaker.yml").read_text()
    project.write("sagemaker.yml", re.sub(r"(?m)^(inference|endpoint):.*\n(  .*\n)*", "", text))
    result = project.succeed("deploy", "--dry-run")
    plan = facts(result)["plan"]
    assert (plan["endpoint"], plan["changes"]) == ("", False)
    assert "no section inference" in result.summary
    assert project.run("deploy").code != 0


def test_a_handler_tells_its_answers_and_where_they_differ(trained):
    told = facts(trained.succeed("try-handler"))["handler"]
    assert told["rows"][0] == ROWS[0]
    assert told["request"].endswith("requests/three_flowers.csv")
    assert told["expected"].endswith("requests/expected.csv")
    assert told["billed_s"] > 0
