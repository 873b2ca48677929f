"""Checks GitHub's tokens as STS does: form, issuer, signature, expiry, audience, trust policy.

Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jwt
import urllib3
from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends
from moto.sts.exceptions import STSClientError

from . import trust

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.iam.models import IAMBackend, OpenIDConnectProvider, Role

_ACTION = "sts:AssumeRoleWithWebIdentity"
_TIMEOUT_S = 10.0
_GITHUB = "https://token.actions.githubusercontent.com"
_CLAIMS = (
    "aud", "sub", "actor", "actor_id", "enterprise_id", "environment", "job_workflow_ref", "ref",
    "repository", "repository_id", "repository_owner_id", "workflow",
)  # fmt: skip
"""The claims that a trust policy can use; all others are absent for it.
Source: https://github.com/aws-actions/configure-aws-credentials (README, OIDC)."""


def require_trusted(role_arn: str, token: str, issuer: str | None = None) -> Role:
    """Return the role if the token may assume it; raise STSClientError in STS's words if not.

    The keys of GitHub's tokens are read from `issuer` if it is given, otherwise from GitHub.
    """
    said = _unchecked(token)
    partition, account = role_arn.split(":")[1], role_arn.split(":")[4]
    iam: IAMBackend = iam_backends[account][partition]
    provider = _provider(iam, said["iss"])
    _check_signature(token, (said["iss"] == _GITHUB and issuer) or said["iss"])
    audiences = said["aud"] if isinstance(said["aud"], list) else [said["aud"]]
    if not set(audiences) & set(provider.client_id_list):
        raise STSClientError("InvalidIdentityToken", "Incorrect token audience")
    return _trusting(iam, role_arn, provider, {**said, "aud": audiences[0]})


def _unchecked(token: str) -> dict[str, Any]:
    try:
        said: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
        required = {"iss", "aud", "sub", "exp", "iat"} - said.keys()
    except jwt.InvalidTokenError:
        required = {"all"}
    if required:
        raise STSClientError(
            "InvalidIdentityToken",
            "The ID Token provided is not a valid JWT. "
            "(You may see this error if you sent an Access Token)",
        )
    return said


def _provider(iam: IAMBackend, issuer: str) -> OpenIDConnectProvider:
    address = issuer.removeprefix("https://")
    for provider in iam.open_id_providers.values():
        if provider.url == address:
            return provider
    raise STSClientError(
        "InvalidIdentityToken", f"No OpenIDConnect provider found in your account for {issuer}"
    )


def _check_signature(token: str, issuer: str) -> None:
    try:
        key = _keys(issuer)[jwt.get_unverified_header(token).get("kid", "")]
        jwt.decode(token, key, algorithms=["RS256"], options={"verify_aud": False})
    except jwt.ExpiredSignatureError as error:
        raise STSClientError(
            "ExpiredTokenException", "Token expired: its expiration date/time is over"
        ) from error
    except (KeyError, ValueError, urllib3.exceptions.HTTPError, jwt.PyJWKError) as error:
        raise STSClientError(
            "InvalidIdentityToken",
            "Couldn't retrieve verification key from your identity provider, please reference "
            "AssumeRoleWithWebIdentity documentation for requirements",
        ) from error
    except jwt.InvalidTokenError as error:
        raise STSClientError(
            "InvalidIdentityToken", "The ID Token provided has no valid signature"
        ) from error


def _keys(issuer: str) -> jwt.PyJWKSet:
    described = _fetched(f"{issuer}/.well-known/openid-configuration")
    return jwt.PyJWKSet.from_dict(_fetched(described["jwks_uri"]))


def _fetched(url: str) -> dict[str, Any]:
    answer = urllib3.request("GET", url, timeout=_TIMEOUT_S, retries=False)
    return dict(answer.json())


def _trusting(
    iam: IAMBackend, role_arn: str, provider: OpenIDConnectProvider, said: Mapping[str, Any]
) -> Role:
    """Return the role; a missing role gets the same refusal as one that does not trust us."""
    known = {f"{provider.url}:{claim}": str(said[claim]) for claim in _CLAIMS if claim in said}
    try:
        role = iam.get_role_by_arn(role_arn)
        policy = json.loads(role.assume_role_policy_document)
    except NotFoundException:
        policy = {"Statement": []}
    if not trust.allows(policy, _ACTION, provider.arn, known):
        raise STSClientError("AccessDenied", f"Not authorized to perform {_ACTION}")
    return role
