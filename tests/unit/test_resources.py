"""Names and requests: what counts changes the key, what does not does not, and all names fit."""

import dataclasses
import re
from pathlib import Path

import botocore.session
import pytest
from botocore.validate import ParamValidator

from desired import DEPLOYMENT, IMAGE, JOB
from matlab_sagemaker import resources


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("image_key", "x" * 16), ("function", "other"), ("hyperparameters", {"Depth": "4"}),
        ("channels", ()), ("products", ()), ("instance_type", "ml.m5.xlarge"), ("instance_count",
        2),
        ("volume_gb", 31), ("metrics", {}),
        ("channels", (resources.Channel(name="training", uri="s3://b/p/",
        content={"a.csv": "2"}),)),
    ],
)  # fmt: skip
def test_what_the_model_depends_on_changes_the_key(field, value):
    assert dataclasses.replace(JOB, **{field: value}).key != JOB.key


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("max_runtime", 60), ("role", "arn:aws:iam::123456789012:role/other"), ("output",
        "s3://c/d"),
        ("channels", (resources.Channel(name="training", uri="s3://x/y/",
        content={"a.csv": "1"}),)),
    ],
)  # fmt: skip
def test_what_the_model_does_not_depend_on_leaves_the_key(field, value):
    assert dataclasses.replace(JOB, **{field: value}).key == JOB.key


def test_the_longest_names_fit():
    longest = dataclasses.replace(JOB, project="p" * 40)
    assert len(longest.name(999)) <= 63
    endpoint = dataclasses.replace(DEPLOYMENT, endpoint_name="e" * 63)
    assert len(endpoint.model["ModelName"]) == 63
    assert re.fullmatch(r"[a-zA-Z0-9](-*[a-zA-Z0-9])*", endpoint.config["EndpointConfigName"])


def test_another_instance_count_is_another_configuration_of_the_same_model():
    other = dataclasses.replace(DEPLOYMENT, instance_count=2)
    assert other.model == DEPLOYMENT.model
    assert other.config["EndpointConfigName"] != DEPLOYMENT.config["EndpointConfigName"]


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("CreateTrainingJob", JOB.request(1, IMAGE)),
        ("CreateModel", DEPLOYMENT.model),
        ("CreateEndpointConfig", DEPLOYMENT.config),
        ("UpdateEndpoint", DEPLOYMENT.endpoint),
    ],
)
def test_each_request_is_one_that_the_api_model_knows_and_that_keeps_its_patterns(
    operation, request_
):
    model = botocore.session.get_session().get_service_model("sagemaker").operation_model(operation)
    report = ParamValidator().validate(request_, model.input_shape)
    assert not report.has_errors(), report.generate_report()
    assert list(broken_patterns(request_, model.input_shape)) == []


def broken_patterns(value, shape):
    """Yield what boto3 itself does not check: lengths and patterns of texts."""
    if shape.type_name == "structure":
        for name, inner in value.items():
            yield from broken_patterns(inner, shape.members[name])
    elif shape.type_name == "list":
        for inner in value:
            yield from broken_patterns(inner, shape.member)
    elif shape.type_name == "map":
        for name, inner in value.items():
            yield from broken_patterns(name, shape.key)
            yield from broken_patterns(inner, shape.value)
    elif shape.type_name == "string":
        pattern = re.sub(r"\\p\{\w\}", r"\\w ", shape.metadata.get("pattern", ".*"))
        if not re.fullmatch(pattern, value) or len(value) > shape.metadata.get("max", 10**6):
            yield (shape.name, value)


def test_a_folder_is_stored_below_its_content(tmp_path):
    (tmp_path / "a.csv").write_text("1")
    before = resources.folder_channel("b", "pump", "training", {"a.csv": tmp_path / "a.csv"})
    assert before.uploads[0].key == before.uri.removeprefix("s3://b/") + "a.csv"
    (tmp_path / "a.csv").write_text("2")
    after = resources.folder_channel("b", "pump", "training", {"a.csv": tmp_path / "a.csv"})
    assert after.uri != before.uri


def test_the_code_travels_as_one_bundle(tmp_path):
    (tmp_path / "f.m").write_text("x")
    channel = resources.code_channel("b", "pump", {"f.m": Path(tmp_path / "f.m")})
    assert [Path(upload.key).name for upload in channel.uploads] == ["code.tar.gz"]
