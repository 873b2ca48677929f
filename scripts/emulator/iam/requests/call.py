"""Reads operation and parameters of a request, by its service's model and moto's routes."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import UnknownServiceError
from moto.core.parse import PROTOCOL_PARSERS, RequestParserError
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from werkzeug.exceptions import NotFound

if TYPE_CHECKING:
    from werkzeug.wrappers import Request as AnyRequest

    from emulator.cloud import Scope

_SIGNED = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
_MODELS = {"monitoring": "cloudwatch"}  # name in signatures -> name of botocore's model


@dataclass(frozen=True)
class Signature:
    """A signature's access key, and the service and Region it is for."""

    access_key: str
    region: str
    service: str


@dataclass(frozen=True)
class Call:
    """One call of an operation; `service` is the prefix of its IAM actions."""

    service: str
    operation: str
    parameters: dict[str, Any]
    scope: Scope


class UnknownCallError(Exception):
    """A request that names no operation."""


def signature(request: AnyRequest) -> Signature | None:
    """Read the signature from the header or the URL; None if the request is not signed."""
    presigned = f"Credential={request.args.get('X-Amz-Credential', '')}"
    found = _SIGNED.search(request.headers.get("Authorization", presigned))
    if found:
        return Signature(found[1], found[2], found[3])
    old = request.args.get("AWSAccessKeyId")  # S3's older way to sign a URL
    return Signature(old, "us-east-1", "s3") if old else None


def read(request: AnyRequest, service: str, scope: Scope) -> Call:
    """Read a request without consuming its body; raises UnknownCallError."""
    body = _body(request, service)
    model = "sagemaker-runtime" if _is_invocation(request, service) else service
    environ = {**request.environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    sent = Request(environ)
    try:
        operation, named = get_service_router(_MODELS.get(model, model)).match(sent)
        protocol = determine_request_protocol(operation.service_model, sent.content_type)
        if protocol == "json":
            parameters = json.loads(body or b"{}")
        else:
            parameters = PROTOCOL_PARSERS[protocol](operation).parse(
                {
                    "method": sent.method,
                    "values": sent.values,
                    "headers": sent.headers,
                    "body": body,
                    "url_path": sent.path,
                    "url_params": named,
                }
            )
    except (NotFound, NotImplementedError, UnknownServiceError) as error:
        raise UnknownCallError(f"{request.method} {request.path} of {service}") from error
    except (RequestParserError, ValueError) as error:
        raise UnknownCallError(f"{request.method} {request.path}: {error}") from error
    return Call(_ACTIONS_OF.get(service, service), operation.name, parameters, scope)


_ACTIONS_OF = {"monitoring": "cloudwatch"}


def _is_invocation(request: AnyRequest, service: str) -> bool:
    return service == "sagemaker" and request.path.startswith("/endpoints/")


def _body(request: AnyRequest, service: str) -> bytes:
    """Read the body if it has parameters; content, such as an object's, is not read."""
    is_content = service == "s3" and not (request.method == "POST" and "delete" in request.args)
    if is_content or _is_invocation(request, service):
        return b""
    stream = request.environ["wsgi.input"]
    body: bytes = stream.read()
    stream.seek(0)
    return body
