"""The unmodified aws CLI and SageMaker SDKs against the emulator, in environments of their own.

SDK_PYTHON and SDK2_PYTHON name the interpreters of environments that hold the groups `sdk` and
`sdk2`: the versions 3 and 2 of the SDK exclude each other.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from helpers.emulator.clients import ACCOUNT, EVERYTHING, REGION, TIME_SCALE, Aws, archive
from helpers.emulator.image_programs import RUN, SERVE, TRAIN
from helpers.emulator.process import Emulator
from helpers.kit.paths import KIT

pytestmark = pytest.mark.sdk
SCRIPTS = Path(__file__).parent / "sdk"
CALLING = KIT / "examples/CallingFromPython"
# The SDKs would tell Amazon of each call.
SETTINGS = """\
SchemaVersion: "1.0"
SageMaker:
  PythonSDK:
    Modules:
      TelemetryOptOut: true
"""


def interpreter(variable):
    if not (name := os.environ.get(variable)):
        pytest.skip(f"{variable} is not set: it names a Python with the packages of its group")
    return Path(name)


@pytest.fixture(scope="module")
def python():
    return interpreter("SDK_PYTHON")


@pytest.fixture(scope="module")
def aws(tmp_path_factory):
    """An AWS that enforces IAM: its judge knows every call of these clients, and denies none."""
    folder = tmp_path_factory.mktemp("sdk") / "work"
    started = Emulator(folder, "--enforce-iam", "--time-scale", TIME_SCALE)
    yield Aws(started.url)
    assert started.stop() == 0
    assert "emulator: denied" not in started.errors


@pytest.fixture(scope="module")
def training_image(aws):
    return aws.push({"run": RUN, "main.py": TRAIN})


@pytest.fixture(scope="module")
def serving_image(aws):
    return aws.push({"run": RUN, "main.py": SERVE})


@pytest.fixture(scope="module")
def keys(aws):
    """Those of a user who may do everything; the account's own would not be judged."""
    aws.iam.create_user(UserName="user")
    words = {"UserName": "user", "PolicyName": "all", "PolicyDocument": json.dumps(EVERYTHING)}
    aws.iam.put_user_policy(**words)
    return aws.iam.create_access_key(UserName="user")["AccessKey"]


@pytest.fixture(scope="module")
def environment(aws, keys, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    (home / "settings.yml").write_text(SETTINGS)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TMPDIR": str(home),
        "AWS_ENDPOINT_URL": aws.url,
        "SAGEMAKER_USER_CONFIG_OVERRIDE": str(home / "settings.yml"),
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
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
def sdk(environment, tmp_path_factory):
    def run(script, variable="SDK_PYTHON", **words):
        done = subprocess.run(
            [interpreter(variable), SCRIPTS / script],
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


CAPITALS = """
def invoke(body, headers):
    is_csv = headers["Content-Type"].startswith("text/csv")
    return 200 if is_csv else 415, {"Content-Type": "text/csv"}, body.upper()
"""


@pytest.fixture(scope="module")
def served(aws, serving_image):
    """An endpoint that answers in capitals, which no script that calls it prints by itself."""
    container = {"Image": serving_image, "Environment": {"PROGRAM": CAPITALS}}
    aws.sm.create_model(ModelName="called", PrimaryContainer=container, ExecutionRoleArn=aws.role)
    variant = {"VariantName": "A", "ModelName": "called", "InitialInstanceCount": 1}
    aws.sm.create_endpoint_config(
        EndpointConfigName="called",
        ProductionVariants=[{**variant, "InstanceType": "ml.m5.large"}],
    )
    aws.sm.create_endpoint(EndpointName="called", EndpointConfigName="called")
    aws.sm.get_waiter("endpoint_in_service").wait(
        EndpointName="called", WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    return "called"


@pytest.mark.parametrize(
    ("script", "variable"),
    [
        ("with_boto3.py", "SDK_PYTHON"),
        ("with_sagemaker_sdk.py", "SDK_PYTHON"),
        ("with_sagemaker_sdk_2.py", "SDK2_PYTHON"),
        ("with_aws_cli.sh", "SDK_PYTHON"),
    ],
)
def test_the_example_calls_an_endpoint(served, environment, script, variable):
    python = interpreter(variable)
    program = [CALLING / script] if script.endswith(".sh") else [python, CALLING / script]
    request = CALLING / "requests/three_flowers.csv"
    done = subprocess.run(
        [*program, served, request],
        env={**environment, "PATH": f"{python.parent}:{environment['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.endswith(request.read_text().upper()), done.stdout


def test_version_3_trains_and_finds_the_job_again(sdk, aws, training_image):
    aws.put("sdk/input/x.csv", "1,2\n")
    result = sdk("train.py", IMAGE=training_image, PROGRAM=json.dumps(PROGRAM))
    assert (result["status"], result["account"]) == ("Completed", ACCOUNT)
    assert aws.get(result["model"])


PROGRAM = "print((ml / 'input/data/training/x.csv').read_text()); (ml / 'model/m').touch()"


def test_version_3_deploys_updates_asks_and_deletes(sdk, aws, serving_image):
    uri = aws.put("sdk/model.tar.gz", archive({"m.txt": "weights"}))
    result = sdk("deploy.py", IMAGE=serving_image, MODEL=uri)
    assert result == {"status": "InService", "config": "sdk-config-2", "answer": "5.1,3.5"}


def test_version_2_fits_attaches_deploys_updates_asks_and_deletes(
    sdk, aws, training_image, serving_image
):
    aws.put("sdk/input/x.csv", "1,2\n")
    images = {"TRAINING_IMAGE": training_image, "SERVING_IMAGE": serving_image}
    result = sdk("version_2.py", "SDK2_PYTHON", PROGRAM=json.dumps(PROGRAM), **images)
    assert aws.get(result.pop("model"))
    assert result == {"account": ACCOUNT, "answer": "5.1,3.5"}
    assert aws.sm.list_endpoints(NameContains="v2-endpoint")["Endpoints"] == []


@pytest.mark.parametrize(
    ("script", "variable", "registered"),
    [("beside.py", "SDK_PYTHON", "sdk-group"), ("beside_2.py", "SDK2_PYTHON", "v2-group/1")],
)
def test_a_package_is_registered_and_a_transform_job_refused(
    sdk, aws, serving_image, script, variable, registered
):
    """By the account's own keys: the judge does not know these operations."""
    uri = aws.put("sdk/model.tar.gz", archive({"m.txt": "weights"}))
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    result = sdk(script, variable, IMAGE=serving_image, MODEL=uri, **keys)
    assert result["registered"] == registered
    assert result["refused"].startswith("Not emulated: ")
