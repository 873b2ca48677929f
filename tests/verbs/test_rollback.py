"""Rolling back: the former configuration serves again, or the error says why; and forward again."""

import re
import signal
from dataclasses import replace

import pytest

from helpers.aws.fault_proxy import Recorder, Refuser, proxy
from helpers.kit.verb_runs import HANDLER, facts
from helpers.kit.waiting import eventually, read_until

pytestmark = pytest.mark.slow

GARBAGE = b"this is no archive"
IN_PROGRESS = (
    '{"__type": "ValidationException", "message": "Cannot update in-progress endpoint \\"e\\"."}'
)


def serves(aws, project):
    endpoint = aws("sagemaker").describe_endpoint(EndpointName=project.endpoint)
    return endpoint["EndpointStatus"], endpoint["EndpointConfigName"]


def test_what_served_before_serves_again_and_another_rollback_goes_forward(twice, aws):
    project, first, second = twice
    result = project.succeed("rollback")
    assert serves(aws, project) == ("InService", first["endpoint-config"])
    assert result.outputs["endpoint-config"] == first["endpoint-config"]
    assert result.outputs["previous-config"] == second["endpoint-config"]
    assert result.outputs["training-job"] == first["training-job"]
    assert result.outputs["commit"] == "a" * 40
    assert result.outputs["changed"] == "true"
    assert f"another rollback would bring {second['endpoint-config']} back" in result.stdout
    assert f"serves `{first['endpoint-config']}` again" in result.summary
    assert "revert its commit too" in result.summary
    for made, commit, state in ((first, "a", "serves again"), (second, "b", "is left")):
        row = (
            rf"{state} *\|? {made['endpoint-config']} .*{commit * 7}.* \d\d:\d\d UTC .*accuracy 0.9"
        )
        assert re.search(row, result.stdout)
        assert re.search(row, result.summary)
    forward = project.succeed("rollback").outputs
    assert serves(aws, project) == ("InService", second["endpoint-config"])
    assert forward["previous-config"] == first["endpoint-config"]
    assert facts(aws("sagemaker"), project.endpoint)["rolling-back"] == ""


def test_a_deployment_after_a_rollback_is_rolled_back_to_what_the_rollback_brought(twice):
    project, first, _ = twice
    project.succeed("rollback")
    project.serve_on("ml.m5.2xlarge")
    project.succeed("deploy")
    assert project.succeed("rollback").outputs["endpoint-config"] == first["endpoint-config"]


def test_an_endpoint_that_is_not_there_is_named(fresh):
    result = fresh.run("rollback")
    assert result.code == 3
    assert f"There is no endpoint {fresh.endpoint}" in result.annotations[0]


def test_a_first_deployment_has_no_way_back(fresh, aws):
    first = fresh.succeed("deploy").outputs
    result = fresh.run("rollback")
    assert result.code == 4
    assert "has no record of what it served before" in result.annotations[0]
    assert serves(aws, fresh) == ("InService", first["endpoint-config"])


@pytest.mark.parametrize("kind", ["endpoint-config", "model"])
def test_what_was_deleted_is_not_gone_back_to(fresh, stand_in, aws, kind):
    first = fresh.succeed("deploy").outputs
    fresh.write(HANDLER, stand_in("another = 'image, so another model'\n"))
    second = fresh.succeed("deploy").outputs
    assert second["model-name"] != first["model-name"]
    if kind == "model":
        aws("sagemaker").delete_model(ModelName=first["model-name"])
    else:
        aws("sagemaker").delete_endpoint_config(EndpointConfigName=first["endpoint-config"])
    result = fresh.run("rollback")
    assert result.code == 4
    assert f"{first['endpoint-config']} no longer exists" in result.annotations[0]
    assert serves(aws, fresh) == ("InService", second["endpoint-config"])


@pytest.fixture
def replaced(twice, aws):
    """Return a function that replaces the model's archive for a while."""
    bucket, _, key = twice[1]["model-data"].removeprefix("s3://").partition("/")
    s3 = aws("s3")
    good = s3.get_object(Bucket=bucket, Key=key)["Body"].read()

    def replace(body):
        s3.delete_object(Bucket=bucket, Key=key)
        if body is not None:
            s3.put_object(Bucket=bucket, Key=key, Body=body, IfNoneMatch="*")

    yield replace
    replace(good)


@pytest.mark.parametrize(
    ("body", "reason"), [(None, "Failed to download model data"), (GARBAGE, "Failed to extract")]
)
def test_a_way_back_that_fails_leaves_what_serves_and_gives_sagemakers_reason(
    twice, aws, replaced, body, reason
):
    project, first, second = twice
    replaced(body)
    result = project.run("rollback")
    assert result.code == 1
    assert (
        f"was rolled back and still serves {second['endpoint-config']}, "
        f"not {first['endpoint-config']}" in result.annotations[0]
    )
    assert reason in result.annotations[0]
    assert serves(aws, project) == ("InService", second["endpoint-config"])
    assert project.succeed("status").outputs["previous-config"] == first["endpoint-config"]


