"""Recognises answers that are not from AWS, and decides which requests are sent again.

A company's proxy, a captive portal or a broken connection may answer in place of AWS, with an HTML
page, with nothing, or with part of an answer. botocore accepts some of these as AWS's answer.
"""

from __future__ import annotations

import json
import random
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
    ProxyConnectionError,
)
from botocore.exceptions import ConnectionError as NotConnectedError

from matlab_sagemaker.errors import UnreachableError

if TYPE_CHECKING:
    from collections.abc import Collection

    from botocore.hooks import BaseEventHooks
    from botocore.model import OperationModel

NOT_AWS = "NotFromAws"  # our error code for such an answer
_SHOWN = 200  # characters of such an answer
_PAGE = re.compile(rb"\s*<(!doctype html|html)", re.IGNORECASE)
_BAD_GATEWAY = 502  # after this status, botocore sends the request again
_THROTTLED = ("Throttl", "TooManyRequests", "RequestLimitExceeded", "SlowDown", "429")
_OF_STREAMS = ("etag", "x-amzn-invoked-production-variant")  # sent by S3 and by InvokeEndpoint
_SENT_AGAIN = 7  # the most often that a prediction is sent again


class ForeignAnswerError(BotoCoreError):
    """Something between us and AWS refused the request."""

    fmt = "{seen}"


_PASSING = (
    HTTPClientError, NotConnectedError, IncompleteReadError, FlexibleChecksumError,
    ForeignAnswerError,
)  # fmt: skip


def unreadable() -> tuple[type[Exception], ...]:
    """List the exceptions that mean an answer that is not from AWS."""
    from botocore.parsers import ResponseParserError

    return ForeignAnswerError, ResponseParserError


def ask_again(events: BaseEventHooks) -> None:
    """Make a client send a prediction again if the endpoint certainly did not receive it."""
    handler: Any = _pause_before_next  # botocore uses its result; boto3's types do not say so
    events.register("needs-retry", handler)


def is_throttled(error: ClientError) -> bool:
    """Whether AWS says that it gets too many requests."""
    return any(word in error.response["Error"]["Code"] for word in _THROTTLED)


def is_passing(error: BotoCoreError | ClientError) -> bool:
    """Whether the same request is likely to succeed a little later."""
    if not isinstance(error, ClientError):
        return isinstance(error, _PASSING)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= 500 or is_throttled(error)


def check(
    operation_model: OperationModel,
    response_dict: dict[str, Any],
    customized_response_dict: dict[str, Any],
    **_: object,
) -> None:
    """Turn an answer that is not from AWS into a connection error, so that botocore asks again.

    If a proxy refuses or redirects the request, asking again does not help: that raises
    ForeignAnswerError at once. botocore calls this as a hook, see session.HOOKS.
    """
    status, body = response_dict["status_code"], response_dict["body"]
    headers = response_dict["headers"]
    if _is_from_aws(operation_model, status, headers, body):
        return
    seen = _seen(status, headers, body)
    if 300 <= status < 500:
        raise ForeignAnswerError(seen=seen)
    response_dict.update(status_code=_BAD_GATEWAY, body=b"")
    customized_response_dict["Error"] = {"Code": NOT_AWS, "Message": seen}


def _is_from_aws(operation: OperationModel, status: int, headers: Any, body: Any) -> bool:
    shape, failed = operation.output_shape, status >= 300
    lacks_etag = not failed and _lacks_etag(shape, headers)
    if lacks_etag or not isinstance(body, bytes):  # a stream: its content may be anything
        return not lacks_etag and any(name.lower() in _OF_STREAMS for name in headers)
    if operation.name == "GetBucketPolicy" and not failed:
        return _is_object(body)
    if not failed and not _is_structured(shape):
        return not _PAGE.match(body)
    if not body:  # an error has one, except for the method HEAD
        return failed and operation.http.get("method") == "HEAD"
    if "json" not in operation.service_model.resolved_protocol:
        return _is_xml(body)
    wanted = shape.members if shape and shape.required_members and not failed else ()
    return _is_object(body, wanted)


def _lacks_etag(shape: Any, headers: Any) -> bool:
    """Whether the header that identifies an object is missing, which S3 always sends."""
    etag = shape.members.get("ETag") if shape else None
    return etag is not None and "location" in etag.serialization and "ETag" not in headers


def _is_structured(shape: Any) -> bool:
    """Whether an answer's body must be JSON or XML; others may be any text, or are ignored."""
    if not shape:
        return False
    if payload := shape.serialization.get("payload"):
        return shape.members[payload].type_name not in ("string", "blob")
    return any("location" not in member.serialization for member in shape.members.values())


def _is_object(body: bytes, wanted: Collection[str] = ()) -> bool:
    """Whether `body` is a JSON object that has one of the members `wanted`, if any are given."""
    try:
        said = json.loads(body)
    except ValueError:
        return False
    return isinstance(said, dict) and (not wanted or bool(said.keys() & set(wanted)))


def _is_xml(body: bytes) -> bool:
    try:
        root = ET.fromstring(body)  # noqa: S314 (botocore parses it in the same way)
        return root.tag.rpartition("}")[2].lower() != "html"
    except ET.ParseError:
        return False


def _seen(status: int, headers: Any, body: Any) -> str:
    """Describe what came in place of AWS's answer, in one short line."""
    kind = headers.get("Content-Type", "no Content-Type")
    to = f", a redirect to {headers['Location']}" if "Location" in headers else ""
    begun = body[:4096] if isinstance(body, bytes) else b"(not read)"
    text = " ".join(re.sub(r"[^\x20-\x7e]", " ", begun.decode("latin-1")).split())
    shown = text[:_SHOWN] + ("…" if len(text) > _SHOWN else "")
    return f"This answer is not from AWS: status {status} ({kind}){to}: {shown or 'nothing'}"


def _pause_before_next(
    response: Any, attempts: int, caught_exception: Exception | None, **_: object
) -> float | None:
    """Return the seconds until the next attempt, or None to give up."""
    untaken = isinstance(
        caught_exception, (EndpointConnectionError, ConnectTimeoutError, ProxyConnectionError)
    )
    error = response[1].get("Error", {}) if response else {}
    if attempts > _SENT_AGAIN or not (untaken or (error and is_throttled(_as_error(error)))):
        return None
    return random.uniform(0.5, 1) * min(0.2 * 2.0**attempts, 20)  # noqa: S311 (no secret)


def foreign(doing: str, seen: str) -> UnreachableError:
    """Make the error for an answer that is not from AWS; `seen` describes that answer."""
    return UnreachableError(
        f"Something that is not AWS answered while {doing}.",
        why=seen,
        do="A proxy, a firewall or a wrong AWS_ENDPOINT_URL is between this machine and AWS. "
        "Correct HTTPS_PROXY, NO_PROXY or AWS_ENDPOINT_URL. If the fault was temporary, run "
        "again.",
    )


def _as_error(error: dict[str, str]) -> ClientError:
    return ClientError({"Error": {"Code": error.get("Code", ""), "Message": ""}}, "InvokeEndpoint")
