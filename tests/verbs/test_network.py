"""Spot capacity, network and tags: jobs and models have them, but they are in no key."""

import pytest

from helpers.kit.doctor_runs import allow, examine, role
from helpers.kit.verb_runs import SAVE, jobs, write_function

pytestmark = pytest.mark.slow

VPC = "vpc: {subnets: [subnet-01234567], security_groups: [sg-01234567]}"
AWS = f"\naws:\n  {VPC}\n  tags: {{team: x, cost center: '12'}}\n"


def test_they_are_asked_for_and_found_without_them(ready, aws):
    write_function(ready, SAVE)
    ready.edit("sagemaker.yml", "  max_runtime", "  spot: {max_wait: 1h}\n  max_runtime")
    with_aws = (ready.root / "sagemaker.yml").read_text() + AWS
    ready.write("sagemaker.yml", with_aws)
    ready.succeed("train")
    (name,) = jobs(aws, ready)
    sagemaker = aws("sagemaker")
    job = sagemaker.describe_training_job(TrainingJobName=name)
    network = {"Subnets": ["subnet-01234567"], "SecurityGroupIds": ["sg-01234567"]}
    assert job["VpcConfig"] == network
    assert job["EnableManagedSpotTraining"] is True
    assert job["StoppingCondition"]["MaxWaitTimeInSeconds"] == 3600
    ready.succeed("compile-handler")
    made = ready.succeed("deploy").outputs
    assert sagemaker.describe_model(ModelName=made["model-name"])["VpcConfig"] == network
    own = {("team", "x"), ("cost center", "12")}
    for kind, thing in (
        ("training-job", name), ("model", made["model-name"]), ("endpoint", ready.name),
        ("endpoint-config", made["endpoint-config"]),
    ):  # fmt: skip
        arn = f"arn:aws:sagemaker:eu-west-1:123456789012:{kind}/{thing}"
        tags = sagemaker.list_tags(ResourceArn=arn)["Tags"]
        assert own <= {(tag["Key"], tag["Value"]) for tag in tags}, kind
    plain = with_aws.replace("  spot: {max_wait: 1h}\n", "").replace(", cost center: '12'", "")
    ready.write("sagemaker.yml", plain)
    assert ready.succeed("train").outputs["changed"] == "false"
    ready.write("sagemaker.yml", plain.replace(AWS.replace(", cost center: '12'", ""), ""))
    again = ready.succeed("train")
    assert again.outputs["changed"] == "true", "what ran in another network is not taken over"
    assert "VpcConfig" in again.stdout


def test_doctor_says_what_a_role_lacks_for_a_network(project, aws):
    project.write("sagemaker.yml", (project.root / "sagemaker.yml").read_text() + AWS)
    found, _ = examine(project)
    for what in ("training role", "serving role"):
        assert found[what]["state"] == "wrong"
        assert "ec2:CreateNetworkInterface, " in found[what]["found"]
        assert "VpcSubnets" in found[what]["fix"]
    allowed = role(aws, f"{project.name}-in-vpc", allow("ec2:*"))
    found, _ = examine(project, "--training-role", allowed, "--serving-role", allowed)
    assert {found[what]["state"] for what in ("training role", "serving role")} == {"fine"}
