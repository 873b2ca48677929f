"""Names and requests: only what counts changes the key, and all names have a valid length."""

import dataclasses
import hashlib
import json
import re
import sys

import botocore.session
import pytest
from botocore.validate import ParamValidator

from helpers.kit.samples import DEPLOYMENT, IMAGE, JOB
from matlab_sagemaker import digest
from matlab_sagemaker.aws.s3 import ChannelContent
from matlab_sagemaker.errors import InputError
from matlab_sagemaker.project import content
from matlab_sagemaker.training import job

VPC = {"Subnets": ["subnet-01234567"], "SecurityGroupIds": ["sg-01234567"]}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("image_key", "d" * 64), ("function", "other"), ("hyperparameters", {"Depth": "4"}),
        ("channels", ()), ("products", ()), ("instance_type", "ml.m5.xlarge"), ("instance_count",
        2),
        ("volume_gb", 31), ("metrics", {}), ("variables", {"A": "1"}),
        ("channels", (job.Channel(name="training", uri="s3://b/p/",
        content={"a.csv": "2"}),)),
    ],
)  # fmt: skip
def test_what_the_model_depends_on_changes_the_key(field, value):
    assert dataclasses.replace(JOB, **{field: value}).key != JOB.key


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("max_wait", 7200), ("vpc", {"Subnets": ["subnet-1"]}), ("tags", {"a": "b"}),
        ("max_runtime", 60), ("role", "arn:aws:iam::123456789012:role/other"), ("output",
        "s3://c/d"),
        ("channels", (job.Channel(name="training", uri="s3://x/y/",
        content={"a.csv": "1"}),)),
    ],
)  # fmt: skip
def test_what_the_model_does_not_depend_on_leaves_the_key(field, value):
    assert dataclasses.replace(JOB, **{field: value}).key == JOB.key


def test_the_longest_names_fit():
    longest = dataclasses.replace(JOB, project="p" * 32)
    assert len(longest.name(999_999_999)) == 63
    assert re.fullmatch(r"p{32}-[a-z2-7]{20}-1", longest.name(1))
    endpoint = dataclasses.replace(DEPLOYMENT, endpoint_name="e" * 63)
    assert len(endpoint.model["ModelName"]) == 63
    assert re.fullmatch(r"[a-zA-Z0-9](-*[a-zA-Z0-9])*", endpoint.config["EndpointConfigName"])


def test_tags_make_no_other_model_and_a_network_does():
    tagged = dataclasses.replace(DEPLOYMENT, tags={"team": "x"})
    assert tagged.model["ModelName"] == DEPLOYMENT.model["ModelName"]
    assert {"Key": "team", "Value": "x"} in tagged.config["Tags"]
    inside = dataclasses.replace(DEPLOYMENT, vpc=VPC)
    assert inside.model["ModelName"] != DEPLOYMENT.model["ModelName"]


def test_another_instance_count_is_another_configuration_of_the_same_model():
    other = dataclasses.replace(DEPLOYMENT, instance_count=2)
    assert other.model == DEPLOYMENT.model
    assert other.config["EndpointConfigName"] != DEPLOYMENT.config["EndpointConfigName"]


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("CreateTrainingJob", JOB.request(1, IMAGE)),
        ("CreateTrainingJob", dataclasses.replace(JOB, max_wait=7200, vpc=VPC).request(1, IMAGE)),
        ("CreateModel", DEPLOYMENT.model),
        ("CreateModel", dataclasses.replace(DEPLOYMENT, vpc=VPC, tags={"team": "x"}).model),
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


def described(root, s3_content=None):
    """Describe the training of the repository at `root`."""
    return job.describe(content.load(root / "sagemaker.yml"), "b", "arn", s3_content or {})


