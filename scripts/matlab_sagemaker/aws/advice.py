"""What users should change when AWS refuses a request. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matlab_sagemaker.errors import SignInError
from matlab_sagemaker.github import claims

if TYPE_CHECKING:
    from botocore.exceptions import ClientError


NO_CONFIG = "Could not find endpoint configuration"
IN_PROGRESS = "in-progress endpoint"


def advice(code: str, said: str) -> str:
    """Return what to do about an error; empty if AWS's own message is enough."""
    if NO_CONFIG in said:  # the old one: for the new one, apply.py waits
        return (
            "Someone has deleted the endpoint configuration that is serving, so SageMaker can "
            "no longer change the endpoint. Run delete, then deploy again."
        )
    if IN_PROGRESS in said:
        return "Another run is changing it. Run again: the step waits until the change is done."
    if "Could not assume role" in said:
        return (
            "Set aws.training_role (for training jobs) and aws.serving_role (for endpoints) in "
            "sagemaker.yml, or the inputs 'training-role' and 'serving-role', and let "
            "sagemaker.amazonaws.com assume these roles (the kit's docs/aws-permissions.md)."
        )
    if "perform: sagemaker:CreateTrainingJob" in said:
        return (
            "The role needs this action (the kit's docs/aws-permissions.md). A role from "
            "scripts/setup/aws.yml may use it only for the instance types in "
            "TrainingInstanceTypes and up to LongestTrainingInSeconds. Correct "
            "training.instance_type or max_runtime in sagemaker.yml, or update the stack. "
            "try-handler uses ml.m5.large."
        )
    # Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    if "no resource-based policy allows" in said:
        return (
            "Allow this account in the policy of the resource named above. The owner of an ECR "
            "repository sets its policy with `aws ecr set-repository-policy`."
        )
    return _BY_CODE.get(code, "")


_DENIED = "Add the action named above to the role's policy (the kit's docs/aws-permissions.md)."
_EXPIRED = (
    "Get new credentials and run again; finished work is not repeated. On GitHub, set the input "
    "'role-to-assume': the kit renews its credentials."
)
_UNKNOWN = (
    "AWS does not know the access key, or not in this Region. Check the credentials, and that "
    "the Region is enabled for the account."
)
_BY_CODE = {
    "AccessDenied": _DENIED,
    "AccessDeniedException": _DENIED,
    "UnauthorizedOperation": _DENIED,
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "InvalidClientTokenId": _UNKNOWN,
    "UnrecognizedClientException": _UNKNOWN,
    "ResourceLimitExceeded": "Request more in Service Quotas, or use another instance type.",
    "ThrottlingException": "AWS is busy; run again in a minute.",
}


def of_role(error: ClientError, role: str, token: str) -> SignInError:
    """Make the error for a role that STS refused; it shows claims of the token, not the token.

    Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
    """
    code, said = error.response["Error"]["Code"], error.response["Error"]["Message"]
    match code:
        case "AccessDenied":
            why, do = _distrust(said, token)
        case "InvalidIdentityToken":
            why, do = f"{code}: {said}", _provider(role, token)
        case "ExpiredTokenException":
            why, do = f"{code}: {said}", "Correct the runner's clock and run the job again."
        case "RegionDisabledException":
            do = "Correct the Region, or activate STS in it (IAM, account settings)."
            why = f"{code}: {said}"
        case _:
            why, do = f"{code}: {said}", "Fix the cause that AWS names, and run the job again."
    return SignInError(f"This run is not allowed to assume {role}.", why=why, do=do)


def _distrust(said: str, token: str) -> tuple[str, str]:
    """Explain AccessDenied: AWS says the same for a missing role and for one that refuses."""
    payload = claims.read(token)
    forms = [form for form in claims.subjects(payload) if form != payload.get("sub")]
    lines = [
        f"{said}: the role does not exist, or its trust policy does not accept this run's token.",
        f"  aud of the token: {payload.get('aud')}",
        f"  sub of the token: {payload.get('sub')}",
        *(f"  this repository's tokens do not have this form: {form}" for form in forms),
    ]
    return "\n".join(lines), (
        f"Compare these with the conditions {_issuer(payload)}:aud and :sub in the role's trust "
        "policy (the kit's docs/aws-permissions.md). The policy must use the same form of sub as "
        "the token."
    )


def _provider(role: str, token: str) -> str:
    payload = claims.read(token)
    return (
        f"In IAM of the account {role.split(':')[4]}, create an OpenID Connect provider for "
        f"https://{_issuer(payload)} with the audience {payload.get('aud')} (the kit's "
        "docs/aws-permissions.md)."
    )


def _issuer(payload: dict[str, object]) -> str:
    default = "https://token.actions.githubusercontent.com"
    return str(payload.get("iss", default)).removeprefix("https://")
