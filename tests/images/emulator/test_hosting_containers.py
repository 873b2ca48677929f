"""Endpoints of containers: /ping decides, blue serves until green is healthy, nothing stays."""

from __future__ import annotations

import time

import pytest
from botocore.exceptions import ClientError

from helpers.emulator.clients import TIME_SCALE, archive, says
from helpers.kit.waiting import eventually
from images.emulated_docker import containers, left, volumes

READS = """
import json
def invoke(body, headers):
    try:
        (ml / "model/new").write_text("x")
    except OSError as error:
        wrote = error.strerror
    found = {"model": (ml / "model/m.txt").read_text(), "wrote": wrote, "pid": os.getpid()}
    return 200, {"Content-Type": "application/json"}, json.dumps(found).encode()
"""
CRASHES = """
def invoke(body, headers):
    if body == b"crash":
        os._exit(9)
    return 200, {}, b"alive"
"""
IGNORES = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"


def test_a_container_serves_its_model_read_only(aws, host):
    uri = aws.put("models/m.tar.gz", archive({"m.txt": "weights"}))
    name = host.endpoint(host.variant(READS, {"ModelDataUrl": uri}))
    told = b'{"model": "weights", "wrote": "Read-only file system", "pid": 1}'
    assert host.ask(name) == told
    eventually(lambda: "serving" in aws.log(f"/aws/sagemaker/Endpoints/{name}"))


def test_an_endpoint_is_in_service_only_when_ping_is_well(aws, host):
    late = "begun = time.time()\nping = lambda: 200 if time.time() > begun + 1.5 else 503"
    begun = time.monotonic()
    name = host.endpoint(host.variant(late))
    assert time.monotonic() - begun > 1.5
    assert host.ask(name, b"echo") == b"echo"


def test_an_update_whose_container_does_not_start_rolls_back(aws, host):
    name = host.endpoint(host.variant(says("blue")))
    host.update(name, host.variant("sys.exit(1)"))
    described = host.settled(name)
    assert described["EndpointStatus"] == "InService"
    assert "did not pass the ping health check" in described["FailureReason"]
    assert host.ask(name) == b"blue"


def test_an_update_puts_the_new_container_in_the_place_of_the_old(aws, client, host, emulator):
    name = host.endpoint(host.variant(says("blue")))
    host.update(name, host.variant(says("green")))
    assert host.settled(name)["EndpointStatus"] == "InService"
    assert host.ask(name) == b"green"
    eventually(lambda: len(containers(client, emulator)) == 1)


def test_a_container_that_dies_is_started_again(host):
    name = host.endpoint(host.variant(CRASHES))
    with pytest.raises(ClientError, match="ModelError"):
        host.ask(name, b"crash")

    def alive():
        try:
            return host.ask(name) == b"alive"
        except ClientError:
            return False

    eventually(alive)


def test_a_deleted_endpoint_leaves_no_container_even_if_it_ignores_sigterm(
    aws, client, host, emulator
):
    name = host.endpoint(host.variant(IGNORES))
    names = volumes(client, emulator)
    assert names
    begun = time.monotonic()
    aws.sm.delete_endpoint(EndpointName=name)
    eventually(lambda: not aws.sm.list_endpoints()["Endpoints"])
    assert time.monotonic() - begun >= 30 * TIME_SCALE
    eventually(lambda: not containers(client, emulator))
    assert left(client, names) == set()
