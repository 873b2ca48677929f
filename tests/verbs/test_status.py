"""Status: what serves, where it comes from, what a rollback would restore; it changes nothing."""

import json
import re

from helpers.aws.fault_proxy import Recorder, proxy
from helpers.kit.verb_runs import BY_HAND, HANDLER, facts

MADE = re.compile(r"^ *\| created +\d{4}-\d\d-\d\d \d\d:\d\d UTC$", re.MULTILINE)


def test_an_endpoint_that_is_not_there_is_told_and_the_step_fails(fresh):
    result = fresh.run("status")
    assert result.code == 3
    assert f"There is no endpoint {fresh.endpoint}" in result.annotations[0]
    assert result.outputs["endpoint-status"] == "missing"
    assert result.outputs["endpoint-name"] == fresh.endpoint
    assert json.loads(result.outputs["metrics"]) == {}


def test_what_serves_is_told_back_to_the_training(fresh):
    deployed = fresh.succeed("deploy", GITHUB_SHA="a" * 40).outputs
    result = fresh.succeed("status")
    about_the_run = {
        "changed": "true", "left-to": "", "request": "requests/three_flowers.csv",
    }  # fmt: skip
    about_the_run |= {name: deployed[name] for name in ("changes", "plan", "gate", "gate-rows")}
    serves = {name: result.outputs[name] for name in deployed if name not in about_the_run}
    assert {**serves, **about_the_run} == deployed
    assert result.outputs["endpoint-status"] == "InService"
    assert result.outputs["commit"] == "a" * 40
    assert result.outputs["image"] == fresh.succeed("compile-handler").outputs["image"]
    assert result.outputs["previous-config"] == ""
    metrics = json.loads(result.outputs["metrics"])
    assert metrics["resubstitution_accuracy"] > 0.9
    assert "| metrics | cross_validated_accuracy 0.94, resubstitution_accuracy 0.98 |" in (
        result.summary
    )
    assert MADE.search(result.stdout)
    assert deployed["training-job"] in result.stdout


def test_what_a_rollback_would_bring_is_told_as_long_as_it_is_there(twice, aws):
    project, first, second = twice
    recorder = Recorder()
    with proxy(project.url, recorder) as url:
        given = {"GITHUB_REPOSITORY": "acme/flowers", "AWS_ENDPOINT_URL": url}
        result = project.succeed("status", **given)
    seen = [e.what for e in recorder.exchanges]
    assert len(seen) <= 12, seen
    asked = {what.rpartition(".")[2] for what in seen if not what.startswith("GET ")}  # the card
    assert {what for what in asked if not what.startswith(("Describe", "List", "POST /"))} == set()
    assert result.outputs["endpoint-config"] == second["endpoint-config"]
    assert result.outputs["previous-config"] == first["endpoint-config"]
    for label, letter in (("commit", "b"), ("rollback restores commit", "a")):
        page = f"https://github.com/acme/flowers/commit/{letter * 40}"
        assert f"| {label} | [`{letter * 7}`]({page}) |" in result.summary
    assert f"[the endpoint's page]({result.outputs['endpoint-url']})" in result.summary
    assert re.search(r"\| rollback restores created \| \d{4}-\d\d-\d\d ", result.summary)
    assert "| rollback restores metrics | cross_validated_accuracy 0.94, " in result.summary
    aws("sagemaker").delete_endpoint_config(EndpointConfigName=first["endpoint-config"])
    result = project.succeed("status")
    assert result.outputs["previous-config"] == ""
    assert f"{first['endpoint-config']} (deleted)" in result.summary


def test_at_a_shell_nothing_is_said_twice(twice):
    project, first, _ = twice
    for words in (["status"], ["rollback"], ["delete", "--endpoint-name", project.endpoint]):
        said = project.succeed(*words, **BY_HAND).stdout.splitlines()
        # Each server that starts has its own lines in the endpoint's log.
        told = [line for line in said if not line.startswith(("add_tags", "  | [", "  | serving"))]
        assert len(told) == len(set(told)), "each line once"
        assert "endpoint-name " not in "\n".join(said), "no list of outputs behind it"
        for word in ("aaaaaaa", "bbbbbbb", " UTC", "cross_validated_accuracy 0.94"):
            assert word in "\n".join(said), (words, word)
        assert "\n".join(said).count(first["model-data"]) <= 1


def test_while_a_change_is_under_way_a_rollback_brings_what_serves_until_then(updating):
    project, second, _ = updating
    outputs = project.succeed("status").outputs
    assert outputs["endpoint-status"] == "Updating"
    assert outputs["previous-config"] == second["endpoint-config"]
    assert project.succeed("rollback").outputs["endpoint-config"] == second["endpoint-config"]


def test_a_deployment_that_was_rolled_back_is_told_with_its_reason(twice, aws, broken):
    project, first, second = twice
    project.write(HANDLER, broken)
    assert project.run("deploy").code == 1
    result = project.succeed("status")
    assert result.outputs["endpoint-status"] == "InService"
    assert result.outputs["endpoint-config"] == second["endpoint-config"]
    assert "ping health check" in result.outputs["failure-reason"]
    assert "last failure" in result.summary
    assert result.outputs["previous-config"] == first["endpoint-config"], "what served before it"
    assert facts(aws("sagemaker"), project.endpoint)["served"] == " ".join(
        (second["endpoint-config"], first["endpoint-config"])
    )
    back = project.succeed("rollback").outputs
    assert back["endpoint-config"] == first["endpoint-config"]


def test_an_endpoint_made_by_others_is_told_as_far_as_it_is_known(fresh, aws):
    deployed = fresh.succeed("deploy").outputs
    sagemaker, config = aws("sagemaker"), f"{fresh.endpoint}-by-hand"
    variants = sagemaker.describe_endpoint_config(EndpointConfigName=deployed["endpoint-config"])
    sagemaker.create_endpoint_config(
        EndpointConfigName=config, ProductionVariants=variants["ProductionVariants"]
    )
    fresh.call_endpoint(config)
    sagemaker.create_endpoint(EndpointName=config, EndpointConfigName=config)
    outputs = fresh.succeed("status").outputs
    assert (outputs["endpoint-config"], outputs["model-name"]) == (config, deployed["model-name"])
    assert (outputs["training-job"], outputs["previous-config"]) == ("", "")


def test_a_reader_that_goes_away_is_no_failure(fresh):
    """As with `head`: the step completes, and prints nothing more."""
    process = fresh.start("status")
    process.stdout.close()
    with process.stderr as errors:
        assert "BrokenPipe" not in errors.read()
    assert process.wait(60) == 3, "as it is of an endpoint that is not there"
