"""InvokeEndpoint: passes a request to the container, and returns its answer or ModelError."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import urllib3
from werkzeug.wrappers import Response

from emulator.errors import ServiceError, ValidationError, left_out
from emulator.logs import ENDPOINT_GROUP

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

    from emulator.cloud import Scope

    from .actions import Hosting
    from .endpoint import Endpoint

BODY_BYTES = 25 * 1024 * 1024
"""Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html."""
_MESSAGE_CHARACTERS = 2048
_ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes"
_FORWARDED = ("Content-Type", "Accept", _ATTRIBUTES)
_LEFT_OUT = ("Target-Model", "Target-Container-Hostname", "Inference-Component", "Session-Id")
_TARGET = "X-Amzn-SageMaker-Target-Variant"


def invoke(hosting: Hosting, scope: Scope, name: str, request: Request) -> Response:
    """Answer InvokeEndpoint; raises ServiceError with the errors of SageMaker's runtime.

    Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
    """
    if (request.content_length or 0) > BODY_BYTES:
        raise ServiceError("413", f"HTTP content length exceeded {BODY_BYTES} bytes.", 413)
    body = request.get_data()
    if len(body) > BODY_BYTES:
        raise ServiceError("413", f"HTTP content length exceeded {BODY_BYTES} bytes.", 413)
    try:
        endpoint = hosting.endpoint(scope, name)
    except ValidationError as error:
        message = f"Endpoint {name} of account {scope.account} not found."
        raise ServiceError("ValidationError", message) from error
    return _forward(endpoint, body, request)


def _forward(endpoint: Endpoint, body: bytes, request: Request) -> Response:
    for name in _LEFT_OUT:
        if request.headers.get(f"X-Amzn-SageMaker-{name}"):
            raise left_out(f"{name} in InvokeEndpoint")
    target = request.headers.get(_TARGET)
    try:
        variant = endpoint.choose(target)
    except ValidationError as error:
        message = f"Variant {target} not found for Request"
        raise ServiceError("ValidationError", message) from error
    instance = variant.pick() if variant else None
    if variant is None or instance is None:
        message = f"Endpoint {endpoint.name} cannot serve: it is {endpoint.status}."
        if variant is None:
            raise ServiceError("ValidationError", message)
        raise ServiceError("ServiceUnavailable", f"{message} No instance is healthy.", 503)
    headers = {key: request.headers[key] for key in _FORWARDED if key in request.headers}
    try:
        answer = instance.invoke(body, headers)
    except urllib3.exceptions.TimeoutError:
        return _model_error(endpoint, 0, _timed_out())
    except urllib3.exceptions.HTTPError as error:
        return _model_error(endpoint, 500, str(error))
    if not 200 <= answer.status < 300:
        return _model_error(endpoint, answer.status, answer.data.decode(errors="replace"))
    return _passed_on(answer, variant.name)


def _passed_on(answer: urllib3.BaseHTTPResponse, variant: str) -> Response:
    response = Response(answer.data, answer.status)
    response.headers["Content-Type"] = answer.headers.get(
        "Content-Type", "application/octet-stream"
    )
    response.headers["x-Amzn-Invoked-Production-Variant"] = variant
    if _ATTRIBUTES in answer.headers:
        response.headers[_ATTRIBUTES] = answer.headers[_ATTRIBUTES]
    return response


def _model_error(endpoint: Endpoint, status: int, text: str) -> Response:
    """Make ModelError, with the container's own status and message."""
    scope, group = endpoint.scope, f"{ENDPOINT_GROUP}/{endpoint.name}"
    arn = f"arn:{scope.partition}:logs:{scope.region}:{scope.account}:log-group:{group}"
    side = "client" if 400 <= status < 500 else "server"
    text = text[:_MESSAGE_CHARACTERS]
    answer = {
        "Message": f'Received {side} error ({status}) from primary with message "{text}". '
        f"See the CloudWatch log group {group} for more information.",
        "OriginalMessage": text,
        "OriginalStatusCode": status,
        "LogStreamArn": arn,
    }
    response = Response(json.dumps(answer), 424, content_type="application/json")
    response.headers["x-amzn-ErrorType"] = "ModelError"
    return response


def _timed_out() -> str:
    return (
        "Your invocation timed out while waiting for a response from container primary. Review the "
        "latency metrics for each container in Amazon CloudWatch, resolve the issue, and try again."
    )
