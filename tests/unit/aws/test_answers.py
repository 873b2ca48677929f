"""Answers that are not AWS's: recognized, requested again, and shown."""

import functools
import io

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError

from matlab_sagemaker.aws import answers, session
from matlab_sagemaker.errors import AwsError, UnreachableError

PAGE = b"<!DOCTYPE html>\n<html><body>Please sign in to the <b>guest network</body></html>"
CALLS = {  # one for each of botocore's protocols, and a HEAD
    "sagemaker": ("describe_training_job", {"TrainingJobName": "a"}),
    "ecr": ("describe_images", {"repositoryName": "flowers"}),
    "sts": ("get_caller_identity", {}),
    "iam": ("get_role", {"RoleName": "a"}),
    "s3": ("list_objects_v2", {"Bucket": "a"}),
    "s3 policy": ("get_bucket_policy", {"Bucket": "a"}),
    "s3 by GET": ("get_object", {"Bucket": "a", "Key": "b"}),
    "s3 by PUT": ("put_object", {"Bucket": "a", "Key": "b", "Body": b""}),
    "s3 by HEAD": ("head_object", {"Bucket": "a", "Key": "b"}),
    "sagemaker-runtime": ("invoke_endpoint", {"EndpointName": "a", "Body": b""}),
}
JSON, XML = ("sagemaker", "ecr"), ("sts", "iam", "s3")


class Line:
    """A connection with given answers, in turn; the last one repeats."""

    def __init__(self, *answers_):
        self.answers, self.asked = list(answers_), 0

    def __call__(self, request, **_):
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        status, body, headers = (*answer, {})[:3]
        return AWSResponse(request.url, status, headers, Raw(body))


class Raw(io.BytesIO):
    def stream(self, **_):
        yield self.read()


@pytest.fixture(scope="module")
def core():
    """Return a function that returns a client, made once, which uses no network."""
    core = botocore.session.Session()
    core.set_credentials("x", "x")
    for event, hook in session.HOOKS.items():
        core.get_component("event_emitter").register_first(event, hook)

    @functools.cache
    def client(service, attempts):
        retries = {"mode": "standard", "total_max_attempts": attempts}
        made = core.create_client(service, region_name="eu-west-1", config=Config(retries=retries))
        if service == "sagemaker-runtime":
            answers.ask_again(made.meta.events)
        return made

    return client


def ask(core, name, line, attempts=2):
    client, (call, request) = core(name.partition(" ")[0], attempts), CALLS[name]
    client.meta.events.register("before-send", line)
    try:
        with session.explained("asking"):
            return getattr(client, call)(**request)
    finally:
        client.meta.events.unregister("before-send", line)


@pytest.mark.parametrize("status", [200, 503])
@pytest.mark.parametrize("body", [PAGE, b"upstream error", b'{"TrainingJobN', b"<ListBuck", b"[]"])
@pytest.mark.parametrize("name", JSON + XML)
def test_what_is_not_aws_answer_is_asked_for_again_and_then_shown(core, name, body, status):
    line = Line((status, body, {"Content-Type": "text/html"}))
    with pytest.raises(UnreachableError, match="Something that is not AWS") as caught:
        ask(core, name, line)
    assert line.asked == 2
    assert f"status {status} (text/html)" in caught.value.why
    assert body[:9].decode() in caught.value.why


def test_a_page_is_no_prediction(core):
    line = Line((200, PAGE, {"Content-Type": "text/html"}))
    with pytest.raises(UnreachableError, match="Something that is not AWS"):
        ask(core, "sagemaker-runtime", line, attempts=1)
    assert line.asked == 1


@pytest.mark.parametrize("name", JSON + XML)
def test_an_empty_answer_is_none(core, name):
    with pytest.raises(UnreachableError, match="nothing"):
        ask(core, name, Line((200, b"")))


@pytest.mark.parametrize("name", JSON + XML)
@pytest.mark.parametrize(
    ("status", "headers", "shown"),
    [
        (302, {"Location": "https://login.example/"}, "a redirect to https://login.example/"),
        (307, {"Location": "https://login.example/"}, "status 307"),
        (403, {}, "guest network"),
        (407, {"Proxy-Authenticate": "Basic"}, "status 407"),
    ],
)
def test_what_refuses_in_aws_place_is_asked_once(core, name, status, headers, shown):
    line = Line((status, PAGE, headers))
    with pytest.raises(UnreachableError) as caught:
        ask(core, name, line)
    assert line.asked == 1
    assert shown in caught.value.why


