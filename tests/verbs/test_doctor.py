"""Doctor: a good and a bad case of each row; no problem hides another; it changes nothing."""

import json
import os
import re
import signal

import boto3
import pytest

from helpers.aws import iam_requests
from helpers.aws.fault_proxy import Recorder, Refuser, proxy
from helpers.kit import verb_runs
from helpers.kit.doctor_runs import allow, examine, role, secret, state
from matlab_sagemaker.doctor import account

NO_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "",
    "AWS_SECRET_ACCESS_KEY": "",
    "AWS_SHARED_CREDENTIALS_FILE": "/none",
    "AWS_CONFIG_FILE": "/none",
    "AWS_EC2_METADATA_DISABLED": "true",
}
DENIED = """<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>
<Message>is not authorized to perform: iam:GetRole</Message></Error></ErrorResponse>"""
KEYS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
ID_TOKEN = {"ACTIONS_ID_TOKEN_REQUEST_URL": "http://127.0.0.1:9/token"}


def test_all_is_well_and_exit_code_is_zero(project):
    found, result = examine(project)
    assert result.code == 0
    assert {row["state"] for row in found.values()} == {"fine", "skipped"}
    assert "| sagemaker.yml | ✔ |" in result.summary


def test_no_problem_hides_another(project):
    project.edit("sagemaker.yml", "name: t", "name: T")
    project.edit("sagemaker.yml", "max_runtime: 15m", "max_runtime: never")
    found, result = examine(project, **NO_CREDENTIALS)
    assert result.code == 18
    assert found["sagemaker.yml"]["found"].count("allowed:") == 2
    assert found["AWS identity"]["state"] == "wrong"
    assert found["GitHub's id-token"]["state"] == "wrong"
    assert {found[what]["state"] for what in (*account.USERS, "permissions")} == {"skipped"}
    assert found["git"]["state"] == "fine"


def test_nothing_is_changed(project, aws):
    secret(project, aws, "x")
    arn, recorder = role(aws, f"{project.name}-ci", allow("*")), Recorder()
    with proxy(project.url, recorder) as url:
        examine(project, "--principal", arn, AWS_ENDPOINT_URL=url)
    asked = [q.action for e in recorder.exchanges for q in iam_requests.asked(e, "123456789012")]
    assert len(set(asked)) > 4
    assert {re.match(r"[A-Z][a-z]+", action.partition(":")[2])[0] for action in asked} <= {
        "Describe", "Get", "List", "Head", "Simulate",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--steps", "train fly"), "names 'fly'"),
        (("--principal", "me"), "the ARN of a role or user"),
        (("--builder", "podman"), "allowed: docker, folder"),
        (("--region", "europe"), "such as eu-west-1"),
    ],
)
def test_a_bad_input_is_named(project, arguments, words):
    result = project.run("doctor", *arguments)
    assert result.code == 2
    assert words in result.annotations[0]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (ID_TOKEN, "fine"),
        ({}, "skipped"),
        ({"GITHUB_ACTIONS": ""}, "skipped"),
        (NO_CREDENTIALS, "wrong"),
        ({**NO_CREDENTIALS, **ID_TOKEN}, "fine"),
    ],
)
def test_the_jobs_permission_to_ask_for_tokens(project, environment, expected):
    assert state(project, "GitHub's id-token", **environment) == expected


def test_a_region_is_needed(project):
    found, _ = examine(project, AWS_REGION="", AWS_DEFAULT_REGION="")
    assert "No AWS Region" in found["AWS identity"]["found"]
    assert "the repository variable AWS_REGION" in found["AWS identity"]["fix"]


@pytest.mark.parametrize(("role", "step"), [("training", "train"), ("serving", "deploy")])
def test_the_role_that_a_step_passes_is_there(project, role, step):
    what, nobody = f"{role} role", (f"--{role}-role", "nobody")
    assert state(project, what) == "fine"
    assert state(project, what, *nobody) == "wrong"
    assert state(project, what, *nobody, "--steps", step) == "wrong"
    other = {"train": "deploy", "deploy": "train"}[step]
    assert state(project, what, *nobody, "--steps", other) == "skipped"


