"""A role of the workflow's own, assumed by GitHub's token again and again as long as a step runs.

botocore asks for new credentials before the old ones end, from whichever thread needs them; each
time a fresh token is got. A session has STS's own length, an hour: every role allows that.
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
"""So long before the end of a session is its renewal tried (a failure is passed over: it is tried
again with each request), and so long before the end is nothing sent without it."""
_ANONYMOUS = Config(
    signature_version=UNSIGNED,
    retries={"mode": "standard", "max_attempts": 8},
    user_agent_extra="matlab-sagemaker",
)


def _now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass(frozen=True, kw_only=True)
class WebIdentity:
    """A role to assume, and how to get what proves that we may."""

    role: str
    session_name: str
    token: Callable[[], str]
    mask: Callable[[str], None]  # given each secret before it is used

    @property
    def account(self) -> str:
        """The account that the role is in, and so whoever has assumed it."""
        return self.role.split(":")[4]


def sign_in(session: Session, identity: WebIdentity) -> None:
    """Make `session` act as the role, and nobody else; raise SignInError where it may not."""
    sts: Any = session.create_client("sts", config=_ANONYMOUS)
    credentials = renewed(partial(_assume, sts, identity), identity.role)
    resolver = CredentialResolver([_Provider(credentials)])
    session.register_component("credential_provider", resolver)


def renewed(
    assume: Callable[[], CredentialsTypeDef],
    role: str,
    now: Callable[[], datetime] = _now,
) -> RefreshableCredentials:
    """Make credentials that call `assume` again before those that it gave have ended.

    The windows in which that happens are botocore's, cut to half of a session that is short.
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
    """Get a new session in botocore's words; raise SignInError that says what is not lost."""
    try:
        session = assume()
        _life_s(session, now)
    except SignInError as error:
        raise SignInError(
            f"The session of {role} has expired and could not be renewed.",
            why=str(error),
            do="Fix this, then run the job again. It finds what was finished, and what runs on "
            "AWS goes on meanwhile.",
        ) from error
    return {
        "access_key": session["AccessKeyId"],
        "secret_key": session["SecretAccessKey"],
        "token": session["SessionToken"],
        "expiry_time": session["Expiration"].isoformat(),
    }


def _life_s(session: CredentialsTypeDef, now: Callable[[], datetime]) -> float:
    """Return how long a new session lives; raise SignInError where it has ended already."""
    life_s = (session["Expiration"] - now()).total_seconds()
    if life_s <= 0:
        raise SignInError(
            f"By this machine's clock the session that AWS just gave ended {-life_s:.0f} s ago.",
            do="Set the clock of the runner.",
        )
    return life_s


def _assume(sts: STSClient, identity: WebIdentity) -> CredentialsTypeDef:
    """Get a token and assume the role with it; raise SignInError where AWS refuses it."""
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
    """Gives botocore the one set of credentials that it may use."""

    METHOD = _METHOD

    def __init__(self, credentials: RefreshableCredentials) -> None:
        super().__init__()
        self._credentials = credentials

    def load(self) -> RefreshableCredentials:
        """Give them; botocore calls this once for each session."""
        return self._credentials
