"""Models, endpoint configurations and endpoints: from create to delete."""

from __future__ import annotations

import json
import os
import signal
import threading
import time

import pytest
from botocore.exceptions import ClientError
from emulated import MANIFEST, archive, eventually

BUSY = ("Creating", "Updating", "RollingBack", "Deleting")
OPEN = {"StatusEquals": "InService"}
ECHO_PID = "invoke = lambda body, headers: (200, {}, str(os.getpid()).encode())"
EXIT = "print('cannot start', flush=True); sys.exit(3)"
SICK = "ping = lambda: 500"


@pytest.fixture(scope="module")
def host(aws, serving_image):
    """Words for models, configurations and endpoints; every endpoint is deleted at the end."""
    words = Host(aws, serving_image)
    yield words
    for endpoint in words.endpoints:
        aws.sm.delete_endpoint(EndpointName=endpoint)
    eventually(lambda: not aws.sm.list_endpoints()["Endpoints"])


class Host:
    def __init__(self, aws, image):
        self.aws, self.image, self.endpoints = aws, image, []

    def model(self, program="", **container):
        name = self.aws.name("model")
        whole = {"Image": self.image, "Environment": {"PROGRAM": program}, **container}
        self.aws.sm.create_model(
            ModelName=name, ExecutionRoleArn=self.aws.role, PrimaryContainer=whole
        )
        return name

    def variant(self, program="", container=None, **changes):
        whole = {
            "VariantName": "AllTraffic",
            "InstanceType": "ml.m5.large",
            "InitialInstanceCount": 1,
            "InitialVariantWeight": 1,
            **changes,
        }
        return {**whole, "ModelName": self.model(program, **(container or {}))}

    def config(self, *variants):
        name = self.aws.name("config")
        self.aws.sm.create_endpoint_config(
            EndpointConfigName=name, ProductionVariants=list(variants)
        )
        return name

    def create(self, *variants):
        name = self.aws.name("endpoint")
        self.aws.sm.create_endpoint(EndpointName=name, EndpointConfigName=self.config(*variants))
        self.endpoints.append(name)
        return name

    def endpoint(self, *variants):
        name = self.create(*variants)
        assert self.settled(name)["EndpointStatus"] == "InService"
        return name

    def settled(self, name):
        def fact():
            described = self.aws.sm.describe_endpoint(EndpointName=name)
            return described if described["EndpointStatus"] not in BUSY else None

        return eventually(fact)

    def update(self, name, *variants, **words):
        config = self.config(*variants)
        self.aws.sm.update_endpoint(EndpointName=name, EndpointConfigName=config, **words)
        return config

    def ask(self, name, body=b"x", **words):
        answer = self.aws.runtime.invoke_endpoint(EndpointName=name, Body=body, **words)
        return answer["Body"].read()


def says(word):
    return f"invoke = lambda body, headers: (200, {{}}, b'{word}')"


def test_an_endpoint_that_answers_ping_is_in_service(host, aws):
    name = host.create(host.variant(says("one")))
    first = aws.sm.describe_endpoint(EndpointName=name)
    assert first["EndpointStatus"] == "Creating"
    assert "ProductionVariants" not in first
    found = host.settled(name)
    assert found["EndpointStatus"] == "InService"
    assert found["EndpointArn"].endswith(f":endpoint/{name}")
    (variant,) = found["ProductionVariants"]
    assert variant["DeployedImages"][0]["SpecifiedImage"] == host.image
    assert (variant["CurrentInstanceCount"], variant["CurrentWeight"]) == (1, 1.0)
    for absent in ("FailureReason", "DataCaptureConfig", "LastDeploymentConfig"):
        assert absent not in found
    assert host.ask(name) == b"one"


