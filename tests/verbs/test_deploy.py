"""Deploying: the trained model is in service, or the old one is kept and the error says why."""

import json
from dataclasses import replace

import pytest

from helpers.aws import own_images
from helpers.aws.fault_proxy import DENIED, Recorder, Refuser, proxy
from helpers.kit import doctor_runs, verb_runs
from helpers.kit.verb_runs import HANDLER, facts
from helpers.kit.waiting import eventually
from matlab_sagemaker import digest

BROKEN = """\
classdef ClassificationTreeInferenceHandler < sagemaker_inference.DefaultInferenceHandler
    methods
        function model = load_model(obj, modelFolder)
            model = noSuchFunction(modelFolder);
        end
    end
end
"""


def state(aws, project):
    """Return everything that deployments may have created."""
    sagemaker, name = aws("sagemaker"), project.endpoint
    configs = sagemaker.list_endpoint_configs(NameContains=name)["EndpointConfigs"]
    endpoints = sagemaker.list_endpoints(NameContains=name)["Endpoints"]
    models = [m["ModelName"] for m in sagemaker.list_models(NameContains=name)["Models"]]
    return {
        "models": sorted(m for m in models if m.startswith(name)),
        "configs": sorted(config["EndpointConfigName"] for config in configs),
        "endpoints": [(e["EndpointName"], e["EndpointStatus"]) for e in endpoints],
    }


def test_an_endpoint_is_made_once_and_left_alone_after_that(fresh, aws):
    first = fresh.succeed("deploy")
    before = state(aws, fresh)
    assert before["endpoints"] == [(fresh.endpoint, "InService")]
    assert first.outputs["endpoint-url"].startswith("https://eu-west-1.console.aws.amazon.com/")
    assert first.outputs["endpoint-url"].endswith(f"#/endpoints/{fresh.endpoint}")
    again = fresh.succeed("deploy")
    about_the_change = ("changed", "changes", "plan", "gate-rows")
    assert {**again.outputs, **dict.fromkeys(about_the_change)} == {
        **first.outputs,
        **dict.fromkeys(about_the_change),
    }
    assert [again.outputs[name] for name in about_the_change[:2]] == ["false", "false"]
    assert state(aws, fresh) == before
    assert "is in service" in again.summary


def test_the_job_runs_as_the_training_role_and_the_model_as_the_serving_role(fresh, aws):
    done = fresh.succeed("deploy").outputs
    job = aws("sagemaker").describe_training_job(TrainingJobName=done["training-job"])
    assert job["RoleArn"].endswith(":role/matlab-sagemaker-training")
    assert serving_role(aws, done).endswith(":role/matlab-sagemaker-serving")


def test_a_serving_role_can_be_named_in_sagemaker_yml_and_by_an_input_which_counts(fresh, aws):
    in_file, given = (doctor_runs.role(aws, f"{fresh.name}-{n}") for n in ("file", "given"))
    with (fresh.root / "sagemaker.yml").open("a") as file:
        file.write(f"\naws:\n  serving_role: {fresh.name}-file\n")
    assert serving_role(aws, fresh.succeed("deploy").outputs) == in_file
    by_input = fresh.succeed("deploy", "--serving-role", given).outputs
    assert serving_role(aws, by_input) == given


def serving_role(aws, outputs):
    return aws("sagemaker").describe_model(ModelName=outputs["model-name"])["ExecutionRoleArn"]


@pytest.mark.parametrize("role", ["training-role", "serving-role"])
def test_a_role_that_cannot_be_one_is_named_and_nothing_is_sent(fresh, role):
    result = fresh.run("deploy", f"--{role}", "no role", AWS_ENDPOINT_URL="http://127.0.0.1:9")
    assert result.code == 2
    assert f"Input '{role}' is 'no role'" in result.annotations[0]


def test_a_request_or_answer_that_is_none_is_named_before_anything_is_sent(fresh):
    nowhere = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    (fresh.root / "answer.json").write_text("[1, 2")
    wrong = fresh.run("deploy", "--expected", "answer.json", **nowhere)
    assert wrong.code == 2
    assert "answer.json is not application/json" in wrong.annotations[0]
    missing = fresh.run("deploy", "--dry-run", "--request", "none.csv", **nowhere)
    assert missing.code == 2
    assert "none.csv cannot be read" in missing.annotations[0]