def test_the_bucket_is_ours_and_in_the_region_or_will_be_made(project, aws):
    here, there = f"{project.name}-here", f"{project.name}-there"
    for bucket, region in ((here, verb_runs.REGION), (there, "eu-central-1")):
        place = {"LocationConstraint": region}
        s3 = boto3.client("s3", region_name=region, endpoint_url=project.url, **KEYS)
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=place)
    assert state(project, "bucket", "--bucket", here) == "fine"
    assert state(project, "bucket", "--bucket", f"{project.name}-none") == "fine"
    assert state(project, "bucket", "--bucket", there) == "wrong"
    with proxy(project.url, Refuser("HEAD /", 403, "")) as url:
        assert state(project, "bucket", "--bucket", here, AWS_ENDPOINT_URL=url) == "wrong"


def test_the_buckets_rules_are_looked_at_as_deploy_does(ready, aws):
    s3, bucket = aws("s3"), f"{ready.name}-rules"
    look = ("bucket rules", "--bucket", bucket)
    assert state(ready, *look) == "fine", "it is not there yet"
    killed = []

    def kill_behind(exchange):
        if not exchange.what.startswith(f"PUT /{bucket}"):
            return exchange
        killed.append(exchange.what)
        os.kill(process.pid, signal.SIGKILL)
        return None

    with proxy(ready.url, kill_behind) as url:
        process = ready.start("train", "--bucket", bucket, AWS_ENDPOINT_URL=url)
        process.communicate(timeout=60)
    assert killed == [f"PUT /{bucket}"], "it was killed between the bucket and its policy"
    found, _ = examine(ready, *look[1:])
    assert found["bucket rules"]["state"] == "wrong"
    assert "does not have WrittenOnce" in found["bucket rules"]["found"]
    rules = json.loads(found["bucket rules"]["fix"].partition("policy: ")[2])
    policy = json.dumps({"Version": "2012-10-17", "Statement": rules})
    s3.put_bucket_policy(Bucket=bucket, Policy=policy)
    assert state(ready, *look) == "fine", "the fix works"
    rule = {"ID": "tidy", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 9}}
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [rule]})
    assert state(ready, *look) == "wrong"
    assert state(ready, *look, "--steps", "train") == "skipped"


