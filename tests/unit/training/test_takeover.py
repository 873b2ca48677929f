"""Which jobs are reused: AWS's whole description is compared with the request."""

import copy
import dataclasses
from datetime import datetime, timezone

import botocore.session
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.kit.paths import KIT
from helpers.kit.samples import IMAGE, JOB
from matlab_sagemaker.training import takeover

LIST = KIT / "scripts/matlab_sagemaker/training/describe_training_job.yml"
KNOWN = yaml.safe_load(LIST.read_text(encoding="utf-8"))
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:batch-token-"
REQUEST = dataclasses.replace(
    JOB,
    environment={
        "MATLAB_REQUIRED_PRODUCTS": "MATLAB",
        "MATLAB_SAGEMAKER_TOKEN_SECRET": f"{SECRET}AbCdEf",
    },
).request(2, IMAGE)
MODEL = botocore.session.get_session().get_service_model("sagemaker")
CREATE = MODEL.operation_model("CreateTrainingJob").input_shape
DESCRIBE = MODEL.operation_model("DescribeTrainingJob").output_shape
NOT_COMPARED = {
    "Tags",
    "EnableManagedSpotTraining",
    "StoppingCondition.MaxRuntimeInSeconds",
    "StoppingCondition.MaxWaitTimeInSeconds",
}
# With a warm pool, a tuner or rules, these come without being in the request.
MADE_BY_MORE = {
    "AutoMLJobArn", "DebugRuleEvaluationStatuses", "LabelingJobArn", "MlflowDetails",
    "OutputModelPackageArn", "ProfilerRuleEvaluationStatuses", "TuningJobArn", "WarmPoolStatus",
}  # fmt: skip


def described(request=REQUEST):
    """Return AWS's description of the request's job, with all that AWS adds."""
    said = copy.deepcopy({name: value for name, value in request.items() if name != "Tags"})
    said["AlgorithmSpecification"]["EnableSageMakerMetricsTimeSeries"] = True
    for channel in said["InputDataConfig"]:
        channel |= {"CompressionType": "None", "RecordWrapperType": "None"}
    said["OutputDataConfig"] |= {"KmsKeyId": "", "CompressionType": "GZIP"}
    said["ResourceConfig"]["KeepAlivePeriodInSeconds"] = 0
    return {
        **said,
        "TrainingJobArn": "arn:aws:sagemaker:eu-west-1:123456789012:training-job/pump",
        "TrainingJobStatus": "Completed",
        "SecondaryStatus": "Completed",
        "ModelArtifacts": {"S3ModelArtifacts": "s3://b/pump/jobs/x/output/model.tar.gz"},
        "SecondaryStatusTransitions": [{"Status": "Starting", "StartTime": 1}],
        "FinalMetricDataList": [{"MetricName": "accuracy", "Value": 0.5, "Timestamp": 1}],
        "CreationTime": 1,
        "BillableTimeInSeconds": 60,
        "EnableNetworkIsolation": False,
        "EnableInterContainerTrafficEncryption": False,
        "EnableManagedSpotTraining": True,
        "DebugHookConfig": {"CollectionConfigurations": []},
        "ProfilerConfig": {"DisableProfiler": True, "ProfilingIntervalInMilliseconds": 500},
        "ProfilingStatus": "Disabled",
        "RemoteDebugConfig": {"EnableRemoteDebug": False},
        "VpcConfig": None,
        "ResponseMetadata": {"HTTPStatusCode": 200},
    }


def members(shape, at=()):
    """Yield the path and the shape of every member that is not a structure."""
    for name, inner in shape.members.items():
        way = (*at, name)
        yield from below(inner, way)


def below(shape, way):
    if shape.type_name == "list":
        yield from below(shape.member, (*way, "*"))
    elif shape.type_name == "structure":
        yield from members(shape, way)
    else:
        yield way, shape


def value_of(shape):
    """Return values of a shape, none of them empty."""
    enum = getattr(shape, "enum", None)
    return {
        "string": st.sampled_from(enum) if enum else st.text(min_size=1),
        "boolean": st.booleans(),
        "map": st.dictionaries(st.text(min_size=1), st.text(), min_size=1),
        "timestamp": st.integers(1),
    }.get(shape.type_name, st.integers(0))


def put(job, way, value):
    """Set the member at the path `way`, in the first item of each list."""
    name, *rest = way
    if not rest:
        job[name] = value
    elif rest[0] == "*":
        items = job.setdefault(name, [])
        if len(rest) == 1:
            items[:1] = [value]
        else:
            items[:] = items or [{}]
            put(items[0], rest[1:], value)
    else:
        job[name] = job.get(name) or {}
        put(job[name], rest, value)


def get(job, way):
    for name in way:
        if job is None:
            return None
        job = (job[0] if job else None) if name == "*" else job.get(name)
    return job


def test_the_plain_echo_and_aws_with_its_defaults_are_ours():
    assert takeover.differences(REQUEST, REQUEST) == []
    assert takeover.differences(REQUEST, described()) == []


def test_every_member_of_the_request_is_described_but_those_that_are_known():
    assert set(CREATE.members) - set(DESCRIBE.members) == {"Tags", "SessionChainingConfig"}
    outputs = set(DESCRIBE.members) - set(CREATE.members)
    assert outputs <= {*KNOWN["outputs"], *MADE_BY_MORE}
    assert set(KNOWN["outputs"]) - outputs == {"ResponseMetadata"}