def test_a_container_that_crashes_on_the_way_back_is_shown_with_its_log(twice, aws):
    """The image is the same, but its needs have changed."""
    project, first, second = twice
    name, sagemaker = project.endpoint, aws("sagemaker")
    model = sagemaker.describe_model(ModelName=first["model-name"])
    environment = {"PROGRAM": "sys.exit('what it needs is gone')"}
    sagemaker.delete_model(ModelName=first["model-name"])
    sagemaker.create_model(
        ModelName=first["model-name"],
        ExecutionRoleArn=model["ExecutionRoleArn"],
        PrimaryContainer={**model["PrimaryContainer"], "Environment": environment},
    )
    result = project.run("rollback")
    assert result.code == 1
    assert "what it needs is gone" in result.stdout
    assert f"/aws/sagemaker/Endpoints/{name}" in result.annotations[0]
    assert serves(aws, project) == ("InService", second["endpoint-config"])


def ring(aws, project, state):
    words = {"StateValue": state, "StateReason": "the test says so"}
    aws("cloudwatch").set_alarm_state(AlarmName=project.endpoint, **words)


def test_a_change_under_way_is_waited_for_and_undone(updating, aws):
    project, second, third = updating
    result = project.succeed("rollback")
    assert "[Updating]" in result.stdout
    assert result.outputs["previous-config"] == third
    assert serves(aws, project) == ("InService", second["endpoint-config"])


def test_sagemakers_own_maintenance_is_waited_for_and_is_no_change_to_undo(twice, aws):
    project, first, _ = twice
    project.serve_on("ml.m5.2xlarge")
    with proxy(project.url, Refuser("UpdateEndpoint", 400, IN_PROGRESS)) as url:
        assert project.run("deploy", AWS_ENDPOINT_URL=url).code == 5  # and wrote what serves
    looks = []

    def maintain(exchange):
        if exchange.what != "SageMaker.DescribeEndpoint" or len(looks) == 2:
            return exchange
        looks.append(exchange)
        return replace(exchange, body=exchange.body.replace(b"InService", b"SystemUpdating"))

    with proxy(project.url, Recorder(maintain)) as url:
        result = project.succeed("rollback", AWS_ENDPOINT_URL=url)
    assert "[SystemUpdating]" in result.stdout
    assert result.outputs["changed"] == "true"
    assert serves(aws, project) == ("InService", first["endpoint-config"])


def test_a_rollback_that_sagemaker_refuses_is_gone_on_with_and_not_believed_later(twice, aws):
    project, first, second = twice
    with proxy(project.url, Refuser("UpdateEndpoint", 400, IN_PROGRESS)) as url:
        result = project.run("rollback", AWS_ENDPOINT_URL=url)
    assert result.code == 5
    assert "Run again: the step waits" in result.annotations[0]
    mark = facts(aws("sagemaker"), project.endpoint)["rolling-back"]
    assert mark == f"{second['endpoint-config']} {first['endpoint-config']}"
    assert project.succeed("status").outputs["previous-config"] == first["endpoint-config"]
    assert project.succeed("rollback").outputs["endpoint-config"] == first["endpoint-config"]


def test_a_change_under_way_that_fails_by_itself_leaves_nothing_to_undo(updating, aws):
    project, second, _ = updating
    process = project.start("rollback")
    read_until(process, "[Updating]")
    ring(aws, project, "ALARM")
    result = project.finish(process)
    assert result.code == 0
    assert result.outputs["changed"] == "false"
    assert serves(aws, project) == ("InService", second["endpoint-config"])


def test_a_rollback_cancelled_while_it_waits_for_anothers_change_has_begun_nothing(twice):
    project, _, _ = twice

    def change_on(exchange):
        return replace(exchange, body=exchange.body.replace(b'"InService"', b'"Updating"'))

    with proxy(project.url, Recorder(change_on)) as url:
        process = project.start_really("rollback", AWS_ENDPOINT_URL=url)
        read_until(process, "[Updating]")
        process.send_signal(signal.SIGTERM)
        result = project.finish(process)
    assert result.code == 130
    assert "SageMaker continues" not in result.annotations[0]


def test_a_cancelled_rollback_says_that_sagemaker_goes_on_and_is_gone_on_with(slow, aws):
    project, first = slow, slow.succeed("deploy").outputs
    project.serve_on("ml.m5.xlarge")
    project.succeed("deploy")
    process = project.start_really("rollback")
    eventually(lambda: serves(aws, project)[0] == "Updating", 60)
    process.send_signal(signal.SIGTERM)
    result = project.finish(process)
    assert result.code == 130
    assert "To wait for it, run rollback again" in result.annotations[0]
    project.succeed("rollback")
    assert serves(aws, project) == ("InService", first["endpoint-config"])
