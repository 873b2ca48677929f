"""Requests about training jobs: what is refused."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from helpers.emulator.clients import ACCOUNT, REGION, TRUST

REGISTRY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"


def source(**more):
    return {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/x", **more}


def tags(count):
    return [{"Key": f"k{number}", "Value": ""} for number in range(count)]


def many(count):
    return {f"k{number}": "v" for number in range(count)}


REFUSED = {
    "a name with an underscore": ({"TrainingJobName": "a_b"}, "regular expression pattern"),
    "a name that ends in a hyphen": ({"TrainingJobName": "a-"}, "regular expression pattern"),
    "a name of 64 characters": ({"TrainingJobName": "a" * 64}, "less than or equal to 63"),
    "101 hyperparameters": ({"HyperParameters": many(101)}, "less than or equal to 100"),
    "a long hyperparameter": ({"HyperParameters": {"a": "x" * 2501}}, "equal to 2500"),
    "a long hyperparameter name": ({"HyperParameters": {"a" * 257: "x"}}, "equal to 256"),
    "101 variables": ({"Environment": many(101)}, "less than or equal to 100"),
    "a variable with a hyphen": ({"Environment": {"a-b": "x"}}, "regular expression pattern"),
    "a long variable": ({"Environment": {"a": "x" * 513}}, "less than or equal to 512"),
    "51 tags": ({"Tags": tags(51)}, "less than or equal to 50"),
    "a tag with a star": ({"Tags": [{"Key": "*", "Value": ""}]}, "regular expression pattern"),
    "a value of two lines": ({"HyperParameters": {"a": "1\n2"}}, "pattern: .*"),
    "29 days": ({"StoppingCondition": {"MaxRuntimeInSeconds": 29 * 86400}}, "2419200"),
    "41 metrics": (
        {"spec": {"MetricDefinitions": [{"Name": f"m{n}", "Regex": "x"} for n in range(41)]}},
        "less than or equal to 40",
    ),
    "a metric that is no expression": (
        {"spec": {"MetricDefinitions": [{"Name": "m", "Regex": "("}]}},
        "Invalid metric definition regex",
    ),
    "a metric that repeats too often": (
        {"spec": {"MetricDefinitions": [{"Name": "m", "Regex": "(.{99999999999})"}]}},
        "repetition number is too large",
    ),
    "an unknown instance type": (
        {
            "ResourceConfig": {
                "InstanceType": "ml.x9.huge",
                "InstanceCount": 1,
                "VolumeSizeInGB": 5,
            }
        },
        "enum value set",
    ),
    "21 channels": (
        {
            "InputDataConfig": [
                {"ChannelName": f"c{n}", "DataSource": {"S3DataSource": source()}}
                for n in range(21)
            ]
        },
        "less than or equal to 20",
    ),
    "a manifest channel": (
        {
            "InputDataConfig": [
                {
                    "ChannelName": "c",
                    "DataSource": {"S3DataSource": source(S3DataType="ManifestFile")},
                }
            ]
        },
        "Not emulated",
    ),
    "Pipe mode": ({"spec": {"TrainingInputMode": "Pipe"}}, "Not emulated"),
    "an image elsewhere": ({"spec": {"TrainingImage": "docker.io/x:1"}}, "Invalid training image"),
    "no repository": (
        {"spec": {"TrainingImage": f"{REGISTRY}/nowhere:1"}},
        f"Cannot find repository: nowhere in registry ID: {ACCOUNT}",
    ),
    "no stopping condition": ({"StoppingCondition": {}}, None),
}


@pytest.mark.parametrize("case", [name for name, (_, text) in REFUSED.items() if text])
def test_a_request_over_a_limit_is_refused(aws, request_for, case):
    changes, text = REFUSED[case]
    with pytest.raises(ClientError) as caught:
        aws.sm.create_training_job(**request_for(**changes))
    assert caught.value.response["Error"]["Code"] == "ValidationException"
    assert text in caught.value.response["Error"]["Message"]


def test_every_fault_is_told_at_once(aws, request_for):
    with pytest.raises(ClientError, match="2 validation errors detected"):
        aws.sm.create_training_job(**request_for(TrainingJobName="_", HyperParameters=many(101)))


def test_limits_themselves_are_accepted(aws, request_for):
    whole = request_for(
        TrainingJobName="a" * 63,
        HyperParameters={**many(99), "big": "x" * 2500},
        Environment={**many(99), "B": "x" * 512},
        Tags=tags(50),
    )
    assert aws.sm.create_training_job(**whole)["TrainingJobArn"].endswith("a" * 63)


def test_a_tag_that_is_missing_in_the_repository_is_refused(aws, request_for):
    uri = f"{REGISTRY}/{aws.repository()}:nothing"
    with pytest.raises(ClientError, match="Cannot find the requested image"):
        aws.sm.create_training_job(**request_for(spec={"TrainingImage": uri}))


def test_a_role_that_does_not_exist_is_refused(aws, request_for):
    role = f"arn:aws:iam::{ACCOUNT}:role/nobody"
    with pytest.raises(ClientError, match=f"ValidationException.*Could not assume role {role}"):
        aws.sm.create_training_job(**request_for(RoleArn=role))


def test_a_role_that_does_not_trust_sagemaker_is_refused(aws, request_for):
    trust = str(TRUST).replace("sagemaker.", "lambda.").replace("'", '"')
    answer = aws.iam.create_role(RoleName="other", AssumeRolePolicyDocument=trust)
    with pytest.raises(ClientError, match="Could not assume role"):
        aws.sm.create_training_job(**request_for(RoleArn=answer["Role"]["Arn"]))


def test_a_name_is_never_free_again(aws, request_for):
    whole = request_for()
    aws.sm.create_training_job(**whole)
    with pytest.raises(aws.sm.exceptions.ResourceInUse, match="must be unique"):
        aws.sm.create_training_job(**whole)


def test_the_same_name_is_free_in_another_region(aws, request_for):
    whole = request_for()
    aws.sm.create_training_job(**whole)
    there = aws.client("sagemaker", "us-east-1")
    assert "us-east-1" in there.create_training_job(**whole)["TrainingJobArn"]


@pytest.mark.parametrize("action", ["describe_training_job", "stop_training_job"])
def test_a_job_that_does_not_exist_is_not_found(aws, action):
    with pytest.raises(ClientError, match=r"ValidationException.*Requested resource not found\."):
        getattr(aws.sm, action)(TrainingJobName="ghost")