def test_an_image_by_tag_is_shown_by_digest(host, aws):
    repository = aws.repository()
    files = {"run": "#!/bin/sh\nexit 1\n"}
    text = aws.manifest(repository, files)
    aws.ecr.put_image(repositoryName=repository, imageManifest=text, imageTag="v1")
    base, _, digest = host.image.partition("@")
    source = base.partition("/")[2]
    found = aws.ecr.batch_get_image(
        repositoryName=source, imageIds=[{"imageDigest": digest}]
    )["images"][0]["imageManifest"]
    aws.ecr.put_image(repositoryName=source, imageManifest=found, imageTag="v1")
    name = host.endpoint(host.variant(container={"Image": f"{base}:v1"}))
    (image,) = host.settled(name)["ProductionVariants"][0]["DeployedImages"]
    assert image["SpecifiedImage"] == f"{base}:v1"
    assert image["ResolvedImage"] == f"{base}@{digest}"


READ_MODEL = """
def invoke(body, headers):
    try:
        (ml / "model/new.txt").write_text("x")
        written = "written"
    except OSError:
        written = "read-only"
    return 200, {}, (written + " " + (ml / "model/deep/m.txt").read_text()).encode()
"""


def test_the_container_finds_its_model_and_cannot_change_it(host, aws):
    uri = aws.put("model-a.tar.gz", archive({"deep/m.txt": "weights"}))
    name = host.endpoint(host.variant(READ_MODEL, {"ModelDataUrl": uri}))
    assert host.ask(name) == b"read-only weights"


def test_a_model_may_lie_in_s3_uncompressed(host, aws):
    aws.put("models/plain/deep/m.txt", "weights")
    source = {
        "S3Uri": "s3://bucket/models/plain/",
        "S3DataType": "S3Prefix",
        "CompressionType": "None",
    }
    container = {"ModelDataSource": {"S3DataSource": source}}
    name = host.endpoint(host.variant(READ_MODEL, container))
    assert host.ask(name) == b"read-only weights"


def test_the_log_is_in_the_endpoints_group_by_variant_and_instance(host, aws):
    name = host.endpoint(host.variant())
    group = f"/aws/sagemaker/Endpoints/{name}"
    eventually(lambda: "serving" in aws.log(group))
    (stream,) = aws.logs.describe_log_streams(logGroupName=group)["logStreams"]
    assert stream["logStreamName"].startswith("AllTraffic/i-")


@pytest.mark.parametrize("program", [EXIT, SICK], ids=["exits at start", "fails its ping"])
def test_a_container_that_does_not_get_healthy_fails_its_endpoint(host, aws, program):
    startup = {"ContainerStartupHealthCheckTimeoutInSeconds": 60}
    name = host.create(host.variant(program, **startup))
    found = host.settled(name)
    assert found["EndpointStatus"] == "Failed"
    assert "did not pass the ping health check" in found["FailureReason"]
    with pytest.raises(ClientError, match="cannot serve: it is Failed"):
        host.ask(name)


def test_what_a_failed_container_said_is_in_the_log(host, aws):
    name = host.create(host.variant(EXIT))
    assert host.settled(name)["EndpointStatus"] == "Failed"
    eventually(lambda: "cannot start" in aws.log(f"/aws/sagemaker/Endpoints/{name}"))


def test_model_data_that_is_no_archive_fails_the_endpoint(host, aws):
    uri = aws.put("broken.tar.gz", "no archive")
    name = host.create(host.variant("", {"ModelDataUrl": uri}))
    assert "Failed to extract model data archive" in host.settled(name)["FailureReason"]


def test_model_data_deleted_after_create_model_fails_the_endpoint(host, aws):
    uri = aws.put("gone.tar.gz", archive({"a": "b"}))
    variant = host.variant("", {"ModelDataUrl": uri})
    aws.s3.delete_object(Bucket="bucket", Key="gone.tar.gz")
    name = host.create(variant)
    assert "Failed to download model data" in host.settled(name)["FailureReason"]


def test_a_failed_endpoint_can_only_be_deleted(host, aws):
    name = host.create(host.variant(EXIT))
    host.settled(name)
    with pytest.raises(ClientError, match="Cannot update"):
        host.update(name, host.variant())
    aws.sm.delete_endpoint(EndpointName=name)
    host.endpoints.remove(name)