def test_the_summary_leads_to_the_commit_the_metrics_and_the_console(fresh):
    commit = "abcdef1" + "0" * 33
    given = {"GITHUB_SHA": commit, "GITHUB_REPOSITORY": "acme/flowers"}
    result = fresh.succeed("deploy", **given)
    link = f"[`abcdef1`](https://github.com/acme/flowers/commit/{commit})"
    assert f"| commit | {link} |" in result.summary
    assert "| resubstitution_accuracy | 0.98 |" in result.summary
    assert f"| training\u00a0job | `{result.outputs['training-job']}` |" in result.summary
    assert f"[the endpoint's page]({result.outputs['endpoint-url']})" in result.summary
    assert "| commit | `abcdef1` |" in fresh.succeed("deploy", GITHUB_SHA=commit).summary


def test_what_served_before_is_written_down_and_so_is_what_things_were_made_of(fresh, aws):
    sagemaker = aws("sagemaker")
    first = fresh.succeed("deploy", GITHUB_SHA="a" * 40).outputs
    deployed = f"{'a' * 40} {first['endpoint-config']}"
    config = first["endpoint-config"]  # no request has been answered yet
    told = {"project": fresh.name, "deployed": deployed, "on-trial": config}
    assert facts(sagemaker, fresh.endpoint) == told
    made = facts(sagemaker, first["endpoint-config"], "endpoint-config")
    assert digest.short(made.pop("key")) == first["endpoint-config"].rpartition("-")[2]
    assert made == {
        "project": fresh.name,
        "endpoint": fresh.endpoint,
        "training-job": first["training-job"],
        "commit": "a" * 40,
    }
    assert facts(sagemaker, first["model-name"], "model")["endpoint"] == fresh.endpoint
    fresh.serve_on("ml.m5.xlarge")
    second = fresh.succeed("deploy", GITHUB_SHA="b" * 40).outputs["endpoint-config"]
    written = {
        "project": fresh.name,
        "served": first["endpoint-config"],
        "deployed": f"{'b' * 40} {second} {'a' * 40}",
        "on-trial": second,
    }
    assert facts(sagemaker, fresh.endpoint) == written
    recorder = Recorder()
    with proxy(fresh.url, recorder) as url:
        fresh.succeed("deploy", GITHUB_SHA="b" * 40, AWS_ENDPOINT_URL=url)
    asked = {exchange.what.partition(".")[2] for exchange in recorder.exchanges}
    assert not [what for what in asked if what.startswith(("Add", "Create", "Update", "Delete"))]
    assert facts(sagemaker, fresh.endpoint) == written


def test_without_a_trained_model_nothing_is_made(project, aws):
    result = project.run("deploy")
    assert result.code == 3
    assert "Run train first" in result.annotations[0]
    assert state(aws, project)["endpoints"] == []


def test_without_an_inference_image_nothing_is_made(fresh, aws):
    with (fresh.root / HANDLER).open("a") as handler:
        handler.write(f"% only {fresh.endpoint} has this line\n")
    result = fresh.run("deploy")
    assert result.code == 3
    assert "Run compile-handler first" in result.annotations[0]
    assert state(aws, fresh)["endpoints"] == []


@pytest.mark.parametrize(
    ("words", "cause", "fix"),
    [
        ({"kind": own_images.OCI}, "vnd.oci.image.manifest", "oci-mediatypes=false"),
        ({"architecture": "arm64"}, "built for linux/arm64", "--platform linux/amd64"),
    ],
    ids=["OCI", "arm64"],
)
def test_an_image_that_sagemaker_does_not_take_is_refused_before_a_model_is_made(
    fresh, aws, words, cause, fix
):
    image = own_images.push(aws("ecr"), "own/server", fresh.endpoint, **words)
    before, recorder = state(aws, fresh), Recorder()
    with proxy(fresh.url, recorder) as url:
        result = fresh.run("deploy", "--image", image, AWS_ENDPOINT_URL=url)
    assert result.code == 6
    assert cause in result.annotations[0]
    assert fix in result.annotations[0]
    assert not [e.what for e in recorder.exchanges if e.what.startswith("SageMaker.Create")]
    assert state(aws, fresh) == before


def test_an_image_of_the_users_own_is_deployed_from_another_account(fresh, aws):
    """It is the handler's own image, in another repository."""
    uri = fresh.succeed("compile-handler").outputs["image"]
    ecr, neighbour = aws("ecr"), verb_runs.client("ecr", fresh.url)
    neighbour.meta.events.register("before-sign.ecr", own_images.as_neighbour)
    theirs = own_images.copy(ecr, uri, neighbour, "shared/server")
    result = fresh.run("deploy", "--image", theirs)
    assert result.code == 5
    assert "set-repository-policy" in result.annotations[0]
    own_images.let_in(neighbour, "shared/server", {"AWS": "123456789012"})
    fresh.succeed("deploy", "--image", theirs)
    assert state(aws, fresh)["endpoints"] == [(fresh.endpoint, "InService")]


