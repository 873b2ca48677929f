"""What to do when AWS refuses: words that name what to change. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matlab_sagemaker.errors import SignInError
from matlab_sagemaker.github import claims

if TYPE_CHECKING:
    from botocore.exceptions import ClientError


NO_CONFIG = "Could not find endpoint configuration"
IN_PROGRESS = "in-progress endpoint"


def advice(code: str, said: str) -> str:
    """Return what to do about an error of any service; nothing where its own words are enough."""
    if NO_CONFIG in said:  # of an update: the wanted one is waited for
        return (
            "Someone has deleted the endpoint configuration that is serving, so SageMaker can "
            "no longer change the endpoint. Run delete, then deploy again."
        )
    if IN_PROGRESS in said:
        return "Another run is changing it. Run again: it waits until that is done."
    if "Could not assume role" in said:
        return (
            "Name the role of training jobs with aws.training_role in sagemaker.yml, and that of "
            "endpoints with aws.serving_role (or the inputs 'training-role' and 'serving-role'), "
            "and let sagemaker.amazonaws.com assume it (the kit's docs/aws-permissions.md)."
        )
    if "perform: sagemaker:CreateTrainingJob" in said:
        return (
            "The role needs that action (the kit's docs/aws-permissions.md). A role from "
            "scripts/setup/aws.yml has it for the instances in TrainingInstanceTypes and up to "
            "LongestTrainingInSeconds: correct training.instance_type or max_runtime in "
            "sagemaker.yml, or update the stack. try-handler asks for ml.m5.large."
        )
    # Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    if "no resource-based policy allows" in said:
        return (
            "Let the policy of what is named above allow it to this account; of a repository it is "
            "set by `aws ecr set-repository-policy`, in the account that it belongs to."
        )
    return _BY_CODE.get(code, "")


_DENIED = "Add the action named above to the role's policy (the kit's docs/aws-permissions.md)."
_EXPIRED = (
    "Get new credentials and run again; finished work is found again. On GitHub, the input "
    "'role-to-assume' gives credentials that are renewed."
)
_UNKNOWN = (
    "The access key is not known to AWS, or not in this Region: check the credentials, and "
    "that the account has the Region enabled."
)
_BY_CODE = {
    "AccessDenied": _DENIED,
    "AccessDeniedException": _DENIED,
    "UnauthorizedOperation": _DENIED,
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "InvalidClientTokenId": _UNKNOWN,
    "UnrecognizedClientException": _UNKNOWN,
    "ResourceLimitExceeded": "Ask for more in Service Quotas, or use another instance type.",
    "ThrottlingException": "AWS is busy; run again in a minute.",
}


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
    return SignInError(f"This run is not allowed to assume {role}.", why=why, do=do)


def _distrust(said: str, token: str) -> tuple[str, str]:
    """AWS says the same of a role that is not there and of one whose trust policy says no."""
    told = claims.read(token)
    forms = [form for form in claims.subjects(told) if form != told.get("sub")]
    lines = [
        f"{said}: the role does not exist, or its trust policy does not accept this run's token.",
        f"  aud of the token: {told.get('aud')}",
        f"  sub of the token: {told.get('sub')}",
        *(f"  this repository's tokens do not have this form: {form}" for form in forms),
    ]
    return "\n".join(lines), (
        f"Compare these with the conditions {_issuer(told)}:aud and :sub of the role's trust "
        "policy (the kit's docs/aws-permissions.md); they must name the form of sub that the "
        "token has."
    )


def _provider(role: str, token: str) -> str:
    told = claims.read(token)
    return (
        f"In IAM of the account {role.split(':')[4]}, create an OpenID Connect provider for "
        f"https://{_issuer(told)} with the audience {told.get('aud')} (the kit's "
        "docs/aws-permissions.md)."
    )


def _issuer(told: dict[str, object]) -> str:
    default = "https://token.actions.githubusercontent.com"
    return str(told.get("iss", default)).removeprefix("https://")
