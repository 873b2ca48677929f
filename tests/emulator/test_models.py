"""Requests about models and endpoint configurations: what is refused, listed and tagged."""

from __future__ import annotations

import json
import re

import pytest
from botocore.exceptions import ClientError

from helpers.emulator.clients import MANIFEST, says


def test_names_that_are_taken_are_refused(host, aws):
    name = host.endpoint(host.variant())
    found = aws.sm.describe_endpoint(EndpointName=name)
    config = aws.sm.describe_endpoint_config(EndpointConfigName=found["EndpointConfigName"])
    model = config["ProductionVariants"][0]["ModelName"]
    words = {"EndpointConfigName": config["EndpointConfigName"]}
    variants = config["ProductionVariants"]
    container = {"Image": host.image}
    for kind, call in {
        "endpoint": lambda: aws.sm.create_endpoint(EndpointName=name, **words),
        "endpoint configuration": lambda: aws.sm.create_endpoint_config(
            ProductionVariants=variants, **words
        ),
        "model": lambda: aws.sm.create_model(
            ModelName=model, ExecutionRoleArn=aws.role, PrimaryContainer=container
        ),
    }.items():
        with pytest.raises(ClientError) as caught:
            call()
        error = caught.value.response["Error"]
        assert error["Code"] == "ValidationException"
        assert error["Message"].startswith(f"Cannot create already existing {kind} ")


def test_what_does_not_exist_is_not_found(host, aws):
    name = host.endpoint(host.variant())
    for text, call in {
        "Could not find endpoint ": lambda: aws.sm.describe_endpoint(EndpointName="ghost"),
        "Could not find endpoint": lambda: aws.sm.delete_endpoint(EndpointName="ghost"),
        "Could not find model": lambda: aws.sm.describe_model(ModelName="ghost"),
        "Could not find endpoint configuration": lambda: aws.sm.update_endpoint(
            EndpointName=name, EndpointConfigName="ghost"
        ),
    }.items():
        with pytest.raises(ClientError, match=f"ValidationException.*{text}"):
            call()
    assert host.settled(name)["EndpointStatus"] == "InService"


def test_a_model_needs_its_role_image_and_data(host, aws):
    container = {"Image": host.image}
    base = host.image.partition("/")[0]
    cases = {
        "Could not assume role": {"ExecutionRoleArn": aws.role + "x"},
        "Requested image .* not found": {"PrimaryContainer": {"Image": f"{base}/nowhere:1"}},
        "Could not find model data at s3://bucket/no.tar.gz": {
            "PrimaryContainer": {**container, "ModelDataUrl": "s3://bucket/no.tar.gz"}
        },
        "Not emulated": {
            "PrimaryContainer": None,
            "Containers": [container, container],
        },
    }
    for text, changes in cases.items():
        whole = {"ExecutionRoleArn": aws.role, "PrimaryContainer": container, **changes}
        whole = {key: value for key, value in whole.items() if value}
        with pytest.raises(ClientError, match=f"ValidationException.*{text}"):
            aws.sm.create_model(ModelName=aws.name("refused"), **whole)


def test_an_image_that_no_process_here_can_run_is_refused_with_the_fix(aws):
    image = aws.push({"run": "x"}, architecture="arm64")
    with pytest.raises(ClientError, match=r"architecture arm64.*--platform linux/amd64"):
        aws.sm.create_model(
            ModelName="arm64", ExecutionRoleArn=aws.role, PrimaryContainer={"Image": image}
        )


def test_an_oci_manifest_is_refused_as_sagemaker_refuses_it(aws):
    repository = aws.repository()
    media = "application/vnd.oci.image.manifest.v1+json"
    text = aws.manifest(repository, {"run": "x"}).replace(MANIFEST, media)
    digest = aws.ecr.put_image(repositoryName=repository, imageManifest=text)["image"]["imageId"]
    uri = aws.ecr.describe_repositories(repositoryNames=[repository])["repositories"][0]
    image = f"{uri['repositoryUri']}@{digest['imageDigest']}"
    with pytest.raises(ClientError, match=re.escape(f"Unsupported manifest media type {media}")):
        aws.sm.create_model(
            ModelName="oci", ExecutionRoleArn=aws.role, PrimaryContainer={"Image": image}
        )


