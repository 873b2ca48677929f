"""Fixtures of the action tests: one emulator for all, one project for each."""

import uuid

import pytest

import beginning
import harness
from commented import PullRequest
from emulated_process import Emulator
from github_api import GitHubApi
from ways import Refuser, way


@pytest.fixture(scope="session")
def emulator(tmp_path_factory):
    """The address of an emulator that runs as long as the tests."""
    started = Emulator(tmp_path_factory.mktemp("emulator") / "work", "--time-scale", "0.01")
    harness.create_role(started.url)
    yield started.url
    assert started.stop() == 0


@pytest.fixture
def aws(emulator):
    """Return a function from a service's name to its client: the tests' own look at AWS."""
    return lambda service: harness.client(service, emulator)


@pytest.fixture
def project(emulator, tmp_path):
    """The example's repository."""
    return harness.example(tmp_path / "repository", emulator)


@pytest.fixture
def bare(emulator, tmp_path):
    """The example's repository before init."""
    return beginning.bare(tmp_path / "My Flowers", emulator)


@pytest.fixture
def api():
    """GitHub's API."""
    with GitHubApi("acme/flowers", pull_requests=(7,)) as started:
        yield started


@pytest.fixture(scope="session")
def _environment_of_comment(tmp_path_factory):
    """Make the verb's environment before any time is measured."""
    with GitHubApi() as api:
        PullRequest(api, tmp_path_factory.mktemp("first")).run(GITHUB_EVENT_PATH="")


@pytest.fixture
def pull_request(api, tmp_path, _environment_of_comment):
    """A pull request that the verb `comment` is run about."""
    return PullRequest(api, tmp_path)


HANDLER = "inference/ClassificationTreeInferenceHandler.m"


@pytest.fixture(scope="session")
def trained_once(emulator, tmp_path_factory):
    """One trained project with both images, for all tests that are about its endpoint."""
    project = harness.example(tmp_path_factory.mktemp("trained") / "repository", emulator)
    for verb in ("build-training-image", "train", "compile-handler"):
        project.succeed(verb)
    return project


@pytest.fixture
def fresh(trained_once):
    """The trained project with an endpoint of its own; what a test changes is undone."""
    files = [trained_once.root / name for name in ("sagemaker.yml", HANDLER)]
    texts, endpoint = [file.read_text() for file in files], trained_once.endpoint
    trained_once.call_endpoint(f"e{uuid.uuid4().hex[:12]}")
    yield trained_once
    trained_once.endpoint = endpoint
    for file, text in zip(files, texts, strict=True):
        file.write_text(text)


@pytest.fixture
def twice(fresh):
    """The project, and the outputs of two deployments: with one instance, then with two."""
    first = fresh.succeed("deploy", GITHUB_SHA="a" * 40).outputs
    fresh.edit("sagemaker.yml", "instance_count: 1", "instance_count: 2")
    return fresh, first, fresh.succeed("deploy", GITHUB_SHA="b" * 40).outputs


NOT_NOW = '{"__type": "ValidationException", "message": "Not now."}'


@pytest.fixture
def updating(twice, aws):
    """An endpoint that a third deployment is changing, as long as its alarm does not ring."""
    project, first, second = twice
    project.edit("sagemaker.yml", "instance_count: 2", "instance_count: 3")
    with way(project.url, Refuser("UpdateEndpoint", 400, NOT_NOW)) as url:
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
    traffic = {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 999}  # 10 s, at the emulator's scale
    aws("sagemaker").update_endpoint(
        EndpointName=project.endpoint,
        EndpointConfigName=third,
        DeploymentConfig={
            "BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": traffic},
            "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": project.endpoint}]},
        },
    )
    return project, second, third