def test_an_update_replaces_the_fleet_without_losing_a_request(host, aws):
    name = host.endpoint(host.variant(says("blue")))
    stop, answers = threading.Event(), []

    def ask():
        while not stop.is_set():
            answers.append(host.ask(name))

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    config = host.update(name, host.variant(f"time.sleep(0.5)\n{says('green')}"))
    assert aws.sm.describe_endpoint(EndpointName=name)["EndpointStatus"] == "Updating"
    found = host.settled(name)
    time.sleep(0.3)
    stop.set()
    for asker in askers:
        asker.join()
    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("InService", config)
    assert set(answers) == {b"blue", b"green"}
    assert answers[-1] == b"green"


@pytest.mark.parametrize("program", [EXIT, SICK], ids=["exits at start", "fails its ping"])
def test_an_update_that_fails_rolls_back_while_blue_answers(host, aws, program):
    name = host.endpoint(host.variant(says("blue")))
    before = host.settled(name)["EndpointConfigName"]
    startup = {"ContainerStartupHealthCheckTimeoutInSeconds": 60}
    wanted = host.update(name, host.variant(program, **startup))
    pending = aws.sm.describe_endpoint(EndpointName=name)
    if pending["EndpointStatus"] == "Updating":
        assert pending["PendingDeploymentSummary"]["EndpointConfigName"] == wanted
    assert host.ask(name) == b"blue"
    found = host.settled(name)
    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("InService", before)
    assert "did not pass the ping health check" in found["FailureReason"]
    assert host.ask(name) == b"blue"
    host.update(name, host.variant(says("green")))
    assert "FailureReason" not in host.settled(name)
    assert host.ask(name) == b"green"


def guarded(alarm, wait_s=100, **routing):
    routing = {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": wait_s, **routing}
    return {
        "BlueGreenUpdatePolicy": {
            "TrafficRoutingConfiguration": routing,
            "TerminationWaitInSeconds": 0,
        },
        "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": alarm}]},
    }


@pytest.fixture
def alarm(aws):
    name = aws.name("alarm")
    aws.cloudwatch.put_metric_alarm(
        AlarmName=name,
        MetricName="Invocation5XXErrors",
        Namespace="AWS/SageMaker",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    return name


def test_an_alarm_during_baking_rolls_back(host, aws, alarm):
    name = host.endpoint(host.variant(says("blue")))
    before = host.settled(name)["EndpointConfigName"]
    host.update(name, host.variant(says("green")), DeploymentConfig=guarded(alarm))
    eventually(lambda: host.ask(name) == b"green")
    aws.cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="test")
    found = host.settled(name)
    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("InService", before)
    assert alarm in found["FailureReason"]
    assert host.ask(name) == b"blue"


def test_a_quiet_alarm_lets_green_stay(host, alarm):
    name = host.endpoint(host.variant(says("blue")))
    policy = guarded(alarm, wait_s=10)
    config = host.update(name, host.variant(says("green")), DeploymentConfig=policy)
    found = host.settled(name)
    assert found["EndpointConfigName"] == config
    assert found["LastDeploymentConfig"] == policy


def test_a_canary_gives_green_only_a_part_of_the_traffic(host, alarm):
    name = host.endpoint(host.variant(says("blue")))
    size = {"Type": "CAPACITY_PERCENT", "Value": 50}
    policy = guarded(alarm, Type="CANARY", CanarySize=size)
    host.update(name, host.variant(says("green")), DeploymentConfig=policy)
    eventually(lambda: host.ask(name) == b"green")
    assert {host.ask(name) for _ in range(40)} == {b"blue", b"green"}
    host.settled(name)
    assert {host.ask(name) for _ in range(40)} == {b"green"}


