"""What to do when AWS refuses: words that name what to change. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matlab_sagemaker import oidc
from matlab_sagemaker.errors import SignInError

if TYPE_CHECKING:
    from botocore.exceptions import ClientError


NO_CONFIG = "Could not find endpoint configuration"


def advice(code: str, said: str) -> str:
    """Return what to do about an error of any service; nothing where its own words are enough."""
    if NO_CONFIG in said:  # of an update: the wanted one is waited for
        return (
            "Somebody has deleted the configuration that serves now, so SageMaker does not change "
            "the endpoint any more. Run delete, and deploy again."
        )
    if "in-progress endpoint" in said:
        return "Another run is changing it. Run again: it waits until that is done."
    if "Could not assume role" in said:
        return (
            "Name the execution role with aws.role in sagemaker.yml or the input 'role', and let "
            "sagemaker.amazonaws.com assume it (README, on AWS)."
        )
    # Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    if "no resource-based policy allows" in said:
        return (
            "Let the policy of what is named above allow it to this account; of a repository it is "
            "set by `aws ecr set-repository-policy`, in the account that it belongs to."
        )
    denied = "Add the action named above to the role's policy (README, on AWS)."
    expired = (
        "Get new credentials and run again; what was done is found again. On GitHub, the input "
        "'role-to-assume' gives credentials that are renewed."
    )
    unknown = (
        "The access key is not known to AWS, or not in this Region: check the credentials, and "
        "that the account has the Region enabled."
    )
    known = {
        "AccessDenied": denied,
        "AccessDeniedException": denied,
        "UnauthorizedOperation": denied,
        "ExpiredToken": expired,
        "ExpiredTokenException": expired,
        "InvalidClientTokenId": unknown,
        "UnrecognizedClientException": unknown,
        "ResourceLimitExceeded": "Ask for more in Service Quotas, or use another instance type.",
        "ThrottlingException": "AWS is busy; run again in a minute.",
    }
    return known.get(code, "")


def of_role(error: ClientError, role: str, token: str) -> SignInError:
    """Return the error for a role that STS did not give; of the token only its claims are shown.

    Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
    """
    code, said = error.response["Error"]["Code"], error.response["Error"]["Message"]
    match code:
        case "AccessDenied":
            why, do = _distrust(said, token)
        case "InvalidIdentityToken":
            why, do = f"{code}: {said}", _provider(role, token)
        case "ExpiredTokenException":
            why, do = f"{code}: {said}", "Set the clock of the runner, and run the job again."
        case "RegionDisabledException":
            do = "Correct the Region, or activate STS for it (IAM, account settings)."
            why = f"{code}: {said}"
        case _:
            why, do = f"{code}: {said}", "Correct what AWS names, and run the job again."
    return SignInError(f"AWS does not let this run assume {role}.", why=why, do=do)


def _distrust(said: str, token: str) -> tuple[str, str]:
    """AWS says the same of a role that is not there and of one whose trust policy says no."""
    claims = oidc.claims(token)
    forms = [form for form in oidc.subjects(claims) if form != claims.get("sub")]
    lines = [
        f"{said}: there is no such role, or its trust policy does not take this run's token.",
        f"  aud of the token: {claims.get('aud')}",
        f"  sub of the token: {claims.get('sub')}",
        *(f"  this repository's tokens do not have this form: {form}" for form in forms),
    ]
    return "\n".join(lines), (
        f"Compare these with the conditions {_issuer(claims)}:aud and :sub of the role's trust "
        "policy (README, on AWS); they have to name the form of sub that the token has."
    )


def _provider(role: str, token: str) -> str:
    claims = oidc.claims(token)
    return (
        f"Let IAM of the account {role.split(':')[4]} have an OpenID Connect provider for "
        f"https://{_issuer(claims)} with the audience {claims.get('aud')} (README, on AWS)."
    )


def _issuer(claims: dict[str, object]) -> str:
    default = "https://token.actions.githubusercontent.com"
    return str(claims.get("iss", default)).removeprefix("https://")
