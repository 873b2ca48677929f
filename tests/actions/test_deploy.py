"""Deploying: the model that was trained, in service or said not to be, and the old one kept."""

import json
from dataclasses import replace

import pytest

import harness
import own_images
from harness import facts
from ways import DENIED, Recorder, Refuser, way

HANDLER = "inference/ClassificationTreeInferenceHandler.m"
BROKEN = "classdef ClassificationTreeInferenceHandler < noSuchClass\nend\n"


@pytest.fixture
def trained(project):
    """A project with a model and an inference image."""
    for verb in ("build-training-image", "train", "compile-handler"):
        project.succeed(verb)
    return project


def state(aws, project):
    """Return all that a deployment may have made."""
    sagemaker, name = aws("sagemaker"), project.name
    configs = sagemaker.list_endpoint_configs(NameContains=name)["EndpointConfigs"]
    endpoints = sagemaker.list_endpoints(NameContains=name)["Endpoints"]
    models = [m["ModelName"] for m in sagemaker.list_models(MaxResults=100)["Models"]]
    return {
        "models": sorted(m for m in models if m.startswith(name)),
        "configs": sorted(config["EndpointConfigName"] for config in configs),
        "endpoints": [(e["EndpointName"], e["EndpointStatus"]) for e in endpoints],
    }


def test_an_endpoint_is_made_once_and_left_alone_after_that(trained, aws):
    first = trained.succeed("deploy")
    before = state(aws, trained)
    assert before["endpoints"] == [(trained.name, "InService")]
    again = trained.succeed("deploy")
    assert again.outputs == {**first.outputs, "changed": "false"}
    assert state(aws, trained) == before
    assert "is in service" in again.summary


def test_the_summary_leads_to_the_commit_the_metrics_and_the_console(trained):
    commit = "abcdef1" + "0" * 33
    given = {"GITHUB_SHA": commit, "GITHUB_REPOSITORY": "acme/flowers"}
    result = trained.succeed("deploy", **given)
    link = f"[`abcdef1`](https://github.com/acme/flowers/commit/{commit})"
    assert f"| commit | {link} |" in result.summary
    assert "| resubstitution_accuracy | 0.98 |" in result.summary
    assert f"| training job | `{result.outputs['training-job']}` |" in result.summary
    assert f"[the console]({result.outputs['endpoint-url']})" in result.summary
    assert "| commit | `abcdef1` |" in trained.succeed("deploy", GITHUB_SHA=commit).summary


def test_what_served_before_is_written_down_and_so_is_what_things_were_made_of(trained, aws):
    sagemaker = aws("sagemaker")
    first = trained.succeed("deploy", GITHUB_SHA="a" * 40).outputs
    deployed = f"{'a' * 40} {first['endpoint-config']}"
    assert facts(sagemaker, trained.name) == {"project": trained.name, "deployed": deployed}
    made = facts(sagemaker, first["endpoint-config"], "endpoint-config")
    assert made.pop("key") == first["endpoint-config"].rpartition("-")[2]
    assert made == {
        "project": trained.name,
        "endpoint": trained.name,
        "training-job": first["training-job"],
        "commit": "a" * 40,
    }
    assert facts(sagemaker, first["model-name"], "model")["endpoint"] == trained.name
    trained.edit("sagemaker.yml", "instance_count: 1", "instance_count: 2")
    second = trained.succeed("deploy", GITHUB_SHA="b" * 40).outputs["endpoint-config"]
    written = {
        "project": trained.name,
        "served": first["endpoint-config"],
        "deployed": f"{'b' * 40} {second} {'a' * 40}",
    }
    assert facts(sagemaker, trained.name) == written
    recorder = Recorder()
    with way(trained.url, recorder) as url:
        trained.succeed("deploy", GITHUB_SHA="b" * 40, AWS_ENDPOINT_URL=url)
    asked = {exchange.what.partition(".")[2] for exchange in recorder.exchanges}
    assert not [what for what in asked if what.startswith(("Add", "Create", "Update", "Delete"))]
    assert facts(sagemaker, trained.name) == written


