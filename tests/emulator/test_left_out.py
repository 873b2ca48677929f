"""Jobs that the emulator cannot run are refused; moto would answer that they are Completed."""

import re

import pytest
from botocore.exceptions import ClientError
from botocore.loaders import Loader

from emulator.sagemaker import left_out

VARIANT = {
    "VariantName": "A",
    "ModelName": "m",
    "InstanceType": "ml.m5.large",
    "InitialInstanceCount": 1,
}


def test_the_records_are_packages_experiments_and_tags():
    operations = Loader().load_service_model("sagemaker", "service-2")["operations"]
    records = [name for name in operations if left_out.is_record(name)]
    kinds = {re.sub("^[A-Z][a-z]+|s$", "", name) for name in records}
    assert kinds == {
        "ModelPackage",
        "ModelPackageGroup",
        "Experiment",
        "Trial",
        "TrialComponent",
        "Tag",
    }


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("search", {"Resource": "TrainingJob"}),
        ("list_pipelines", {}),
        ("describe_processing_job", {"ProcessingJobName": "p"}),
        ("stop_transform_job", {"TransformJobName": "t"}),
        ("create_notebook_instance", {
            "NotebookInstanceName": "n", "InstanceType": "ml.t2.medium", "RoleArn": "r" * 20,
        }),
    ],
)  # fmt: skip
def test_an_operation_that_nothing_runs_is_refused_by_name(aws, operation, request_):
    with pytest.raises(ClientError) as caught:
        getattr(aws.sm, operation)(**request_)
    error = caught.value.response["Error"]
    assert error["Code"] == "ValidationException"
    name = "".join(word.title() for word in operation.split("_"))
    assert error["Message"].startswith(f"Not emulated: {name}.")


@pytest.mark.parametrize(
    ("action", "request_", "told"),
    [
        (
            "CreateTrainingJob",
            {"OutputDataConfig": {"CompressionType": "NONE"}},
            "OutputDataConfig.CompressionType NONE",
        ),
        (
            "CreateTrainingJob",
            {"InputDataConfig": [{}, {"CompressionType": "Gzip"}]},
            "InputDataConfig.CompressionType Gzip",
        ),
        (
            "CreateEndpointConfig",
            {"ProductionVariants": [VARIANT], "DataCaptureConfig": {"EnableCapture": True}},
            "DataCaptureConfig.EnableCapture True",
        ),
        (
            "CreateEndpointConfig",
            {"ProductionVariants": [{**VARIANT, "ServerlessConfig": {"MemorySizeInMB": 1024}}]},
            "ProductionVariants.ServerlessConfig",
        ),
        ("CreateModel", {"Containers": [{"Mode": "MultiModel"}]}, "Containers.Mode MultiModel"),
    ],
)
def test_a_member_that_would_change_what_happens_is_refused_by_name(action, request_, told):
    with pytest.raises(Exception, match=f"Not emulated: {told} in {action}"):
        left_out.check(action, request_)


def test_what_changes_nothing_is_taken():
    left_out.check("CreateTrainingJob", {"OutputDataConfig": {"CompressionType": "GZIP"}})
    left_out.check("CreateEndpointConfig", {"DataCaptureConfig": {"EnableCapture": False}})
    left_out.check("CreateEndpointConfig", {"ProductionVariants": [VARIANT]})
    left_out.check("ListTrainingJobs", {"Anything": 1})
