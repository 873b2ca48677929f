"""How far the roles reach: what decides about production is out of every pull request's reach."""

import pytest

from account import PARAMETERS
from conftest import KIT

TEMPLATE = KIT / "scripts/setup/aws.yml"
CI_ROLES = ("ImageRoleArn", "TrainRoleArn", "CompileRoleArn", "DeployRoleArn")


def may(account, output, action, resource):
    return account.decide(account.outputs[output], action, resource, {}) == "allowed"


@pytest.mark.parametrize(
    ("place", "by_train", "by_jobs"),
    [
        ("t/code/1/code.tar.gz", True, False),
        ("tea/data/training/1/folder/data.csv", True, False),
        ("t/jobs/t-1-1/output/model.tar.gz", False, True),
        ("t/model.tar.gz", False, False),
        ("other/code/1/code.tar.gz", False, False),
        ("other/jobs/t-1-1/output/model.tar.gz", False, False),
    ],
)
def test_a_model_is_written_by_jobs_alone_and_its_sources_never(account, place, by_train, by_jobs):
    object_ = f"arn:aws:s3:::{account.outputs['BucketName']}/{place}"
    assert may(account, "TrainRoleArn", "s3:PutObject", object_) == by_train
    assert may(account, "ExecutionRoleArn", "s3:PutObject", object_) == by_jobs
    assert may(account, "ExecutionRoleArn", "s3:GetObject", object_) == place.startswith("t")
    for output in ("ImageRoleArn", "CompileRoleArn", "DeployRoleArn"):
        assert not may(account, output, "s3:PutObject", object_)


@pytest.mark.parametrize("output", CI_ROLES)
@pytest.mark.parametrize("action", ["ecr:PutImage", "ecr:BatchDeleteImage"])
def test_no_pull_request_changes_the_image_that_serves(account, output, action):
    for purpose, pusher in (("training", "ImageRoleArn"), ("inference", "CompileRoleArn")):
        images = f"arn:aws:ecr:eu-west-1:123456789012:repository/matlab-sagemaker/{purpose}"
        assert may(account, output, action, images) == (output == pusher)


def test_no_role_puts_in_the_token_unless_it_is_asked_for(fresh):
    outputs = fresh.create("plain", TEMPLATE.read_text(), {**PARAMETERS, **fresh.names_of("plain")})
    for action in ("secretsmanager:PutSecretValue", "secretsmanager:DescribeSecret"):
        assert not may(fresh, "ImageRoleArn", action, outputs["BatchTokenSecretArn"])
    fresh.client("cloudformation").delete_stack(StackName="plain")
