"""InvokeEndpoint: what reaches the container, and what comes back."""

from __future__ import annotations

import json
import os
import threading
import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError

from helpers.emulator.clients import ACCOUNT, REGION
from helpers.kit.waiting import eventually

MEGABYTE = 1 << 20
SHOW = """
import json
def invoke(body, headers):
    word = headers.get("X-Amzn-SageMaker-Custom-Attributes", "")
    if word == "show":
        text = json.dumps({"body": list(body), **{k.lower(): v for k, v in headers.items()}})
        return 200, {"Content-Type": "application/json"}, text.encode()
    if word == "attributes":
        return 200, {"X-Amzn-SageMaker-Custom-Attributes": "back"}, b""
    if word.startswith("status"):
        return int(word[7:]), {"Content-Type": "text/plain"}, "größe ".encode() + b"x" * 3000
    if word == "die":
        os._exit(9)
    if word == "sleep":
        time.sleep(30)
    if word == "pid":
        return 200, {}, str(os.getpid()).encode()
    return 200, {"Content-Type": "application/x-odd"}, body
"""


@pytest.fixture(scope="module")
def endpoint(aws, serving_image):
    name = aws.name("invoked")
    container = {"Image": serving_image, "Environment": {"PROGRAM": SHOW}}
    aws.sm.create_model(ModelName=name, ExecutionRoleArn=aws.role, PrimaryContainer=container)
    variant = {
        "VariantName": "Main",
        "ModelName": name,
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
    }
    aws.sm.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    aws.sm.create_endpoint(EndpointName=name, EndpointConfigName=name)
    eventually(lambda: status(aws, name) == "InService")
    yield name
    aws.sm.delete_endpoint(EndpointName=name)


def status(aws, name):
    return aws.sm.describe_endpoint(EndpointName=name)["EndpointStatus"]


@pytest.fixture
def ask(aws, endpoint):
    def invoke(body=b"1,2", **words):
        return aws.runtime.invoke_endpoint(EndpointName=endpoint, Body=body, **words)

    return invoke


def test_the_container_gets_body_and_documented_headers(ask):
    body = bytes(range(256))
    answer = ask(body, ContentType="text/csv", Accept="a/b", CustomAttributes="show")
    seen = json.loads(answer["Body"].read())
    assert bytes(seen["body"]) == body
    assert seen["content-type"] == "text/csv"
    assert seen["accept"] == "a/b"
    assert "authorization" not in seen


def test_the_client_gets_body_type_and_variant(ask):
    answer = ask(b"\x00\xff")
    assert answer["Body"].read() == b"\x00\xff"
    assert answer["ContentType"] == "application/x-odd"
    assert answer["InvokedProductionVariant"] == "Main"


def test_custom_attributes_come_back(ask):
    assert ask(CustomAttributes="attributes")["CustomAttributes"] == "back"


@pytest.mark.parametrize("code", [301, 400, 406, 415, 500, 503])
def test_any_status_that_is_no_success_is_a_model_error(aws, ask, endpoint, code):
    with pytest.raises(aws.runtime.exceptions.ModelError) as caught:
        ask(CustomAttributes=f"status {code}")
    answer = caught.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert answer["OriginalStatusCode"] == code
    assert answer["OriginalMessage"] == ("größe " + "x" * 3000)[:2048]
    group = f"log-group:/aws/sagemaker/Endpoints/{endpoint}"
    assert answer["LogStreamArn"] == f"arn:aws:logs:{REGION}:{ACCOUNT}:{group}"
    side = "client" if 400 <= code < 500 else "server"
    assert f"Received {side} error ({code}) from primary" in answer["Error"]["Message"]


def test_a_container_that_dies_over_a_request_is_a_model_error_and_comes_back(aws, ask):
    with pytest.raises(aws.runtime.exceptions.ModelError) as caught:
        ask(CustomAttributes="die")
    assert caught.value.response["OriginalStatusCode"] == 500

    def again():
        try:
            return ask()["Body"].read() == b"1,2"
        except ClientError as error:
            return error.response["Error"]["Code"] not in {"ModelError", "ServiceUnavailable"}

    eventually(again)


def test_a_container_that_does_not_answer_in_time_is_a_model_error(aws, ask):
    with pytest.raises(aws.runtime.exceptions.ModelError, match="invocation timed out"):
        ask(CustomAttributes="sleep")


def test_a_body_of_25_mb_passes_and_one_byte_more_is_refused(ask):
    whole = os.urandom(25 * MEGABYTE)
    assert ask(whole)["Body"].read() == whole
    with pytest.raises(ClientError) as caught:
        ask(whole + b"x")
    assert caught.value.response["Error"]["Code"] == "413"
    assert "HTTP content length exceeded 26214400 bytes" in str(caught.value)
    assert ask(b"still there")["Body"].read() == b"still there"


def test_an_endpoint_that_does_not_exist_is_a_validation_error(aws):
    with pytest.raises(ClientError) as caught:
        aws.runtime.invoke_endpoint(EndpointName="ghost", Body=b"")
    error = caught.value.response["Error"]
    assert error["Code"] == "ValidationError"
    assert error["Message"] == f"Endpoint ghost of account {ACCOUNT} not found."


def test_streamed_and_asynchronous_inference_are_refused_plainly(aws, endpoint):
    with pytest.raises(ClientError, match="Not emulated"):
        aws.runtime.invoke_endpoint_with_response_stream(EndpointName=endpoint, Body=b"")
    with pytest.raises(ClientError, match="Not emulated"):
        aws.runtime.invoke_endpoint_async(EndpointName=endpoint, InputLocation="s3://bucket/x")
    with pytest.raises(ClientError, match="Not emulated: Target-Model"):
        aws.runtime.invoke_endpoint(EndpointName=endpoint, Body=b"", TargetModel="a.tar.gz")


def test_an_unsigned_request_reaches_no_endpoint(emulator, endpoint):
    url = f"{emulator.url}/endpoints/{endpoint}/invocations"
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(urllib.request.Request(url, b"1,2"))
    assert caught.value.code >= 400
    caught.value.close()


def test_many_clients_at_once_each_get_their_own_answer(aws, ask):
    wrong = []

    def worker(number):
        for turn in range(25):
            body = f"{number}/{turn}".encode()
            if ask(body)["Body"].read() != body:
                wrong.append(body)

    workers = [threading.Thread(target=worker, args=(number,)) for number in range(8)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    assert wrong == []