def test_a_cancelled_deployment_says_that_sagemaker_goes_on(slow, aws):
    process = slow.start_really("deploy")
    eventually(lambda: state(aws, slow)["endpoints"], 60)
    process.terminate()
    result = slow.finish(process)
    assert result.code == 130
    assert f"continues to change the endpoint {slow.endpoint}" in result.annotations[0]
    slow.succeed("deploy")


@pytest.mark.slow
def test_an_update_that_does_not_start_is_rolled_back_and_said_to_be(trained, aws):
    good = trained.succeed("deploy").outputs
    trained.write(HANDLER, BROKEN)
    trained.succeed("compile-handler")
    result = trained.run("deploy")
    assert result.code == 1
    assert f"was rolled back and still serves {good['endpoint-config']}" in result.annotations[0]
    assert "noSuchFunction" in result.stdout, "the container's own log is shown"
    assert f"file={HANDLER},line=4" in result.annotations[0]
    assert facts(aws("sagemaker"), trained.endpoint)["served"] == good["endpoint-config"], (
        "true, if not the way back"
    )
    endpoint = aws("sagemaker").describe_endpoint(EndpointName=trained.endpoint)
    assert (endpoint["EndpointStatus"], endpoint["EndpointConfigName"]) == (
        "InService",
        good["endpoint-config"],
    )
    request = trained.root / "requests/three_flowers.csv"
    answer = aws("sagemaker-runtime").invoke_endpoint(
        EndpointName=trained.endpoint, ContentType="text/csv", Body=request.read_bytes()
    )
    assert b"setosa" in answer["Body"].read()


def test_a_log_that_cannot_be_read_ends_alone(fresh):
    with proxy(fresh.url, Refuser("Logs_", 400, DENIED)) as url:
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

    fresh.serve_on("ml.m5.xlarge")
    recorder = Recorder(age)
    with proxy(fresh.url, recorder) as url:
        fresh.succeed("deploy", AWS_ENDPOINT_URL=url)
    reads = [e.sent.decode() for e in recorder.exchanges if e.what.endswith(".GetLogEvents")]
    assert old
    assert reads, "the new containers' are read"
    assert not [read for read in reads if any(name in read for name in old)]


def test_a_first_deployment_that_fails_is_made_anew_when_it_is_corrected(fresh, aws, broken):
    good = (fresh.root / HANDLER).read_text()
    fresh.write(HANDLER, broken)
    result = fresh.run("deploy")
    assert result.code == 1
    assert "is Failed and serves nothing" in result.annotations[0]
    assert "it does not start" in result.stdout, "the container's own log is shown"
    fresh.write(HANDLER, good)
    fresh.succeed("deploy")
    assert state(aws, fresh)["endpoints"] == [(fresh.endpoint, "InService")]


def test_another_instance_count_updates_the_endpoint_and_keeps_the_model(fresh, aws):
    first = fresh.succeed("deploy").outputs
    fresh.edit("sagemaker.yml", "instance_count: 1", "instance_count: 2")
    second = fresh.succeed("deploy").outputs
    assert second["model-name"] == first["model-name"]
    assert second["endpoint-config"] != first["endpoint-config"]
    assert len(state(aws, fresh)["models"]) == 1


def test_an_image_of_the_users_own_is_looked_at_before_a_model_is_made(fresh, aws):
    result = fresh.run("deploy", "--image", "docker.io/library/debian:12")
    assert result.code == 6
    assert "image docker.io/library/debian:12 is not in ECR of the Region" in result.annotations[0]
    assert state(aws, fresh)["models"] == []
    image = fresh.succeed("compile-handler").outputs["image"]
    fresh.succeed("deploy", "--image", image)


def test_an_endpoint_whose_configuration_was_deleted_by_others_is_said_to_be_stuck(fresh, aws):
    first = fresh.succeed("deploy").outputs
    aws("sagemaker").delete_endpoint_config(EndpointConfigName=first["endpoint-config"])
    fresh.serve_on("ml.m5.xlarge")
    assert fresh.run("deploy").code == 19  # there is nothing to compare the model with
    result = fresh.run("deploy", "--ignore-gate")
    assert result.code == 5
    assert first["endpoint-config"] in result.annotations[0]
    assert "Run delete, then deploy again." in result.annotations[0]
    assert f"{first['endpoint-config']} (deleted)" in fresh.succeed("status").summary
    fresh.succeed("delete", "--endpoint-name", fresh.endpoint)
    fresh.succeed("deploy")