@pytest.fixture
def root(tmp_path):
    """A repository with a channel in it."""
    for name, text in {
        "sagemaker.yml": "name: pump\nmatlab: {engine: octave}\n"
        "training:\n  code: code\n  function: f\n  channels: {training: data}\n"
        "  metrics: {loss: 'loss=(.*)'}\n",
        "code/f.m": "x",
        "data/deep/a.csv": "1",
        "data/b.csv": "22",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_each_place_begins_with_its_kind_and_is_named_by_the_whole_digest(root):
    desired = described(root)
    code, data = desired.channels
    assert re.fullmatch(r"s3://b/code/pump/[0-9a-f]{64}/", code.uri)
    assert re.fullmatch(r"s3://b/data/pump/training/[0-9a-f]{64}/", data.uri)
    assert desired.output == "s3://b/jobs/pump"
    (root / "data/b.csv").write_text("23")
    assert described(root).channels[1].uri != data.uri
    assert described(root).channels[0].uri != code.uri, "inputs.json names the data, too"


def test_inputs_json_says_what_is_uploaded_and_the_request_names_it(root):
    desired = described(root)
    bodies = {wanted.key.rpartition("/")[2]: wanted for wanted in desired.channels[0].uploads}
    proof = bodies["inputs.json"].body
    sha = hashlib.sha256(proof).hexdigest()
    assert desired.request(1, IMAGE)["Environment"] == {"MATLAB_SAGEMAKER_INPUTS": sha}
    assert desired.channels[0].uri == f"s3://b/code/pump/{sha}/"
    bundle = bodies["code.tar.gz"].body
    said = json.loads(proof)
    assert said == {
        "channels": {
            "code": [["code.tar.gz", len(bundle), hashlib.sha256(bundle).hexdigest()]],
            "training": [
                ["b.csv", 2, hashlib.sha256(b"22").hexdigest()],
                ["deep/a.csv", 1, hashlib.sha256(b"1").hexdigest()],
            ],
        },
        "listed": {},
        "metrics": {"loss": "loss=(.*)"},
        "seal": "s3://b/sealed/pump",
    }
    assert proof == json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    ("uri", "key", "path"),
    [
        ("s3://theirs/iris/", "iris/deep/a.csv", "deep/a.csv"),
        ("s3://theirs/iris", "iris/a.csv", "a.csv"),
        ("s3://theirs/deep/iris", "deep/iris-1.csv", "iris-1.csv"),
        ("s3://theirs", "a.csv", "a.csv"),
    ],
)
def test_inputs_json_says_what_a_user_has_put_in_s3_as_the_job_sees_it(root, uri, key, path):
    text = (root / "sagemaker.yml").read_text()
    (root / "sagemaker.yml").write_text(text.replace("training: data", f"training: '{uri}'"))
    desired = described(root, {"training": ChannelContent([[key, 7, "etag"]], 5.0)})
    said = json.loads(desired.channels[0].uploads[1].body)
    assert list(said["channels"]) == ["code"]
    assert said["listed"] == {"training": [[path, 7, "etag"]]}
    assert [channel.written for channel in desired.channels] == [0, 5.0]


def test_each_file_is_read_once(root):
    read = {str(root / file): 0 for file in ("code/f.m", "data/b.csv", "data/deep/a.csv")}

    def count(event, arguments):
        if event == "open" and str(arguments[0]) in read:
            read[str(arguments[0])] += 1

    sys.addaudithook(count)
    described(root)
    assert set(read.values()) == {1}


@pytest.mark.parametrize(("size", "fits"), [(1024, True), (1025, False)])
def test_a_file_whose_key_is_too_long_for_s3_is_named(tmp_path, size, fits):
    room = size - len(f"data/project/training/{'0' * 64}/".encode())
    name = "ä" * 200 + "/" + "x" * (room - 401)
    folder = digest.MeasuredFolder({name: tmp_path / name}, {}, {}, "0" * 64)
    if fits:
        assert job.folder_channel("bucket", "project", "training", folder)
    else:
        with pytest.raises(InputError, match="would have 1025 bytes"):
            job.folder_channel("bucket", "project", "training", folder)
