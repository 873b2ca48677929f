"""Sessions of assumed roles: when each ends, and the refusal of requests that come after that."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from moto.core.utils import utcnow
from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from datetime import datetime

    from moto.sts.models import AssumedRole
    from werkzeug.wrappers import Request

_SIGNED = re.compile(r"Credential=([^/]+)/\d+/[^/]+/([^/]+)/aws4_request")
_EXPIRED = "The security token included in the request is expired"
_INVALID = "The security token included in the request is invalid."


@dataclass(frozen=True)
class _Session:
    token: str
    ends: datetime


class Sessions:
    """What the sessions' access keys are good for. Signatures are not checked: moto has no keys."""

    def __init__(self, longest_s: float | None = None) -> None:
        self._longest_s = longest_s
        self._sessions: dict[str, _Session] = {}

    def begin(self, role: AssumedRole, duration_s: int) -> None:
        """Let a session end after its duration, or the emulator's own limit; whole seconds."""
        life_s = min(duration_s, self._longest_s or duration_s)
        role.expiration = (utcnow() + timedelta(seconds=life_s)).replace(microsecond=0)
        self._sessions[role.access_key_id] = _Session(role.session_token, role.expiration)

    def refusal(self, request: Request) -> Response | None:
        """Give AWS's answer to a request of a session that has ended, or with another's token."""
        words, args = request.headers, request.args
        presigned = f"Credential={args.get('X-Amz-Credential', '')}"
        signed = _SIGNED.search(words.get("Authorization", presigned))
        session = self._sessions.get(signed[1]) if signed else None
        if signed is None or session is None:
            return None
        sent = words.get("X-Amz-Security-Token") or args.get("X-Amz-Security-Token")
        if sent != session.token:
            return _refused(request, signed[2], "InvalidClientTokenId", _INVALID)
        if utcnow() >= session.ends:
            return _refused(request, signed[2], "ExpiredToken", _EXPIRED)
        return None


def _refused(request: Request, service: str, code: str, message: str) -> Response:
    """Write a refusal in the service's protocol.

    Source: https://smithy.io/2.0/aws/protocols/
    """
    number, said = str(uuid.uuid4()), escape(message)
    if service == "s3":
        said = "The provided token has expired." if code == "ExpiredToken" else said
        body = f"<Error><Code>{code}</Code><Message>{said}</Message></Error>"
        return Response(body, 400, content_type="application/xml")
    if request.mimetype == "application/x-www-form-urlencoded":
        error = f"<Type>Sender</Type><Code>{code}</Code><Message>{said}</Message>"
        body = f"<ErrorResponse><Error>{error}</Error><RequestId>{number}</RequestId>"
        return Response(f"{body}</ErrorResponse>", 403, content_type="text/xml")
    names = {"ExpiredToken": "ExpiredTokenException"}
    name = names.get(code, "UnrecognizedClientException")
    response = Response(json.dumps({"__type": name, "message": message}), 400)
    response.content_type = "application/x-amz-json-1.1"
    response.headers["x-amzn-ErrorType"] = name
    return response
