"""STS in place of moto's: it checks web identities, and sessions expire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult
from moto.sts import urls
from moto.sts.exceptions import STSClientError
from moto.sts.models import sts_backends
from moto.sts.responses import TokenResponse

from emulator.cloud import LOOPBACK

from . import web_identity

if TYPE_CHECKING:
    from emulator.settings import Settings

    from .sessions import Sessions

_SHORTEST_S, _USUAL_S, _LONGEST_S = 900, 3600, 43200
# The Region for anonymous requests, which name none: moto needs one to make a session.
_REGIONS = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}


class Sts(TokenResponse):
    """STS; moto makes one object for each request, so shared state is in the class."""

    sessions: Sessions
    issuer: str | None

    def assume_role(self) -> ActionResult:
        """Assume a role; a container's session, which SageMaker would renew, never expires here."""
        answer = super().assume_role()
        if LOOPBACK not in self.headers.get("User-Agent", ""):
            result: Any = answer.result
            self.sessions.begin(result["Credentials"], self._duration_s())
        return answer

    def assume_role_with_web_identity(self) -> ActionResult:
        """Assume a role with a token that its trust policy accepts."""
        arn, name = self._get_param("RoleArn"), self._get_param("RoleSessionName")
        token = self._get_param("WebIdentityToken")
        trusting = web_identity.require_trusted(arn, token, self.issuer)
        duration_s = self._duration_s()
        if duration_s > int(trusting.max_session_duration or _USUAL_S):
            raise STSClientError(
                "ValidationError",
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
            )
        partition, account = arn.split(":")[1], arn.split(":")[4]
        role = sts_backends[account][partition].assume_role_with_web_identity(
            region_name=_REGIONS.get(partition, partition),
            role_session_name=name,
            role_arn=arn,
            policy=self._get_param("Policy"),
            duration=duration_s,
            external_id=None,
        )
        self.sessions.begin(role, duration_s)
        user = {"AssumedRoleId": role.user_id, "Arn": role.arn}
        return ActionResult({"Credentials": role, "AssumedRoleUser": user})

    def _duration_s(self) -> int:
        duration_s: int = self._get_int_param("DurationSeconds", _USUAL_S)
        if not _SHORTEST_S <= duration_s <= _LONGEST_S:
            raise STSClientError(
                "ValidationError",
                f"1 validation error detected: Value '{duration_s}' at 'durationSeconds' failed to "
                f"satisfy constraint: Member must have value between {_SHORTEST_S} and "
                f"{_LONGEST_S}",
            )
        return duration_s


def install(sessions: Sessions, settings: Settings) -> None:
    """Replace moto's STS by this one; call it before the server starts."""
    Sts.sessions = sessions
    Sts.issuer = settings.issuer
    urls.url_paths["{0}/$"] = Sts.dispatch