def test_variants_share_the_traffic_by_weight(host, aws):
    name = host.endpoint(
        host.variant(says("a"), VariantName="A", InitialVariantWeight=1),
        host.variant(says("b"), VariantName="B", InitialVariantWeight=0),
    )
    assert {host.ask(name) for _ in range(20)} == {b"a"}
    assert host.ask(name, TargetVariant="B") == b"b"
    weights = [{"VariantName": "A", "DesiredWeight": 0}, {"VariantName": "B", "DesiredWeight": 1}]
    aws.sm.update_endpoint_weights_and_capacities(
        EndpointName=name, DesiredWeightsAndCapacities=weights
    )
    host.settled(name)
    assert {host.ask(name) for _ in range(20)} == {b"b"}
    with pytest.raises(ClientError, match="Variant C not found"):
        host.ask(name, TargetVariant="C")


def test_every_instance_answers_in_turn_and_the_count_can_change(host, aws):
    name = host.endpoint(host.variant(ECHO_PID, InitialInstanceCount=2))
    assert len({host.ask(name) for _ in range(8)}) == 2
    counts = [{"VariantName": "AllTraffic", "DesiredInstanceCount": 1}]
    aws.sm.update_endpoint_weights_and_capacities(
        EndpointName=name, DesiredWeightsAndCapacities=counts
    )
    found = host.settled(name)
    assert found["ProductionVariants"][0]["CurrentInstanceCount"] == 1
    assert len({host.ask(name) for _ in range(8)}) == 1


def test_a_container_that_dies_in_service_is_started_again(host, aws):
    name = host.endpoint(host.variant(ECHO_PID))
    first = int(host.ask(name))
    os.kill(first, signal.SIGKILL)

    def other():
        try:
            return int(host.ask(name)) != first
        except ClientError:
            return False

    eventually(other)
    log = aws.log(f"/aws/sagemaker/Endpoints/{name}")
    assert "[emulator] container exited with code 137; starting it again" in log


def test_deleting_ends_the_processes(host, aws):
    name = host.endpoint(host.variant(ECHO_PID))
    pid = int(host.ask(name))
    aws.sm.delete_endpoint(EndpointName=name)
    host.endpoints.remove(name)

    def gone():
        try:
            aws.sm.describe_endpoint(EndpointName=name)
        except ClientError as error:
            return "Could not find endpoint" in str(error)
        return False

    eventually(gone)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_container_that_ignores_sigterm_is_killed(host, aws):
    program = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{ECHO_PID}"
    name = host.endpoint(host.variant(program))
    pid = int(host.ask(name))
    aws.sm.delete_endpoint(EndpointName=name)
    host.endpoints.remove(name)
    eventually(lambda: name not in str(aws.sm.list_endpoints()))
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_busy_endpoint_refuses_update_and_delete(host, aws):
    name = host.create(host.variant("time.sleep(1)"))
    for call in (
        lambda: host.update(name, host.variant()),
        lambda: aws.sm.delete_endpoint(EndpointName=name),
    ):
        with pytest.raises(ClientError, match="ValidationException.*Cannot update in-progress"):
            call()
    host.settled(name)


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
        "The emulator leaves out": {
            "PrimaryContainer": None,
            "Containers": [container, container],
        },
    }
    for text, changes in cases.items():
        whole = {"ExecutionRoleArn": aws.role, "PrimaryContainer": container, **changes}
        whole = {key: value for key, value in whole.items() if value}
        with pytest.raises(ClientError, match=f"ValidationException.*{text}"):
            aws.sm.create_model(ModelName=aws.name("refused"), **whole)


def test_an_oci_manifest_is_refused_as_sagemaker_refuses_it(aws):
    repository = aws.repository()
    media = "application/vnd.oci.image.manifest.v1+json"
    text = aws.manifest(repository, {"run": "x"}).replace(MANIFEST, media)
    digest = aws.ecr.put_image(repositoryName=repository, imageManifest=text)["image"]["imageId"]
    uri = aws.ecr.describe_repositories(repositoryNames=[repository])["repositories"][0]
    image = f"{uri['repositoryUri']}@{digest['imageDigest']}"
    with pytest.raises(ClientError, match=f"Unsupported manifest media type {media}".replace("+", ".")):
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
