"""Fixtures of the action tests."""

import pytest

from helpers.aws.fault_proxy import Refuser, proxy
from helpers.github.api import GitHubApi
from helpers.github.comment_runs import PullRequest
from helpers.kit import init_runs


@pytest.fixture
def bare(emulator, tmp_path):
    """The example's repository before init."""
    return init_runs.bare(tmp_path / "My Flowers", emulator)


@pytest.fixture
def api():
    """GitHub's API."""
    with GitHubApi("acme/flowers", pull_requests=(7,)) as started:
        yield started


@pytest.fixture
def pull_request(api, tmp_path):
    """A pull request for runs of the verb `comment`."""
    return PullRequest(api, tmp_path)


@pytest.fixture
def twice(fresh):
    """The project, and the outputs of two deployments, on instances of one type and another."""
    first = fresh.succeed("deploy", GITHUB_SHA="a" * 40).outputs
    fresh.serve_on("ml.m5.xlarge")
    return fresh, first, fresh.succeed("deploy", GITHUB_SHA="b" * 40).outputs


NOT_NOW = '{"__type": "ValidationException", "message": "Not now."}'


@pytest.fixture
def updating(twice, aws):
    """An endpoint that a third deployment is changing, until its alarm fires."""
    project, first, second = twice
    project.serve_on("ml.m5.2xlarge")
    with proxy(project.url, Refuser("UpdateEndpoint", 400, NOT_NOW)) as url:
        assert project.run("deploy", AWS_ENDPOINT_URL=url).code == 5
    configs = aws("sagemaker").list_endpoint_configs(NameContains=project.endpoint)
    known = {first["endpoint-config"], second["endpoint-config"]}
    (third,) = {c["EndpointConfigName"] for c in configs["EndpointConfigs"]} - known
    alarm = {"MetricName": "m", "Namespace": "n", "Statistic": "Sum", "Period": 60}
    aws("cloudwatch").put_metric_alarm(
        AlarmName=project.endpoint,
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        Threshold=1,
        **alarm,
    )
    traffic = {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 500}  # 5 s in the emulator's time
    aws("sagemaker").update_endpoint(
        EndpointName=project.endpoint,
        EndpointConfigName=third,
        DeploymentConfig={
            "BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": traffic},
            "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": project.endpoint}]},
        },
    )
    return project, second, third
