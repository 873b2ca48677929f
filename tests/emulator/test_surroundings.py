"""What stands around the emulator and its programs: moto, mounts, the user's settings."""

from __future__ import annotations

import os
import subprocess

import pytest
from botocore.exceptions import ClientError

from emulated import Aws, eventually


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
        aws.sm.create_hub(HubName="x", HubDescription="x")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert aws.sm.list_models()


def test_without_mounts_the_program_is_told_its_folder(start):
    if os.geteuid() != 0:
        pytest.skip("not root: every other test of this folder runs without mounts")
    emulator = start(prefix=("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin"))
    aws = Aws(emulator.url)
    name = aws.run("print(os.environ['SAGEMAKER_BASE_DIR']); (ml / 'model/m').touch()")
    eventually(lambda: aws.completed(name))
    (folder,) = aws.job_log(name)
    assert folder.startswith(str(emulator.work))


def test_with_mounts_the_program_finds_opt_ml_itself(start):
    if os.geteuid() != 0 or subprocess.run(["unshare", "--mount", "true"], check=False).returncode:
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