def test_the_endpoints_page_is_an_output(trained):
    url = trained.succeed("deploy").outputs["endpoint-url"]
    assert url.startswith("https://eu-west-1.console.aws.amazon.com/")
    assert url.endswith(f"#/endpoints/{trained.name}")


def test_without_a_trained_model_nothing_is_made(project, aws):
    result = project.run("deploy")
    assert result.code == 3
    assert "Run train first" in result.annotations[0]
    assert state(aws, project)["endpoints"] == []


def test_without_an_inference_image_nothing_is_made(trained, aws):
    with (trained.root / HANDLER).open("a") as handler:
        handler.write(f"% only {trained.name} has this line\n")
    result = trained.run("deploy")
    assert result.code == 3
    assert "Run compile-handler first" in result.annotations[0]
    assert state(aws, trained)["endpoints"] == []


@pytest.mark.parametrize(
    ("words", "cause", "fix"),
    [
        ({"kind": own_images.OCI}, "vnd.oci.image.manifest", "oci-mediatypes=false"),
        ({"architecture": "arm64"}, "made for linux/arm64", "--platform linux/amd64"),
    ],
    ids=["OCI", "arm64"],
)
def test_an_image_that_sagemaker_does_not_take_is_refused_before_a_model_is_made(
    trained, aws, words, cause, fix
):
    image = own_images.push(aws("ecr"), "own/server", trained.name, **words)
    before, recorder = state(aws, trained), Recorder()
    with way(trained.url, recorder) as url:
        result = trained.run("deploy", "--image", image, AWS_ENDPOINT_URL=url)
    assert result.code == 6
    assert cause in result.annotations[0]
    assert fix in result.annotations[0]
    assert not [e.what for e in recorder.exchanges if e.what.startswith("SageMaker.Create")]
    assert state(aws, trained) == before


def test_an_image_of_the_users_own_is_deployed_from_another_account(trained, aws):
    """It is the handler's own, put into a repository of a neighbour's."""
    uri = trained.succeed("compile-handler").outputs["image"]
    ecr, neighbour = aws("ecr"), harness.client("ecr", trained.url)
    neighbour.meta.events.register("before-sign.ecr", own_images.as_neighbour)
    theirs = own_images.copy(ecr, uri, neighbour, "shared/server")
    result = trained.run("deploy", "--image", theirs)
    assert result.code == 5
    assert "set-repository-policy" in result.annotations[0]
    own_images.let_in(neighbour, "shared/server", {"AWS": "123456789012"})
    trained.succeed("deploy", "--image", theirs)
    assert state(aws, trained)["endpoints"] == [(trained.name, "InService")]


def test_a_cancelled_deployment_says_that_sagemaker_goes_on(trained, aws):
    process = trained.start("deploy")
    while not state(aws, trained)["endpoints"]:
        assert process.poll() is None
    process.terminate()
    result = trained.finish(process)
    assert result.code == 130
    assert f"goes on with the change of the endpoint {trained.name}" in result.annotations[0]
    trained.succeed("deploy")


def test_an_update_that_does_not_start_is_rolled_back_and_said_to_be(trained, aws):
    good = trained.succeed("deploy").outputs
    trained.write(HANDLER, BROKEN)
    trained.succeed("compile-handler")
    result = trained.run("deploy")
    assert result.code == 1
    assert f"was rolled back and still serves {good['endpoint-config']}" in result.annotations[0]
    assert "noSuchClass" in result.stdout, "the container's own log is shown"
    assert facts(aws("sagemaker"), trained.name)["served"] == good["endpoint-config"], (
        "true, if not the way back"
    )
    endpoint = aws("sagemaker").describe_endpoint(EndpointName=trained.name)
    assert (endpoint["EndpointStatus"], endpoint["EndpointConfigName"]) == (
        "InService",
        good["endpoint-config"],
    )
    request = trained.root / "requests/three_flowers.csv"
    answer = aws("sagemaker-runtime").invoke_endpoint(
        EndpointName=trained.name, ContentType="text/csv", Body=request.read_bytes()
    )
    assert b"setosa" in answer["Body"].read()


