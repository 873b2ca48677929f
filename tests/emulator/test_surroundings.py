"""What surrounds the emulator and its programs: moto, mounts, the user's settings."""

from __future__ import annotations

import json
import os
from xml.etree import ElementTree as ET

import pytest
from botocore.exceptions import ClientError

from emulator.web import internal_failure
from helpers.emulator.clients import Aws
from helpers.emulator.process import IMPORTED, WITHOUT_MOUNTS, may_mount
from helpers.kit.waiting import eventually

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("action", ["sts", "secrets", "logs", "iam"])
def test_motos_other_services_answer(aws, action):
    calls = {
        "sts": lambda: aws.sts.get_caller_identity()["Account"],
        "secrets": lambda: aws.client("secretsmanager").create_secret(
            Name="token", SecretString="x"
        )["ARN"],
        "logs": lambda: aws.logs.describe_log_groups()["ResponseMetadata"],
        "iam": lambda: aws.iam.simulate_principal_policy(
            PolicySourceArn=aws.role, ActionNames=["s3:GetObject"]
        )["EvaluationResults"][0]["EvalDecision"],
    }
    assert calls[action]()


def test_an_action_that_nobody_does_is_an_error_and_not_the_end(aws):
    with pytest.raises(ClientError) as caught:
        aws.logs.list_anomalies()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert "NotImplementedError" in str(caught.value)
    assert aws.logs.describe_log_groups()


def test_a_package_that_is_missing_is_named_with_where_it_is(start, tmp_path):
    package = "openapi_spec_validator"  # moto's CloudFormation imports it at the first request
    (tmp_path / f"{package}.py").write_text(f"raise ModuleNotFoundError('', name='{package}')")
    aws = Aws(start(PYTHONPATH=f"{tmp_path}{os.pathsep}{IMPORTED}").url)
    with pytest.raises(ClientError, match=f"no Python package {package}") as caught:
        aws.client("cloudformation").create_stack(StackName="x", TemplateBody="{}")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert "group dev" in str(caught.value)
    assert aws.logs.describe_log_groups()


@pytest.mark.parametrize("content_type", ["application/x-amz-json-1.1", "text/xml", ""])
@pytest.mark.parametrize("said", ["plain", '<a> & "b"', "a\nb", "\x00\x1b", "größe"])
def test_the_reason_is_read_by_whom_it_is_told(content_type, said):
    headers, body = internal_failure.answer(ValueError(said), {"CONTENT_TYPE": content_type})
    if "json" in dict(headers)["Content-Type"]:
        message = json.loads(body)["message"]
    else:
        message = ET.fromstring(body).findtext("Error/Message")
        said = "".join(c if c.isprintable() else " " for c in said)
    assert message == f"The emulator failed: ValueError: {said}"


def test_without_mounts_the_program_is_told_its_folder(start):
    if os.geteuid() != 0:
        pytest.skip("not root: every other test of this folder runs without mounts")
    emulator = start(prefix=WITHOUT_MOUNTS)
    aws = Aws(emulator.url)
    name = aws.run("print(os.environ['SAGEMAKER_BASE_DIR']); (ml / 'model/m').touch()")
    eventually(lambda: aws.completed(name))
    (folder,) = aws.job_log(name)
    assert folder.startswith(str(emulator.work))


def test_with_mounts_the_program_finds_opt_ml_itself(start):
    if not may_mount():
        pytest.skip("mounts are not permitted here")
    aws = Aws(start().url)
    program = "print('SAGEMAKER_BASE_DIR' in os.environ, os.listdir('/opt/ml/input'))"
    name = aws.run(program)
    eventually(lambda: aws.completed(name))
    assert aws.job_log(name) == ["False ['config', 'data']"]


def test_the_users_own_aws_settings_do_not_reach_it(start):
    settings = {
        "AWS_PROFILE": "nowhere",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "HTTP_PROXY": "http://127.0.0.1:9",
    }
    aws = Aws(start(**settings).url)
    name = aws.run("print([n for n in os.environ if 'PROXY' in n or n == 'AWS_PROFILE'])")
    eventually(lambda: aws.completed(name))
    assert aws.job_log(name) == ["[]"]
