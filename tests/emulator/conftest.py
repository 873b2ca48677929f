"""One emulator process for the session, and helpers with which its tests train and deploy."""

from __future__ import annotations

import json

import pytest

from helpers.emulator.clients import TIME_SCALE, Aws
from helpers.emulator.hosting_requests import Host
from helpers.emulator.image_programs import RUN, SERVE, TRAIN
from helpers.emulator.process import Emulator
from helpers.kit.waiting import eventually


@pytest.fixture(scope="session")
def emulator(tmp_path_factory):
    started = Emulator(tmp_path_factory.mktemp("emulator") / "work", "--time-scale", TIME_SCALE)
    yield started
    assert started.stop() == 0


@pytest.fixture(scope="session")
def aws(emulator):
    return Aws(emulator.url)


@pytest.fixture(scope="session")
def request_for(aws, training_image):
    """Return a whole, valid request with some members changed; None takes a member out."""

    def make(**changes):
        spec = {"TrainingImage": training_image, "TrainingInputMode": "File"}
        whole = {
            "TrainingJobName": aws.name("api"),
            "AlgorithmSpecification": {**spec, **changes.pop("spec", {})},
            "RoleArn": aws.role,
            "OutputDataConfig": {"S3OutputPath": "s3://bucket/out"},
            "ResourceConfig": {
                "InstanceType": "ml.m5.large",
                "InstanceCount": 1,
                "VolumeSizeInGB": 5,
            },
            "StoppingCondition": {"MaxRuntimeInSeconds": 60},
            **changes,
        }
        return {key: value for key, value in whole.items() if value is not None}

    return make


@pytest.fixture(scope="session")
def training_image(aws):
    return aws.push({"run": RUN, "main.py": TRAIN})


@pytest.fixture(scope="session")
def serving_image(aws):
    return aws.push({"run": RUN, "main.py": SERVE})


@pytest.fixture(scope="session")
def train(aws, request_for):
    """Start a job whose program is Python text; return its name."""

    def start(program="", **changes):
        resources = {"InstanceType": "ml.m5.large", "VolumeSizeInGB": 5}
        request = request_for(
            TrainingJobName=aws.name("job"),
            ResourceConfig={**resources, "InstanceCount": changes.pop("count", 1)},
            StoppingCondition={"MaxRuntimeInSeconds": changes.pop("limit", 60)},
            HyperParameters={
                "program": json.dumps(program),
                **changes.pop("hyperparameters", {}),
            },
            **changes,
        )
        aws.sm.create_training_job(**request)
        return request["TrainingJobName"]

    return start


@pytest.fixture(scope="session")
def finish(aws):
    """Wait for a job's end and give its description."""

    def wait(name):
        def ended():
            job = aws.sm.describe_training_job(TrainingJobName=name)
            return job if job["TrainingJobStatus"] in {"Completed", "Failed", "Stopped"} else None

        return eventually(ended)

    return wait


@pytest.fixture(scope="module")
def host(aws, serving_image):
    """Helpers for endpoints; every endpoint is deleted at the end."""
    words = Host(aws, serving_image)
    yield words
    for endpoint in words.endpoints:
        aws.sm.delete_endpoint(EndpointName=endpoint)
    eventually(lambda: not aws.sm.list_endpoints()["Endpoints"])


@pytest.fixture
def start(tmp_path):
    """Start separate emulators; those that still run at the end are stopped."""
    started = []

    def emulator(*options, **words):
        started.append(Emulator(tmp_path / "work", "--time-scale", TIME_SCALE, *options, **words))
        return started[-1]

    yield emulator
    for process in started:
        process.stop()
