"""Updates of endpoints: blue, green, alarms and roll-back."""

from __future__ import annotations

import threading
import time

import pytest
from botocore.exceptions import ClientError

from helpers.emulator.clients import says
from helpers.kit.waiting import eventually

pytestmark = pytest.mark.slow

EXIT = "print('cannot start', flush=True); sys.exit(3)"
SICK = "ping = lambda: 500"


def test_an_update_replaces_the_fleet_without_losing_a_request(host, aws):
    name = host.endpoint(host.variant(says("blue")))
    stop, answers = threading.Event(), []

    def ask():
        while not stop.is_set():
            answers.append(host.ask(name))

    askers = [threading.Thread(target=ask, daemon=True) for _ in range(3)]
    for asker in askers:
        asker.start()
    try:
        config = host.update(name, host.variant(f"time.sleep(0.5)\n{says('green')}"))
        assert aws.sm.describe_endpoint(EndpointName=name)["EndpointStatus"] == "Updating"
        found = host.settled(name)
        time.sleep(0.3)
    finally:
        stop.set()
    for asker in askers:
        asker.join()
    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("InService", config)
    assert set(answers) == {b"blue", b"green"}
    assert answers[-1] == b"green"


@pytest.mark.parametrize("program", [EXIT, SICK], ids=["exits at start", "fails its ping"])
def test_an_update_that_fails_rolls_back_while_blue_answers(host, aws, program):
    name = host.endpoint(host.variant(says("blue")))
    before = host.settled(name)["EndpointConfigName"]
    startup = {"ContainerStartupHealthCheckTimeoutInSeconds": 60}
    wanted = host.update(name, host.variant(program, **startup))
    pending = aws.sm.describe_endpoint(EndpointName=name)
    if pending["EndpointStatus"] == "Updating":
        assert pending["PendingDeploymentSummary"]["EndpointConfigName"] == wanted
    assert host.ask(name) == b"blue"
    found = host.settled(name)
    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("InService", before)
    assert "did not pass the ping health check" in found["FailureReason"]
    assert host.ask(name) == b"blue"
    host.update(name, host.variant(says("green")))
    assert "FailureReason" not in host.settled(name)
    assert host.ask(name) == b"green"


def guarded(alarm, wait_s=100, **routing):
    routing = {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": wait_s, **routing}
    return {
        "BlueGreenUpdatePolicy": {
            "TrafficRoutingConfiguration": routing,
            "TerminationWaitInSeconds": 0,
        },
        "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": alarm}]},
    }


@pytest.fixture
def alarm(aws):
    name = aws.name("alarm")
    aws.cloudwatch.put_metric_alarm(
        AlarmName=name,
        MetricName="Invocation5XXErrors",
        Namespace="AWS/SageMaker",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    return name


def test_an_alarm_during_baking_rolls_back(host, aws, alarm):
    name = host.endpoint(host.variant(says("blue")))
    before = host.settled(name)["EndpointConfigName"]
    host.update(name, host.variant(says("green")), DeploymentConfig=guarded(alarm, wait_s=900))
    eventually(lambda: host.ask(name) == b"green")
    aws.cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="test")
    found = host.settled(name)
    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("InService", before)
    assert alarm in found["FailureReason"]
    assert host.ask(name) == b"blue"


def test_a_quiet_alarm_lets_green_stay(host, alarm):
    name = host.endpoint(host.variant(says("blue")))
    policy = guarded(alarm, wait_s=10)
    config = host.update(name, host.variant(says("green")), DeploymentConfig=policy)
    found = host.settled(name)
    assert found["EndpointConfigName"] == config
    assert found["LastDeploymentConfig"] == policy


def test_a_canary_gives_green_only_a_part_of_the_traffic(host, alarm):
    name = host.endpoint(host.variant(says("blue")))
    size = {"Type": "CAPACITY_PERCENT", "Value": 50}
    policy = guarded(alarm, Type="CANARY", CanarySize=size)
    host.update(name, host.variant(says("green")), DeploymentConfig=policy)
    eventually(lambda: host.ask(name) == b"green")
    assert {host.ask(name) for _ in range(40)} == {b"blue", b"green"}
    host.settled(name)
    assert {host.ask(name) for _ in range(40)} == {b"green"}


def test_variants_share_the_traffic_by_weight(host, aws):
    name = host.endpoint(
        host.variant(says("a"), VariantName="A", InitialVariantWeight=1),
        host.variant(says("b"), VariantName="B", InitialVariantWeight=0),
    )
    assert {host.ask(name) for _ in range(20)} == {b"a"}
    assert host.ask(name, TargetVariant="B") == b"b"
    weights = [{"VariantName": "A", "DesiredWeight": 0}, {"VariantName": "B", "DesiredWeight": 1}]
    aws.sm.update_endpoint_weights_and_capacities(
        EndpointName=name, DesiredWeightsAndCapacities=weights
    )
    host.settled(name)
    assert {host.ask(name) for _ in range(20)} == {b"b"}
    with pytest.raises(ClientError, match="Variant C not found"):
        host.ask(name, TargetVariant="C")


def test_an_endpoint_whose_live_configuration_was_deleted_serves_and_cannot_be_updated(host, aws):
    name = host.endpoint(host.variant(says("one")))
    config = aws.sm.describe_endpoint(EndpointName=name)["EndpointConfigName"]
    aws.sm.delete_endpoint_config(EndpointConfigName=config)
    assert host.ask(name) == b"one"
    with pytest.raises(ClientError, match=f"Could not find endpoint configuration .*{config}"):
        host.update(name, host.variant())
    assert aws.sm.describe_endpoint(EndpointName=name)["EndpointStatus"] == "InService"


def test_an_endpoints_tags_outlive_its_updates_and_go_with_it(host, aws):
    name = host.endpoint(host.variant())
    arn = aws.sm.describe_endpoint(EndpointName=name)["EndpointArn"]
    aws.sm.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}])
    host.update(name, host.variant())
    host.settled(name)
    assert aws.sm.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "1"}]
    aws.sm.delete_endpoint(EndpointName=name)
    host.endpoints.remove(name)
    eventually(lambda: name not in str(aws.sm.list_endpoints()))
    with pytest.raises(ClientError, match=r"\(ValidationException\)"):
        aws.sm.list_tags(ResourceArn=arn)
