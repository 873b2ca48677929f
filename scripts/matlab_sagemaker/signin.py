"""Who a verb is for AWS: a role of the workflow's own, or whom boto3's usual chain finds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from matlab_sagemaker import kinds
from matlab_sagemaker.aws import session
from matlab_sagemaker.aws.credentials import WebIdentity
from matlab_sagemaker.errors import InputError
from matlab_sagemaker.inputs import check

if TYPE_CHECKING:
    from collections.abc import Callable

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.github import Run


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """The inputs of every verb that talks to AWS."""

    region: str
    role_to_assume: str
    audience: str
    role_session_name: str


def prepare(run: Run, inputs: Inputs, region: str | None = None) -> Callable[[], Aws]:
    """Check the inputs, and return what connects: to their Region, else to `region`."""
    check("region", inputs.region, kinds.REGION)
    return partial(session.connect, inputs.region or region, _identity(run, inputs))


def _identity(run: Run, inputs: Inputs) -> WebIdentity | None:
    """Return the role with GitHub's tokens for it, if one is to be assumed."""
    check("role-to-assume", inputs.role_to_assume, kinds.ROLE_ARN)
    check("audience", inputs.audience, kinds.AUDIENCE)
    check("role-session-name", inputs.role_session_name, kinds.SESSION_NAME)
    if not inputs.role_to_assume:
        return None
    if not run.on_runner:
        raise InputError(
            "Input 'role-to-assume' is given, but this is no job of GitHub Actions.",
            why="The role is assumed with a token that GitHub gives to its jobs.",
            do="Leave it out: `aws configure` or `aws sso login` give credentials by hand.",
        )
    return WebIdentity(
        role=inputs.role_to_assume,
        session_name=inputs.role_session_name or f"matlab-sagemaker-{run.number}",
        token=partial(run.token_endpoint().token, inputs.audience),
        mask=run.mask,
    )
