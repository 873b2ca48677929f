"""After a failed smoke test the endpoint goes back, or the error says why not; a mark remains."""

import re

import pytest

from helpers.kit.verb_runs import facts

pytestmark = pytest.mark.slow


def serves(aws, project):
    endpoint = aws("sagemaker").describe_endpoint(EndpointName=project.endpoint)
    return endpoint["EndpointStatus"], endpoint["EndpointConfigName"]


def fail(project, config, *words, **environment):
    return project.run("rollback", "--failed-config", config, *words, **environment)


@pytest.fixture
def bad(twice):
    """The project, and the configurations of two deployments; the second is bad."""
    project, first, second = twice
    return project, first["endpoint-config"], second["endpoint-config"]


def test_the_endpoint_goes_back_and_no_rollback_brings_the_bad_one_by_itself(bad, aws):
    project, good, failed = bad
    result = fail(project, failed, "--was-changed")
    assert result.code == 1
    assert serves(aws, project) == ("InService", good)
    assert f"The smoke test of {failed} has failed: " in result.annotations[0]
    assert f"endpoint {project.endpoint} serves {good} again." in result.annotations[0]
    assert (result.outputs["endpoint-config"], result.outputs["previous-config"]) == (good, "")

    status = project.succeed("status")
    assert status.outputs["failed-configs"] == failed
    assert status.outputs["previous-config"] == ""
    assert re.search(rf"smoke test failed +{failed}", status.stdout)
    refused = project.run("rollback")
    assert refused.code == 4
    assert serves(aws, project) == ("InService", good)

    again = fail(project, failed, "--was-changed")
    assert again.code == 1
    assert f"now serves {good}" in again.annotations[0]
    assert serves(aws, project) == ("InService", good)


def test_what_is_deployed_in_its_place_goes_back_to_what_was_good(bad, aws):
    project, good, failed = bad
    assert fail(project, failed, "--roll-back", "false").code == 1
    assert serves(aws, project) == ("InService", failed)
    project.serve_on("ml.m5.2xlarge")
    project.succeed("deploy")
    assert project.succeed("rollback").outputs["endpoint-config"] == good


def test_a_first_deployment_has_no_way_back_and_says_so(fresh, aws):
    first = fresh.succeed("deploy").outputs["endpoint-config"]
    result = fail(fresh, first, "--was-changed")
    assert result.code == 1
    assert f"no way back: endpoint {fresh.endpoint} goes on serving {first}" in result.stdout
    assert "This was its first deployment." in result.stdout
    assert serves(aws, fresh) == ("InService", first)
    assert facts(aws("sagemaker"), fresh.endpoint)["smoke-test-failed"] == first

    fresh.succeed("deploy")
    assert facts(aws("sagemaker"), fresh.endpoint)["smoke-test-failed"] == "", "a new trial"


def test_a_deployment_that_changed_nothing_is_not_rolled_back(bad, aws):
    project, _, failed = bad
    project.succeed("deploy", GITHUB_SHA="c" * 40)
    result = fail(project, failed, GITHUB_SHA="c" * 40)
    assert result.code == 1
    assert "which changed nothing" in result.stdout
    assert serves(aws, project) == ("InService", failed)
    assert project.succeed("status").outputs["failed-configs"] == failed


def test_a_deployment_that_was_interrupted_is_rolled_back_in_the_next_run_of_its_commit(bad, aws):
    project, good, failed = bad
    assert project.succeed("deploy", GITHUB_SHA="b" * 40).outputs["changed"] == "false"
    assert fail(project, failed, GITHUB_SHA="b" * 40).code == 1
    assert serves(aws, project) == ("InService", good)


def test_a_deployment_whose_test_has_passed_is_left_in_the_next_run_of_its_commit(bad, aws):
    project, _, tried = bad
    words = ("--request", "requests/three_flowers.csv", "--tried-config", tried)
    assert project.succeed("predict", *words).outputs["as-expected"] == "", "nothing is expected"
    assert facts(aws("sagemaker"), project.endpoint)["on-trial"] == ""
    project.succeed("predict", *words)
    assert project.succeed("deploy", GITHUB_SHA="b" * 40).outputs["changed"] == "false"
    result = fail(project, tried, GITHUB_SHA="b" * 40)
    assert result.code == 1
    assert "which changed nothing" in result.stdout
    assert serves(aws, project) == ("InService", tried)


def test_a_test_that_fails_ends_no_trial(bad, aws):
    project, _, tried = bad
    (project.root / "wrong.csv").write_text("species\nnone\nnone\nnone\n")
    words = ("--request", "requests/three_flowers.csv", "--tried-config", tried)
    wrong = project.run("predict", *words, "--expected", "wrong.csv")
    assert (wrong.code, wrong.outputs["as-expected"]) == (1, "false")
    unsent = project.run("predict", "--request", "none.csv", *words[2:])
    assert (unsent.code, unsent.outputs.get("as-expected", "")) == (2, "")
    assert facts(aws("sagemaker"), project.endpoint)["on-trial"] == tried


def test_a_configuration_that_nobody_can_have_is_told(bad):
    project, *_ = bad
    result = fail(project, "no name", AWS_ENDPOINT_URL="http://127.0.0.1:9")
    assert result.code == 2, "and nothing was sent"
    assert "failed-config" in result.annotations[0]
