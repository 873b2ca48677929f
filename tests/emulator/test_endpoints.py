"""Endpoints: from create to delete."""

from __future__ import annotations

import os
import signal

import pytest
from botocore.exceptions import ClientError

from helpers.emulator.clients import Aws, alive, archive, says
from helpers.emulator.hosting_requests import Host
from helpers.emulator.image_programs import RUN, SERVE
from helpers.emulator.process import WITHOUT_MOUNTS, may_mount
from helpers.kit.waiting import eventually

EXIT = "print('cannot start', flush=True); sys.exit(3)"
SICK = "ping = lambda: 500"
ECHO_PID = "invoke = lambda body, headers: (200, {}, str(os.getpid()).encode())"


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
    found = aws.ecr.batch_get_image(repositoryName=source, imageIds=[{"imageDigest": digest}])[
        "images"
    ][0]["imageManifest"]
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


READ_ONLY = may_mount() or os.geteuid() != 0
EXPECTED = b"read-only weights" if READ_ONLY else b"written weights"


def test_the_container_finds_its_model_and_cannot_change_it(host, aws):
    uri = aws.put("model-a.tar.gz", archive({"deep/m.txt": "weights"}))
    name = host.endpoint(host.variant(READ_MODEL, {"ModelDataUrl": uri}))
    assert host.ask(name) == EXPECTED
    log = aws.log(f"/aws/sagemaker/Endpoints/{name}")
    assert any("model folder is writable" in line for line in log) != READ_ONLY


@pytest.mark.slow
def test_where_nothing_keeps_root_from_the_model_the_log_says_so(start):
    if os.geteuid() != 0:
        pytest.skip("permissions keep whoever is not root from it")
    aws = Aws(start(prefix=WITHOUT_MOUNTS).url)
    host = Host(aws, aws.push({"run": RUN, "main.py": SERVE}))
    uri = aws.put("model.tar.gz", archive({"deep/m.txt": "weights"}))
    name = host.endpoint(host.variant(READ_MODEL, {"ModelDataUrl": uri}))
    assert host.ask(name) == b"written weights"
    first = aws.log(f"/aws/sagemaker/Endpoints/{name}")[0]
    assert first.startswith("[emulator] model folder is writable")


def test_a_model_may_lie_in_s3_uncompressed(host, aws):
    aws.put("models/plain/deep/m.txt", "weights")
    source = {
        "S3Uri": "s3://bucket/models/plain/",
        "S3DataType": "S3Prefix",
        "CompressionType": "None",
    }
    container = {"ModelDataSource": {"S3DataSource": source}}
    name = host.endpoint(host.variant(READ_MODEL, container))
    assert host.ask(name) == EXPECTED


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


def test_model_data_cannot_leave_its_folder(host, aws, emulator):
    uri = aws.put("evil.tar.gz", archive({"../../evil.txt": "x"}))
    name = host.create(host.variant("", {"ModelDataUrl": uri}))
    assert "Failed to extract model data archive" in host.settled(name)["FailureReason"]
    names = {name for _, _, files in os.walk(emulator.work.parent) for name in files}
    assert "evil.txt" not in names


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
    assert not alive(pid)


@pytest.mark.slow
def test_a_container_that_ignores_sigterm_is_killed(host, aws):
    program = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{ECHO_PID}"
    name = host.endpoint(host.variant(program))
    pid = int(host.ask(name))
    aws.sm.delete_endpoint(EndpointName=name)
    host.endpoints.remove(name)
    eventually(lambda: name not in str(aws.sm.list_endpoints()))
    assert not alive(pid)


def test_a_busy_endpoint_refuses_update_and_delete(host, aws):
    name = host.create(host.variant("time.sleep(1)"))
    for call in (
        lambda: host.update(name, host.variant()),
        lambda: aws.sm.delete_endpoint(EndpointName=name),
    ):
        with pytest.raises(ClientError, match=r"ValidationException.*Cannot update in-progress"):
            call()
    host.settled(name)
