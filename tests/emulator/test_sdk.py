"""The unmodified aws CLI and SageMaker SDK against the emulator, each in an environment of its own.

SDK_PYTHON names the interpreter of an environment that holds the group `sdk`.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from emulated import REGION, archive

pytestmark = pytest.mark.sdk
SCRIPTS = Path(__file__).parent / "sdk"


@pytest.fixture(scope="module")
def python():
    name = os.environ.get("SDK_PYTHON")
    if not name:
        pytest.skip("SDK_PYTHON is not set: it names a Python with the packages of group sdk")
    return Path(name)


@pytest.fixture(scope="module")
def environment(aws, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TMPDIR": str(home),
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "ROLE": aws.role,
    }


@pytest.fixture(scope="module")
def cli(python, environment):
    def call(*words):
        program = python.parent / "aws"
        done = subprocess.run(
            [program, *words, "--output", "json"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else {}

    return call


@pytest.fixture(scope="module")
def sdk(python, environment, tmp_path_factory):
    def run(script, **words):
        done = subprocess.run(
            [python, SCRIPTS / script],
            env={**environment, **words},
            cwd=tmp_path_factory.mktemp("sdk"),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    return run


def test_the_cli_trains_and_waits(cli, aws, training_image, tmp_path):
    program = json.dumps("print('accuracy=0.5'); (ml / 'model/m').write_text('x')")
    request = {
        "TrainingJobName": "cli-job",
        "RoleArn": aws.role,
        "AlgorithmSpecification": {
            "TrainingImage": training_image,
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "accuracy", "Regex": "accuracy=([0-9.]+)"}],
        },
        "HyperParameters": {"program": program},
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/cli"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    }
    path = tmp_path / "request.json"
    path.write_text(json.dumps(request))
    cli("sagemaker", "create-training-job", "--cli-input-json", f"file://{path}")
    name = ("--training-job-name", "cli-job")
    cli("sagemaker", "wait", "training-job-completed-or-stopped", *name)
    job = cli("sagemaker", "describe-training-job", *name)
    assert job["FinalMetricDataList"][0]["Value"] == 0.5
    key = job["ModelArtifacts"]["S3ModelArtifacts"].removeprefix("s3://bucket/")
    assert cli("s3api", "head-object", "--bucket", "bucket", "--key", key)["ContentLength"]


def test_the_cli_deploys_and_invokes(cli, aws, serving_image, tmp_path):
    container = json.dumps({"Image": serving_image})
    role = ("--execution-role-arn", aws.role)
    cli("sagemaker", "create-model", "--model-name", "cli", "--primary-container", container, *role)
    variant = "VariantName=A,ModelName=cli,InstanceType=ml.m5.large,InitialInstanceCount=1"
    config = ("--endpoint-config-name", "cli")
    cli("sagemaker", "create-endpoint-config", *config, "--production-variants", variant)
    name = ("--endpoint-name", "cli")
    cli("sagemaker", "create-endpoint", *name, *config)
    cli("sagemaker", "wait", "endpoint-in-service", *name)
    body, answer = tmp_path / "body.csv", tmp_path / "answer.csv"
    body.write_text("5.1,3.5")
    words = ("--body", f"fileb://{body}", "--content-type", "text/csv", str(answer))
    assert cli("sagemaker-runtime", "invoke-endpoint", *name, *words)["ContentType"] == "text/csv"
    assert answer.read_text() == "5.1,3.5"
    cli("sagemaker", "delete-endpoint", *name)


def test_model_trainer_trains(sdk, aws, training_image):
    aws.put("sdk/input/x.csv", "1,2\n")
    program = "print((ml / 'input/data/training/x.csv').read_text()); (ml / 'model/m').touch()"
    result = sdk("train.py", IMAGE=training_image, PROGRAM=json.dumps(program))
    assert result["status"] == "Completed"
    assert aws.get(result["model"])


def test_core_resources_deploy_invoke_and_delete(sdk, aws, serving_image):
    uri = aws.put("sdk/model.tar.gz", archive({"m.txt": "weights"}))
    result = sdk("deploy.py", IMAGE=serving_image, MODEL=uri)
    assert result == {"status": "InService", "answer": "5.1,3.5"}