def test_a_log_that_cannot_be_read_ends_alone(fresh):
    with way(fresh.url, Refuser("Logs_", 400, DENIED)) as url:
        result = fresh.succeed("deploy", AWS_ENDPOINT_URL=url)
    assert result.stdout.count("warning: the log cannot be shown.") == 1
    assert "[InService]" in result.stdout


def test_the_streams_of_containers_that_ended_long_ago_are_not_read(fresh, aws):
    fresh.succeed("deploy")
    group = f"/aws/sagemaker/Endpoints/{fresh.endpoint}"
    streams = aws("logs").describe_log_streams(logGroupName=group)["logStreams"]
    old = [stream["logStreamName"] for stream in streams]

    def age(exchange):
        if exchange.what != "Logs_20140328.DescribeLogStreams":
            return exchange
        told = json.loads(exchange.body)
        for stream in told["logStreams"]:
            if stream["logStreamName"] in old:
                moments = ("creationTime", "firstEventTimestamp", "lastEventTimestamp")
                stream.update(dict.fromkeys((*moments, "lastIngestionTime"), 1000))
        return replace(exchange, body=json.dumps(told).encode())

    fresh.edit("sagemaker.yml", "instance_count: 1", "instance_count: 2")
    recorder = Recorder(age)
    with way(fresh.url, recorder) as url:
        fresh.succeed("deploy", AWS_ENDPOINT_URL=url)
    reads = [e.sent.decode() for e in recorder.exchanges if e.what.endswith(".GetLogEvents")]
    assert old
    assert reads, "the new containers' are read"
    assert not [read for read in reads if any(name in read for name in old)]


def test_a_first_deployment_that_fails_is_made_anew_when_it_is_corrected(trained, aws):
    good = (trained.root / HANDLER).read_text()
    trained.write(HANDLER, BROKEN)
    trained.succeed("compile-handler")
    result = trained.run("deploy")
    assert result.code == 1
    assert "is Failed and serves nothing" in result.annotations[0]
    assert "noSuchClass" in result.stdout, "the container's own log is shown"
    trained.write(HANDLER, good)
    trained.succeed("compile-handler")
    trained.succeed("deploy")
    assert state(aws, trained)["endpoints"] == [(trained.name, "InService")]


def test_another_instance_count_updates_the_endpoint_and_keeps_the_model(trained, aws):
    first = trained.succeed("deploy").outputs
    trained.edit("sagemaker.yml", "instance_count: 1", "instance_count: 2")
    second = trained.succeed("deploy").outputs
    assert second["model-name"] == first["model-name"]
    assert second["endpoint-config"] != first["endpoint-config"]
    assert len(state(aws, trained)["models"]) == 1


def test_an_image_of_the_users_own_is_looked_at_before_a_model_is_made(trained, aws):
    result = trained.run("deploy", "--image", "docker.io/library/debian:12")
    assert result.code == 6
    assert "image docker.io/library/debian:12 is not in ECR of the Region" in result.annotations[0]
    assert state(aws, trained)["models"] == []
    image = trained.succeed("compile-handler").outputs["image"]
    trained.succeed("deploy", "--image", image)


def test_an_endpoint_whose_configuration_was_deleted_by_others_is_said_to_be_stuck(fresh, aws):
    first = fresh.succeed("deploy").outputs
    aws("sagemaker").delete_endpoint_config(EndpointConfigName=first["endpoint-config"])
    fresh.edit("sagemaker.yml", "instance_count: 1", "instance_count: 2")
    result = fresh.run("deploy")
    assert result.code == 5
    assert first["endpoint-config"] in result.annotations[0]
    assert "Run delete, and deploy again." in result.annotations[0]
    assert f"{first['endpoint-config']} (deleted)" in fresh.succeed("status").summary
    fresh.succeed("delete", "--endpoint-name", fresh.endpoint)
    fresh.succeed("deploy")
