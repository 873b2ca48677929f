"""The gate: a bad model is trained, reported and found, but deployed only by hand."""

import json
import re

import pytest

from helpers.aws.fault_proxy import Recorder, proxy
from helpers.kit.verb_runs import facts, rule

pytestmark = pytest.mark.slow

ACCURACY = "cross_validated_accuracy"  # 0.94
WRITES = ("Create", "Update", "Delete", "Add", "Put", "Stop", "PUT ", "DELETE ", "POST ")


def recorded(project, verb, *words, **environment):
    recorder = Recorder()
    with proxy(project.url, recorder) as url:
        result = project.run(verb, *words, AWS_ENDPOINT_URL=url, **environment)
    return result, [exchange.call for exchange in recorder.exchanges]


def written(calls):
    return [call for call in calls if call.startswith(WRITES) and "GetCaller" not in call]


def test_a_training_is_judged_and_stays_found(fresh):
    rule(fresh, gate="'>= 0.95'")
    result, asked = recorded(fresh, "train")
    assert result.code == 19
    assert written(asked) == []
    assert "DescribeEndpoint" not in asked
    assert (result.outputs["gate"], result.verdict) == ("failed", "failure")
    (row,) = json.loads(result.outputs["gate-rows"])
    wanted = {"wanted": ">= 0.95", "got": "0.94", "passed": False}
    assert row == {"rule": "gate", "metric": ACCURACY, **wanted}
    assert result.outputs["found"] == "true"
    assert result.outputs["model-data"].endswith("/model.tar.gz")
    assert f"| {ACCURACY} | &gt;= 0.95 | 0.94 | ❌ |" in result.summary.replace(">", "&gt;")
    (said,) = result.annotations
    assert f"{ACCURACY}: 0.94; wanted: >= 0.95" in said
    line = int(re.search(r"line=(\d+)", said)[1])
    assert ">= 0.95" in (fresh.root / "sagemaker.yml").read_text().splitlines()[line - 1]
    rule(fresh)
    again = fresh.succeed("train")
    assert (again.outputs["changed"], again.outputs["gate"]) == ("false", "none")


def test_a_model_is_compared_with_the_one_that_serves(fresh):
    rule(fresh, champion="{at_least: 0.1}")
    first = fresh.succeed("train")
    assert first.outputs["gate"] == "passed"
    assert "there is no serving model yet" in first.outputs["gate-rows"]
    fresh.succeed("deploy")
    itself = fresh.succeed("train").outputs["gate-rows"]
    assert "this is the serving model" in itself
    fresh.edit("sagemaker.yml", "MinLeafSize: 1", "MinLeafSize: 40")
    worse, asked = recorded(fresh, "train")
    assert worse.code == 19
    assert asked[-6:-1] == [
        "DescribeEndpoint", "DescribeEndpointConfig", "ListTags", "DescribeModel",
        "DescribeTrainingJob",
    ]  # fmt: skip
    (row,) = json.loads(worse.outputs["gate-rows"])
    assert row["got"].endswith(" against 0.94)")
    refused, asked = recorded(fresh, "deploy")
    assert refused.code == 19
    assert written(asked) == []
    assert "The endpoint was not changed" in refused.annotations[0]
    assert (refused.outputs["gate"], refused.outputs["changed"]) == ("failed", "false")
    assert json.loads(refused.outputs["gate-rows"]) == [row]
    assert refused.outputs["training-job"] == worse.outputs["job-name"]
    assert (refused.outputs["changes"], refused.outputs["left-to"]) == ("true", "")
    assert f"| {ACCURACY} | at least +0.1 against production |" in refused.summary


def test_what_is_worse_than_what_served_stays_known_as_such(fresh):
    """Once in service, it is compared with itself and passes; the report keeps its predecessor."""
    rule(fresh, champion="{at_least: 0.1}")
    fresh.succeed("deploy")
    fresh.edit("sagemaker.yml", "MinLeafSize: 1", "MinLeafSize: 40")
    fresh.run("train")
    assert fresh.run("deploy").code == 19
    assert fresh.succeed("deploy", "--ignore-gate").outputs["gate"] == "failed"
    assert fresh.succeed("deploy").outputs["gate"] == "passed"
    assert fresh.succeed("status").outputs["gate-ignored"] == "true"
    fresh.serve_on("ml.m5.xlarge")
    assert fresh.succeed("deploy").outputs["changed"] == "true"
    assert fresh.succeed("status").outputs["gate-ignored"] == "true"


def test_what_passes_no_gate_is_deployed_by_hand_and_status_says_so(fresh, aws):
    rule(fresh, gate="'>= 0.95'")
    assert fresh.run("train", "--ignore-gate", GITHUB_EVENT_NAME="push").code == 2
    trained = fresh.succeed("train", "--ignore-gate", GITHUB_EVENT_NAME="workflow_dispatch")
    assert (trained.outputs["gate"], trained.verdict) == ("failed", "success")
    assert "Continuing because of ignore-gate: The model of" in trained.stdout
    refused = fresh.run("deploy", "--ignore-gate", GITHUB_EVENT_NAME="push")
    assert refused.code == 2
    assert "Input 'ignore-gate' is 'true' on the event push" in refused.annotations[0]
    assert fresh.run("deploy").code == 19
    done = fresh.succeed("deploy", "--ignore-gate", GITHUB_EVENT_NAME="workflow_dispatch")
    assert done.outputs["gate"] == "failed"
    config = done.outputs["endpoint-config"]
    assert facts(aws("sagemaker"), fresh.endpoint)["gate-ignored"] == config
    shown = fresh.succeed("status")
    assert shown.outputs["gate-ignored"] == "true"
    assert "| gate | failed; ignored for this deployment" in shown.summary
    again, asked = recorded(fresh, "deploy", "--ignore-gate")
    assert (again.code, written(asked)) == (0, [])
    rule(fresh, gate="'>= 0.9'")
    assert fresh.succeed("deploy").outputs["changed"] == "false"
    assert fresh.succeed("status").outputs["gate-ignored"] == "false"
