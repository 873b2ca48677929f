"""Checks the policies of other accounts' repositories: who may read them.

Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.iam import policies

from .errors import AccessDeniedException

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.ecr.models import ECRBackend


def require(backend: ECRBackend, name: str, caller: str, action: str) -> None:
    """Refuse an account unless it owns the registry, or the repository's policy allows it.

    The error is the same for a repository that does not exist.
    """
    if caller == backend.account_id:
        return
    repository = backend.repositories.get(name)
    text = repository.policy if repository else None
    named = [s for s in policies.statements(text) if _names(s, caller)] if text else []
    question = policies.Question(action)
    if policies.decide({"repository": {"Statement": named}}, question).decision != "allowed":
        arn = f"arn:aws:ecr:{backend.region_name}:{backend.account_id}:repository/{name}"
        raise AccessDeniedException(
            f"User: arn:aws:iam::{caller}:root is not authorized to perform: {action} on resource: "
            f"{arn} because no resource-based policy allows the {action} action"
        )


def _names(statement: Mapping[str, Any], account: str) -> bool:
    """Whether a statement applies to everybody, to this account or to one of its roles."""
    principal = statement.get("Principal", {})
    named = principal.get("AWS", []) if isinstance(principal, dict) else principal
    listed = named if isinstance(named, list) else [named]
    return any(each in ("*", account) or f"::{account}:" in each for each in listed)