@pytest.mark.parametrize("body", [b"{}", b'{"ok": true}', b"null"])
def test_an_answer_with_nothing_of_what_was_asked_for_is_none(core, body):
    with pytest.raises(UnreachableError):
        ask(core, "sagemaker", Line((200, body)))


@pytest.mark.parametrize("name", JSON + XML)
def test_one_page_in_place_of_an_answer_is_not_seen(core, name):
    line = Line((200, PAGE), (200, RIGHT[name]))
    assert ask(core, name, line)
    assert line.asked == 2


RIGHT = {
    "sagemaker": b'{"TrainingJobName": "a", "TrainingJobArn": "a", "TrainingJobStatus": "Stopped",'
    b'"SecondaryStatus": "Stopped", "ModelArtifacts": {}, "AlgorithmSpecification": {},'
    b'"ResourceConfig": {}, "StoppingCondition": {}, "CreationTime": 1}',
    "ecr": b'{"imageDetails": []}',
    "sts": b"<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account>"
    b"</GetCallerIdentityResult></GetCallerIdentityResponse>",
    "iam": b"<GetRoleResponse><GetRoleResult/></GetRoleResponse>",
    "s3": b'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>',
}


@pytest.mark.parametrize("name", ["s3 by GET", "s3 by PUT", "s3 by HEAD"])
def test_an_object_that_is_read_or_written_has_an_etag(core, name):
    with pytest.raises(UnreachableError, match="status 200"):
        ask(core, name, Line((200, b"" if "HEAD" in name else PAGE)))
    line = Line((200, b""), (200, b"", {"ETag": '"1"', "Content-Length": "0"}))
    assert ask(core, name, line)["ETag"]
    assert line.asked == 2


@pytest.mark.parametrize(
    ("body", "is_policy"), [(b'{"Version": "2012"}', True), (PAGE, False), (b'{"Versi', False)]
)
def test_a_bucket_policy_is_text_and_no_page(core, body, is_policy):
    if is_policy:
        assert ask(core, "s3 policy", Line((200, body)))["Policy"] == body.decode()
    else:
        with pytest.raises(UnreachableError):
            ask(core, "s3 policy", Line((200, body)))


@pytest.mark.parametrize(
    ("name", "status", "body", "code"),
    [
        ("sagemaker", 400, b'{"__type": "ValidationException", "message": "no"}', "ValidationExce"),
        ("ecr", 400, b'{"__type": "AccessDeniedException"}', "AccessDenied"),
        ("sts", 403, b"<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>",
         "AccessDenied"),
        ("s3", 404, b"<Error><Code>NoSuchBucket</Code></Error>", "NoSuchBucket"),
        ("s3 by HEAD", 404, b"", "404"),
        ("sagemaker-runtime", 424, b'{"message": "no"}', "424"),
    ],
)  # fmt: skip
def test_aws_own_errors_stay_as_they_are(core, name, status, body, code):
    with pytest.raises(AwsError, match=code) as caught:
        ask(core, name, Line((status, body)))
    assert not isinstance(caught.value, UnreachableError)


@pytest.mark.parametrize(
    "fault",
    [
        (400, b'{"__type": "ThrottlingException", "message": "Rate exceeded"}'),
        (503, b'{"__type": "ServiceUnavailable"}'),
        ConnectionClosedError(endpoint_url="https://a"),
        EndpointConnectionError(endpoint_url="https://a", error="no such name"),
    ],
)
def test_what_passes_is_told_from_what_stays(core, fault):
    with pytest.raises(UnreachableError):
        ask(core, "sagemaker", Line(fault), attempts=1)


UNTAKEN = [
    (429, b'{"__type": "ThrottlingException", "message": "Rate exceeded"}'),
    EndpointConnectionError(endpoint_url="https://a", error="no such name"),
]


@pytest.mark.parametrize("fault", UNTAKEN)
def test_a_prediction_that_was_not_taken_is_sent_again(core, fault):
    line = Line(fault, (200, b"setosa", {"x-Amzn-Invoked-Production-Variant": "AllTraffic"}))
    assert ask(core, "sagemaker-runtime", line, attempts=1)["Body"].read() == b"setosa"
    assert line.asked == 2


@pytest.mark.parametrize(
    "fault",
    [
        ConnectionClosedError(endpoint_url="https://a"),
        (500, b'{"__type": "InternalFailure"}'),
        (424, b'{"__type": "ModelError", "OriginalStatusCode": 500}'),
    ],
)
def test_a_prediction_that_may_have_been_taken_is_not(core, fault):
    line = Line(fault)
    with pytest.raises(AwsError):
        ask(core, "sagemaker-runtime", line, attempts=1)
    assert line.asked == 1
