"""Sessions of assumed roles: when each expires, and the refusal of requests after that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from moto.core.utils import utcnow

from . import refusals
from .requests.call import signature

if TYPE_CHECKING:
    from datetime import datetime

    from moto.sts.models import AssumedRole
    from werkzeug.wrappers import Request, Response

_EXPIRED = "The security token included in the request is expired"
_INVALID = "The security token included in the request is invalid."


@dataclass(frozen=True)
class _Session:
    token: str
    ends: datetime


class Sessions:
    """The sessions, by access key. Signatures are not checked, since moto has no secret keys."""

    def __init__(self, longest_s: float | None = None) -> None:
        self._longest_s = longest_s
        self._sessions: dict[str, _Session] = {}

    def begin(self, role: AssumedRole, duration_s: int) -> None:
        """Start a session that expires after its duration or the emulator's limit, in seconds."""
        life_s = min(duration_s, self._longest_s or duration_s)
        role.expiration = (utcnow() + timedelta(seconds=life_s)).replace(microsecond=0)
        self._sessions[role.access_key_id] = _Session(role.session_token, role.expiration)

    def refusal(self, request: Request) -> Response | None:
        """Return AWS's refusal if the session has expired or the token is another's; else None."""
        signed = signature(request)
        session = self._sessions.get(signed.access_key) if signed else None
        if signed is None or session is None:
            return None
        name = "X-Amz-Security-Token"
        words = request.args
        sent = request.headers.get(name) or words.get(name) or words.get(name.lower())
        if sent != session.token:
            return _refused(request, signed.service, "InvalidClientTokenId", _INVALID)
        if utcnow() >= session.ends:
            return _refused(request, signed.service, "ExpiredToken", _EXPIRED)
        return None


def _refused(request: Request, service: str, code: str, message: str) -> Response:
    if service == "s3":
        said = "The provided token has expired." if code == "ExpiredToken" else message
        return refusals.of_s3(code, said, 400)
    names = {"ExpiredToken": "ExpiredTokenException"}
    name = names.get(code, "UnrecognizedClientException")
    return refusals.of_another(request, code, message, name=name)
