"""Assumes the workflow's role with GitHub's token, and renews the session while a step runs.

botocore asks for new credentials before the old ones expire, in whichever thread needs them; each
time the kit gets a new token. A session lasts one hour, STS's default, which every role allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore import UNSIGNED
from botocore.config import Config
from botocore.credentials import CredentialProvider, CredentialResolver, RefreshableCredentials
from botocore.exceptions import ClientError

from matlab_sagemaker.aws import advice
from matlab_sagemaker.errors import SignInError

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.session import Session
    from mypy_boto3_sts import STSClient
    from mypy_boto3_sts.type_defs import CredentialsTypeDef

_METHOD = "github-oidc"
_TRIED_S, _NEEDED_S = 900, 60
"""Seconds before a session expires. From the first on, each request tries to renew the session, and
failures are ignored; from the second on, a failed renewal is an error."""
_ANONYMOUS = Config(
    signature_version=UNSIGNED,
    retries={"mode": "standard", "max_attempts": 8},
    user_agent_extra="matlab-sagemaker",
)


def _now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass(frozen=True, kw_only=True)
class WebIdentity:
    """A role to assume, and the function that gets a token for it."""

    role: str
    session_name: str
    token: Callable[[], str]
    mask: Callable[[str], None]  # called with each secret before its first use

    @property
    def account(self) -> str:
        """The account of the role, and so of anybody who has assumed it."""
        return self.role.split(":")[4]


def sign_in(session: Session, identity: WebIdentity) -> None:
    """Make `session` use only this role's credentials; raise SignInError if STS refuses."""
    sts: Any = session.create_client("sts", config=_ANONYMOUS)
    credentials = renewed(partial(_assume, sts, identity), identity.role)
    resolver = CredentialResolver([_Provider(credentials)])
    session.register_component("credential_provider", resolver)


def renewed(
    assume: Callable[[], CredentialsTypeDef],
    role: str,
    now: Callable[[], datetime] = _now,
) -> RefreshableCredentials:
    """Make credentials that call `assume` again before the current ones expire.

    botocore's two windows decide when; neither is longer than half of a short session.
    """
    first = assume()
    life_s = _life_s(first, now)
    half_s = max(int(life_s / 2), 1)
    return RefreshableCredentials(
        access_key=first["AccessKeyId"],
        secret_key=first["SecretAccessKey"],
        token=first["SessionToken"],
        expiry_time=first["Expiration"],
        refresh_using=partial(_renew, assume, role, now),
        method=_METHOD,
        time_fetcher=now,
        advisory_timeout=min(_TRIED_S, half_s),
        mandatory_timeout=min(_NEEDED_S, half_s),
    )


def _renew(
    assume: Callable[[], CredentialsTypeDef], role: str, now: Callable[[], datetime]
) -> dict[str, Any]:
    """Get a new session in botocore's format; raise SignInError if that fails."""
    try:
        session = assume()
        _life_s(session, now)
    except SignInError as error:
        raise SignInError(
            f"The session of {role} has expired and could not be renewed.",
            why=str(error),
            do="Fix the cause, then run the job again. It finds finished work, and whatever is "
            "running on AWS continues.",
        ) from error
    return {
        "access_key": session["AccessKeyId"],
        "secret_key": session["SecretAccessKey"],
        "token": session["SessionToken"],
        "expiry_time": session["Expiration"].isoformat(),
    }


def _life_s(session: CredentialsTypeDef, now: Callable[[], datetime]) -> float:
    """Return the seconds until a new session expires; raise SignInError if it has already."""
    life_s = (session["Expiration"] - now()).total_seconds()
    if life_s <= 0:
        raise SignInError(
            f"This machine's clock says that AWS's new session expired {-life_s:.0f} s ago.",
            do="Correct the runner's clock.",
        )
    return life_s


def _assume(sts: STSClient, identity: WebIdentity) -> CredentialsTypeDef:
    """Get a token and assume the role with it; raise SignInError if AWS refuses."""
    token = identity.token()
    identity.mask(token)
    try:
        answer = sts.assume_role_with_web_identity(
            RoleArn=identity.role, RoleSessionName=identity.session_name, WebIdentityToken=token
        )
    except ClientError as error:
        raise advice.of_role(error, identity.role, token) from error
    session = answer["Credentials"]
    identity.mask(session["SecretAccessKey"])
    identity.mask(session["SessionToken"])
    return session


class _Provider(CredentialProvider):
    """Gives botocore the only credentials that it may use."""

    METHOD = _METHOD

    def __init__(self, credentials: RefreshableCredentials) -> None:
        super().__init__()
        self._credentials = credentials

    def load(self) -> RefreshableCredentials:
        """Return the credentials; botocore calls this once for each session."""
        return self._credentials
