"""An emulator with Docker for the session, its two images, and helpers to train and deploy."""

from __future__ import annotations

import json

import pytest

from helpers.emulator.clients import TIME_SCALE, Aws
from helpers.emulator.hosting_requests import Host
from helpers.emulator.process import Emulator
from helpers.kit.waiting import eventually
from images import emulated_docker

ENDS = {"Completed", "Failed", "Stopped"}
MEMORY_MIB = 256


@pytest.fixture(scope="session")
def variables(docker):
    """Return what an emulator needs to find the engine."""
    return {k: v for k, v in docker.variables.items() if k.startswith("DOCKER_")}


@pytest.fixture(scope="session")
def client(docker, tmp_path_factory):
    """Return docker-py's client, with the images built."""
    with emulated_docker.client(docker, tmp_path_factory.mktemp("build")) as found:
        yield found


@pytest.fixture(scope="session")
def emulator(variables, tmp_path_factory):
    options = ("--docker", "--memory", MEMORY_MIB, "--time-scale", TIME_SCALE)
    started = Emulator(tmp_path_factory.mktemp("emulator") / "work", *options, **variables)
    yield started
    assert started.stop() == 0, started.errors


@pytest.fixture
def start(variables, tmp_path):
    """Start separate emulators; those that still run at the end are stopped."""
    started = []

    def emulator(*options, **changes):
        words = {**variables, **changes}
        work = tmp_path / "work"
        started.append(Emulator(work, "--docker", "--time-scale", TIME_SCALE, *options, **words))
        return started[-1]

    yield emulator
    for process in started:
        process.stop()


@pytest.fixture(scope="session")
def aws(emulator):
    return Aws(emulator.url)


@pytest.fixture(scope="session")
def training_image(client, aws):
    return emulated_docker.push(client, aws, emulated_docker.TRAINING)


@pytest.fixture(scope="session")
def train(aws, training_image):
    """Start a job whose program is Python text; return its name."""

    def start(program="", **changes):
        return start_job(aws, changes.pop("image", training_image), program, **changes)

    return start


def start_job(aws, image, program, **changes):
    name = aws.name("job")
    spec = {"TrainingImage": image, "TrainingInputMode": "File", **changes.pop("spec", {})}
    aws.sm.create_training_job(
        TrainingJobName=name,
        AlgorithmSpecification=spec,
        RoleArn=aws.role,
        HyperParameters={"program": json.dumps(program)},
        OutputDataConfig={"S3OutputPath": "s3://bucket/out"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
        StoppingCondition={"MaxRuntimeInSeconds": 60},
        **changes,
    )
    return name


@pytest.fixture(scope="session")
def job():
    return start_job


@pytest.fixture(scope="session")
def finish(aws):
    """Wait for a job's end and give its description."""

    def wait(name):
        def ended():
            described = aws.sm.describe_training_job(TrainingJobName=name)
            return described if described["TrainingJobStatus"] in ENDS else None

        return eventually(ended)

    return wait


@pytest.fixture(scope="session")
def serving_image(client, aws):
    return emulated_docker.push(client, aws, emulated_docker.SERVING)


@pytest.fixture
def host(aws, serving_image):
    """Helpers for endpoints; every endpoint is deleted at the end."""
    words = Host(aws, serving_image)
    yield words
    left = {entry["EndpointName"] for entry in aws.sm.list_endpoints()["Endpoints"]}
    for endpoint in left.intersection(words.endpoints):
        aws.sm.delete_endpoint(EndpointName=endpoint)
    eventually(lambda: not aws.sm.list_endpoints()["Endpoints"])
