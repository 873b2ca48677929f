"""Bucket policies, judged by their conditions, which moto passes over.

A request counts as one by TLS: the emulator's plain port stands for Amazon's. Statements for
somebody in particular are passed over, as moto does: it knows nobody in particular.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

from . import policies

if TYPE_CHECKING:
    from collections.abc import Mapping


def install() -> None:
    """Put this judgement in the place of moto's; before the server starts."""
    FakeBucket.get_permission = _permission  # type: ignore[assignment] # its types are moto's own


def _permission(bucket: FakeBucket, action: str, resource: str) -> PermissionResult:
    """Judge an action by the statements of a bucket's policy that are for everybody."""
    if bucket.policy is None:
        return PermissionResult.NEUTRAL
    everybody = [s for s in policies.statements(bucket.policy) if _for_everybody(s)]
    question = policies.Question(action, resource, {"aws:SecureTransport": ["true"]})
    return _RESULTS[policies.decide({"bucket": {"Statement": everybody}}, question).decision]


_RESULTS: dict[policies.Decision, PermissionResult] = {
    "allowed": PermissionResult.PERMITTED,
    "explicitDeny": PermissionResult.DENIED,
    "implicitDeny": PermissionResult.NEUTRAL,
}


def _for_everybody(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    return principal == "*" or (isinstance(principal, dict) and principal.get("AWS") == "*")