def test_where_it_may_not_see_the_buckets_rules_it_says_so(project, aws):
    bucket = f"{project.name}-hidden"
    place = {"LocationConstraint": verb_runs.REGION}
    aws("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=place)
    arn = role(aws, f"{project.name}-hidden", allow("*"))
    denied = "<Error><Code>AccessDenied</Code><Message>s3:GetBucketPolicy</Message></Error>"
    with proxy(project.url, Refuser("?policy", 403, denied)) as url:
        for principal, expected in (((), "wrong"), (("--principal", arn), "skipped")):
            found, _ = examine(project, "--bucket", bucket, *principal, AWS_ENDPOINT_URL=url)
            row = found["bucket rules"]
            assert row["state"] == expected
            assert f"AWS refused while reading the policy of s3://{bucket}" in row["found"]


@pytest.mark.parametrize(
    ("what", "user", "maker"),
    [
        ("training image", "train", "build-training-image"),
        ("inference image", "deploy", "compile-handler"),
    ],
)
def test_an_image_is_there_or_a_step_makes_it(project, what, user, maker):
    own = f"engine: octave\n  base_image: debian:{project.name}"  # no other test has these images
    project.edit("sagemaker.yml", "engine: octave", own)
    if user == "deploy":
        assert state(project, what, "--steps", user) == "wrong"
    assert state(project, what, "--steps", f"{user}, {maker}") == "skipped"
    project.succeed(maker)
    assert state(project, what, "--steps", user) == "fine"


def test_a_training_image_that_nobody_makes_is_missing(project):
    project.edit("sagemaker.yml", "engine: octave", "engine: octave\n  base_image: none/such")
    found, _ = examine(project, "--steps", "train")
    assert found["training image"]["state"] == "wrong"
    assert found["training image"]["fix"] == "Run build-training-image first."


@pytest.mark.parametrize(("value", "expected"), [(None, "wrong"), ("", "wrong"), ("x", "fine")])
def test_the_batch_token_is_in_the_secret(project, aws, value, expected):
    secret(project, aws, value)
    assert state(project, "batch token", "--steps", "train") == expected
    assert state(project, "batch token", "--steps", "deploy") == "skipped"


def test_the_batch_token_is_never_read(project, aws):
    secret(project, aws, "user@example.com::token")
    recorder = Recorder()
    with proxy(project.url, recorder) as url:
        _, result = examine(project, "--steps", "train", AWS_ENDPOINT_URL=url)
    assert not [e for e in recorder.exchanges if "GetSecretValue" in e.what]
    assert "user@example.com" not in result.stdout + result.stderr + result.summary


def test_a_permission_that_a_step_needs_is_missed(project, aws):
    deny = {"Effect": "Deny", "Action": "sagemaker:AddTags", "Resource": "*"}
    arn = role(aws, f"{project.name}-ci", allow("*"), deny)
    found, _ = examine(project, "--steps", "deploy predict", "--principal", arn)
    assert found["permissions of predict"]["state"] == "fine"
    assert found["permissions of deploy"]["found"] == (
        "not allowed: sagemaker:AddTags (model), sagemaker:AddTags (configuration), "
        "sagemaker:AddTags (endpoint)"
    )


def test_all_permissions_are_there(project, aws):
    arn = role(aws, f"{project.name}-ci", allow("*"))
    found, _ = examine(project, "--principal", arn)
    steps = ("build-training-image", "train", "try-handler", "compile-handler", "deploy", "predict")
    for step in steps:
        assert found[f"permissions of {step}"]["state"] == "fine"


def test_the_instance_of_a_trial_is_asked_for_and_not_that_of_the_training(project, aws):
    large = "instance_type: ml.g5.xlarge\n  max_runtime"
    project.edit("sagemaker.yml", "instance_type: ml.m5.large\n  max_runtime", large)
    only = {"ForAllValues:StringLike": {"sagemaker:InstanceTypes": ["ml.g5.*"]}}
    makes = {**allow("sagemaker:CreateTrainingJob"), "Condition": only}
    others = {"Effect": "Allow", "NotAction": "sagemaker:CreateTrainingJob", "Resource": "*"}
    arn = role(aws, f"{project.name}-ci", makes, others)
    found, _ = examine(project, "--steps", "train try-handler", "--principal", arn)
    assert found["permissions of train"]["state"] == "fine"
    trial = found["permissions of try-handler"]
    assert trial["found"] == "not allowed: sagemaker:CreateTrainingJob (job)"
    assert "runs on ml.m5.large" in trial["fix"]


def test_a_session_is_checked_as_its_role(project, aws):
    arn = role(aws, f"{project.name}-ci", allow("sagemaker:InvokeEndpoint"))
    given = aws("sts").assume_role(RoleArn=arn, RoleSessionName="ci")["Credentials"]
    session = {
        "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["SessionToken"],
    }
    found, _ = examine(project, "--steps", "predict", **session)
    assert f"assumed-role/{project.name}-ci/ci" in found["AWS identity"]["found"]
    assert "logs:GetLogEvents" in found["permissions of predict"]["found"]
    assert "InvokeEndpoint" not in found["permissions of predict"]["found"]


def test_who_may_not_ask_iam_is_not_told_that_something_is_wrong(project, aws):
    arn = role(aws, f"{project.name}-ci", allow("*"))
    with proxy(project.url, Refuser("POST /", 403, DENIED)) as url:
        services = {f"AWS_ENDPOINT_URL_{name}": project.url for name in ("STS",)}
        found, _ = examine(project, "--principal", arn, AWS_ENDPOINT_URL_IAM=url, **services)
    assert found["permissions"]["state"] == found["training role"]["state"] == "skipped"
    assert "not authorized" in found["permissions"]["found"]