SETTABLE = [
    (way, shape)
    for way, shape in members(DESCRIBE)
    if way[0] not in KNOWN["outputs"] and ".".join(way) not in NOT_COMPARED
]


@pytest.mark.parametrize(("way", "shape"), SETTABLE, ids=[".".join(way) for way, _ in SETTABLE])
@settings(max_examples=5)
@given(st.data())
def test_every_member_that_can_be_set_and_is_no_default_makes_another_job(way, shape, data):
    value = data.draw(value_of(shape))
    job = described()
    if value in KNOWN["defaults"].get(".".join(way), []) or value == get(job, way):
        return
    put(job, way, value)
    (*_, told) = takeover.differences(REQUEST, job)
    assert told


OWN = [
    way
    for way, _ in members(CREATE)
    if get(REQUEST, way) and not {way[0], ".".join(way)} & NOT_COMPARED
]


@pytest.mark.parametrize("way", OWN, ids=map(".".join, OWN))
@settings(max_examples=5)
@given(st.data())
def test_every_member_of_the_request_that_changes_or_goes_makes_another_job(way, data):
    old = get(REQUEST, way)
    new = data.draw(
        st.text().map(old.__add__).filter(lambda text: text != old)
        if isinstance(old, str)
        else st.dictionaries(st.sampled_from(sorted(old)), st.text())
        if isinstance(old, dict)
        else st.integers(old + 1)
    )
    if new == old:
        return
    for changed in (new, None):
        job = described()
        put(job, way, changed)
        assert takeover.differences(REQUEST, job)


@pytest.mark.parametrize("way", sorted(NOT_COMPARED - {"Tags"}))
def test_what_does_not_change_the_model_is_not_compared(way):
    job = described()
    put(job, way.split("."), 7)
    assert takeover.differences(REQUEST, job) == []


@pytest.mark.parametrize("place", ["Environment", "HyperParameters"])
def test_an_empty_variable_more_counts_and_no_value_of_one_is_told(place):
    job = described()
    job[place]["LD_PRELOAD"] = ""
    assert takeover.differences(REQUEST, job) == [f"{place}.LD_PRELOAD is set"]
    job[place]["LD_PRELOAD"] = "secret"
    assert takeover.differences(REQUEST, job) == [f"{place}.LD_PRELOAD is set"]
    del job[place]["LD_PRELOAD"]
    name = next(iter(job[place]))
    job[place][name] = "secret"
    assert takeover.differences(REQUEST, job) == [f"{place}.{name} has another value"]


def test_an_empty_argument_counts():
    job = described()
    job["AlgorithmSpecification"]["ContainerEntrypoint"] = [""]
    told = "AlgorithmSpecification.ContainerEntrypoint.0 is set"
    assert takeover.differences(REQUEST, job) == [told]


def test_lists_of_what_has_a_name_may_come_in_another_order_but_not_with_a_second_of_a_name():
    request = copy.deepcopy(REQUEST)
    request["InputDataConfig"].append({**request["InputDataConfig"][0], "ChannelName": "code"})
    job = described(request)
    job["InputDataConfig"].reverse()
    assert takeover.differences(request, job) == []
    job["AlgorithmSpecification"]["MetricDefinitions"] += [{"Name": "accuracy", "Regex": "1 (.)"}]
    assert "MetricDefinitions.accuracy.Regex is accuracy: (.*) and 1 (.) in place of" in "".join(
        takeover.differences(request, job)
    )


def test_another_image_of_the_repository_is_ours_only_where_any_digest_is():
    job = described()
    job["AlgorithmSpecification"]["TrainingImage"] = IMAGE.replace("b" * 64, "c" * 64)
    (told,) = takeover.differences(REQUEST, job)
    assert "c" * 64 in told
    assert takeover.differences(REQUEST, job, any_digest=True) == []
    job["AlgorithmSpecification"]["TrainingImage"] = IMAGE.replace("/release", "/candidate")
    assert takeover.differences(REQUEST, job, any_digest=True)


def test_a_secret_is_the_same_when_it_was_made_again_and_another_when_its_name_differs():
    job = described()
    job["Environment"]["MATLAB_SAGEMAKER_TOKEN_SECRET"] = f"{SECRET}000000"
    assert takeover.differences(REQUEST, job) == []
    job["Environment"]["MATLAB_SAGEMAKER_TOKEN_SECRET"] = f"{SECRET}other-AbCdEf"
    assert len(takeover.differences(REQUEST, job)) == 1


def test_what_somebody_else_has_chosen_is_cut():
    job = described()
    job["Environment"]["X" * 512] = "1"
    assert len(takeover.differences(REQUEST, job)[0]) < 250


@pytest.mark.parametrize("any_digest", [True, False])
@pytest.mark.parametrize(("created", "is_ours"), [(100.5, True), (100.0, True), (99.5, False)])
def test_what_was_written_after_the_job_was_created_may_not_be_what_it_read(
    created, is_ours, any_digest
):
    channel = dataclasses.replace(JOB.channels[0], written=100.0)
    wanted = takeover.WantedJob(
        job=dataclasses.replace(JOB, channels=(channel,)), image=IMAGE, any_digest=any_digest
    )
    moment = datetime.fromtimestamp(created, tz=timezone.utc)
    said = {**wanted.job.request(1, IMAGE), "CreationTime": moment}
    told = "s3://b/p/ was written to after the job was created"
    assert wanted.differences(1, said) == ([] if is_ours else [told])
    assert takeover.differences(wanted.job.request(1, IMAGE), said) == []  # except the time
