"""Writes refusals in the protocol of the service that a request is for.

Source: https://smithy.io/2.0/aws/protocols/
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from werkzeug.wrappers import Request


def of_s3(code: str, message: str, status: int) -> Response:
    """Write S3's error."""
    body = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    return Response(body, status, content_type="application/xml")


def of_another(
    request: Request, code: str, message: str, *, name: str = "", status: int = 400
) -> Response:
    """Write an error for the protocols Query (`code`) and JSON (`name` and `status`)."""
    if request.mimetype == "application/x-www-form-urlencoded":
        error = f"<Type>Sender</Type><Code>{code}</Code><Message>{escape(message)}</Message>"
        body = f"<ErrorResponse><Error>{error}</Error><RequestId>{uuid.uuid4()}</RequestId>"
        return Response(f"{body}</ErrorResponse>", 403, content_type="text/xml")
    response = Response(json.dumps({"__type": name or code, "message": message}), status)
    response.content_type = "application/x-amz-json-1.1"
    response.headers["x-amzn-ErrorType"] = name or code
    return response
