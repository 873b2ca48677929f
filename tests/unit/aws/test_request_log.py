"""What the log says about a request's result, and that it has nothing of the request's content."""

import pytest
from botocore.exceptions import ConnectTimeoutError
from botocore.hooks import HierarchicalEmitter

from matlab_sagemaker.aws import request_log

REFUSED = {"ResponseMetadata": {"HTTPStatusCode": 403}, "Error": {"Code": "403"}}


class Request:
    """A request as botocore passes it to a hook."""

    def __init__(self):
        self.context = {}
        self.body = "secret"


@pytest.mark.parametrize(
    ("parsed", "exception", "outcome"),
    [
        ({"ResponseMetadata": {"HTTPStatusCode": 200}, "Body": "secret"}, None, "200"),
        (REFUSED, None, "403"),
        ({**REFUSED, "Error": {"Code": "SlowDown", "Message": "secret"}}, None, "403 SlowDown"),
        (None, ConnectTimeoutError(endpoint_url="x"), "no answer (ConnectTimeoutError)"),
    ],
)
def test_each_attempt_has_a_line(parsed, exception, outcome):
    events, lines, request = HierarchicalEmitter(), [], Request()
    request_log.start(events, lines.append)
    for _attempt in range(2):
        events.emit("request-created.s3.PutObject", request=request)
        events.emit(
            "response-received.s3.PutObject",
            parsed_response=parsed,
            context=request.context,
            exception=exception,
        )
    assert lines == [f"aws s3 PutObject: {outcome}, 0.00 s"] * 2
