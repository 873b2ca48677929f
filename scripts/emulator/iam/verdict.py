"""Combines all policies that apply to a request, within one account or across two. Pure.

Permissions boundaries and policies of organizations are not supported.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from .conditions import UnknownOperatorError
from .policies import Answer, Question, decide, statements

if TYPE_CHECKING:
    from collections.abc import Mapping

Level = Literal["self", "role", "account", ""]
"""How a statement names a caller: directly, by its role, by its account, or not at all."""


@dataclass(frozen=True, kw_only=True)
class Caller:
    """The sender of a request, and its policies."""

    arn: str
    """The ARN in error messages; for a session, the session's."""
    account: str
    kind: Literal["Account", "User", "AssumedRole", "Anonymous"]
    principal: str = ""
    """For a session, its role's ARN; otherwise the same as `arn`."""
    identity: Mapping[str, Any] = field(default_factory=dict)
    """Policy documents of user, groups or role, by name."""
    session: Any = None
    """The session policy; None if there is none."""


def objection(caller: Caller, question: Question, owner: str, policy: Any = None) -> str | None:
    """Return why a caller may not do it, in AWS's words; None if it may.

    `owner` is the account that owns the resource, `policy` the resource's policy document. Raises
    UnknownOperatorError for a policy that cannot be evaluated.
    """
    identity = decide(caller.identity, question)
    session = _of_session(caller, question)
    by_resource = _by_resource(policy, caller, question)
    answers = {
        "an identity-based policy": identity.decision,
        "a session policy": session,
        "a resource-based policy": _strongest(by_resource),
    }
    for words, decision in answers.items():
        if decision == "explicitDeny":
            return f"with an explicit deny in {words}"
    kind = _lacking(
        caller, owner, identity.decision == "allowed", session == "allowed", by_resource
    )
    return f"because no {kind} policy allows the {question.action} action" if kind else None


def missing(caller: Caller, question: Question, policy: Any = None) -> set[str]:
    """Return the condition keys that the policies need but the question does not have."""
    documents = (
        {**caller.identity, "session": caller.session} if caller.session else caller.identity
    )
    answers = [decide(documents, question), *_by_resource(policy, caller, question).values()]
    return {key for answer in answers for key in answer.missing}


def named(principal: Any, caller: Caller) -> Level:
    """Determine how a statement's principal names a caller."""
    listed = principal.get("AWS", []) if isinstance(principal, dict) else principal
    words = listed if isinstance(listed, list) else [listed]
    levels = {_level(str(word), caller) for word in words}
    order: tuple[Level, ...] = ("self", "role", "account")
    return next((level for level in order if level in levels), "")


def _level(word: str, caller: Caller) -> Level:
    if word == "*":
        return "role" if caller.kind == "AssumedRole" else "self"
    if caller.kind == "Anonymous":
        return ""
    if word == caller.arn and caller.kind != "Account":
        return "self"
    if word == caller.principal:
        return "role"
    of_account = word.startswith("arn:") and word.endswith(f":iam::{caller.account}:root")
    return "account" if word == caller.account or of_account else ""


def _of_session(caller: Caller, question: Question) -> str:
    if caller.session is None:
        return "allowed"
    return decide({"session": caller.session}, question).decision


def _by_resource(policy: Any, caller: Caller, question: Question) -> dict[Level, Answer]:
    """Evaluate a resource's policy, separately for each way in which it names the caller."""
    found: dict[Level, list[dict[str, Any]]] = {}
    for statement in statements(policy) if policy else []:
        if "NotPrincipal" in statement:
            raise UnknownOperatorError("The emulator cannot judge NotPrincipal in a policy.")
        level = named(statement.get("Principal", {}), caller)
        if level:
            found.setdefault(level, []).append(statement)
    return {
        level: decide({"resource": {"Statement": listed}}, question)
        for level, listed in found.items()
    }


def _strongest(answers: Mapping[Level, Answer]) -> str:
    decisions = {answer.decision for answer in answers.values()}
    return next((d for d in ("explicitDeny", "allowed") if d in decisions), "implicitDeny")


def _lacking(
    caller: Caller,
    owner: str,
    by_identity: bool,
    by_session: bool,
    by_resource: Mapping[Level, Answer],
) -> str:
    """Return the kind of policy in which an Allow is missing; empty if none is."""
    levels = {level for level, answer in by_resource.items() if answer.decision == "allowed"}
    if caller.kind == "Anonymous" or owner != caller.account:
        if not levels:
            return "resource-based"
    elif "self" in levels:
        return ""
    elif "role" in levels:
        return "" if by_session else "session"
    if caller.kind == "Anonymous":
        return ""
    if not by_identity:
        return "identity-based"
    return "" if by_session else "session"