def test_a_configuration_needs_its_model(aws):
    variant = {
        "VariantName": "A",
        "ModelName": "ghost",
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
    }
    with pytest.raises(ClientError, match="Could not find model"):
        aws.sm.create_endpoint_config(EndpointConfigName="x", ProductionVariants=[variant])


def test_an_approved_model_package_can_be_deployed(host, aws):
    group = aws.name("group")
    aws.sm.create_model_package_group(ModelPackageGroupName=group)
    container = {"Image": host.image, "Environment": {"PROGRAM": says("package")}}
    inference = {
        "Containers": [container],
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["text/csv"],
    }
    package = aws.sm.create_model_package(
        ModelPackageGroupName=group,
        InferenceSpecification=inference,
        ModelApprovalStatus="PendingManualApproval",
    )["ModelPackageArn"]
    container = {"ModelPackageName": package}
    words = {"ExecutionRoleArn": aws.role, "PrimaryContainer": container}
    with pytest.raises(ClientError, match="is PendingManualApproval, not Approved"):
        aws.sm.create_model(ModelName="pending", **words)
    aws.sm.update_model_package(ModelPackageArn=package, ModelApprovalStatus="Approved")
    aws.sm.create_model(ModelName="approved", **words)
    variant = {k: v for k, v in host.variant().items() if k != "ModelName"}
    name = host.endpoint({**variant, "ModelName": "approved"})
    assert host.ask(name) == b"package"


def test_resources_are_described_listed_tagged_and_deleted(host, aws):
    config = host.config(host.variant())
    found = aws.sm.describe_endpoint_config(EndpointConfigName=config)
    model = found["ProductionVariants"][0]["ModelName"]
    for absent in ("DataCaptureConfig", "AsyncInferenceConfig", "ResponseMetadata.x"):
        assert absent not in found
    described = aws.sm.describe_model(ModelName=model)
    assert json.dumps(described["PrimaryContainer"]["Environment"]) == '{"PROGRAM": ""}'
    assert "VpcConfig" not in described
    assert aws.sm.list_models(NameContains=model)["Models"][0]["ModelArn"]
    assert aws.sm.list_endpoint_configs(NameContains=config)["EndpointConfigs"]
    arn = found["EndpointConfigArn"]
    aws.sm.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}])
    assert aws.sm.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "1"}]
    aws.sm.delete_endpoint_config(EndpointConfigName=config)
    aws.sm.delete_model(ModelName=model)
    with pytest.raises(ClientError, match="Could not find endpoint configuration"):
        aws.sm.describe_endpoint_config(EndpointConfigName=config)
    with pytest.raises(ClientError, match="Could not find model"):
        aws.sm.describe_model(ModelName=model)
    for call, more in TAGGING.items():
        with pytest.raises(ClientError, match=r"\(ValidationException\)"):
            getattr(aws.sm, call)(ResourceArn=arn, **more)


TAGGING = {
    "list_tags": {},
    "add_tags": {"Tags": [{"Key": "a", "Value": "1"}]},
    "delete_tags": {"TagKeys": ["a"]},
}


def test_tags_are_of_what_they_were_given_to_alone(host, aws):
    """A new configuration of the same name has no tags."""
    variant = host.variant()
    name = host.config(variant)
    arn = aws.sm.describe_endpoint_config(EndpointConfigName=name)["EndpointConfigArn"]
    model = aws.sm.describe_model(ModelName=variant["ModelName"])["ModelArn"]
    aws.sm.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": ""}])
    assert aws.sm.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": ""}]
    assert aws.sm.list_tags(ResourceArn=model)["Tags"] == []
    aws.sm.delete_endpoint_config(EndpointConfigName=name)
    aws.sm.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    assert aws.sm.list_tags(ResourceArn=arn)["Tags"] == []
