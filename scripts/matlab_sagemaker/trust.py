"""Whom a role's trust policy lets in: SageMaker, and the jobs of a repository on GitHub. Pure.

Conditions are read as far as they decide about a repository: `sub` and `aud` of GitHub's tokens.
Source: https://docs.github.com/actions/reference/security/oidc
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matlab_sagemaker.diagnosis import Finding, fine, skipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from matlab_sagemaker.calls import Calls

_SERVICE = "sagemaker.amazonaws.com"
_ASSUME, _WEB_IDENTITY = "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"
_NUMBERS = re.compile(r"repo:([^@/:]+)@(?:\d+|\*)/([^@:]+)@(?:\d+|\*):")
# What a job's `sub` ends with, by the kind of role.
_PULL_REQUEST, _BRANCH = "pull_request", "ref:refs/heads/{branch}"
CONTEXTS: Mapping[str, tuple[str, ...]] = {
    "image": (_PULL_REQUEST, _BRANCH),
    "train": (_PULL_REQUEST, _BRANCH),
    "compile": (_BRANCH,),
    "deploy": ("environment:{environment}",),
    "": ("*",),  # a role of another name: whatever it is for
}


@dataclass(frozen=True, kw_only=True)
class Jobs:
    """The jobs that are to get a role; a `context` with * at its end begins so."""

    repository: str  # owner/name
    contexts: tuple[str, ...]
    audience: str


def jobs(repository: str, kind: str, audience: str, calls: Calls) -> Jobs:
    """Return the jobs that a kind of role is for; what the calls do not tell: whichever."""
    contexts = [
        context.format(branch=branch, environment=environment)
        for context in CONTEXTS[kind]
        for branch in calls.branches or ("*",)
        for environment in calls.environments or ("*",)
    ]
    once = tuple(dict.fromkeys(contexts))
    return Jobs(repository=repository, contexts=once, audience=audience)


def of_sagemaker(what: str, role: str, policy: Any) -> Finding:
    """Return whether SageMaker may assume a role, under whatever conditions."""
    about = [s for s in _statements(policy, _ASSUME) if _SERVICE in _named(s, "Service")]
    allowed = any(s.get("Effect") == "Allow" for s in about)
    if allowed and not any(map(_forbids, about)):
        return fine(what, f"{role} trusts {_SERVICE}")
    return Finding(
        what,
        "wrong",
        f"{role} does not trust {_SERVICE}",
        f"Let {_SERVICE} do {_ASSUME} in the role's trust policy (README, on AWS), and let no "
        "statement deny it.",
    )


def of_github(what: str, role: str, policy: Any, wanted: Jobs) -> Finding:
    """Return whether the tokens of a repository's jobs get a role: by `sub`, and by `aud`."""
    about = [s for s in _statements(policy, _WEB_IDENTITY) if _named(s, "Federated")]
    open_ = [s for s in about if s.get("Effect") == "Allow"]
    if not open_ and wanted.contexts == CONTEXTS[""]:
        return skipped(what, f"{role} takes no tokens of GitHub's")
    audiences = [s for s in open_ if _meets(s, "aud", wanted.audience)]
    lacking = [
        context
        for context in wanted.contexts
        if not any(_lets_in(s, wanted.repository, context) for s in audiences)
    ]
    if not lacking and not any(map(_forbids, about)):
        return fine(what, f"{role} trusts {wanted.repository}")
    if open_ and not audiences:
        found, lines = f"{role} takes no token for {wanted.audience}", [f":aud {wanted.audience}"]
    else:
        found = f"{role} does not trust {wanted.repository} ({', '.join(lacking) or 'denied'})"
        lines = [f":sub {sub}" for context in lacking for sub in _forms(wanted, context)]
    fix = (
        "The role's trust policy has to hold, of `sub` in the form that the tokens have "
        "(scripts/setup/aws.yml makes it of DefaultBranch and EnvironmentName):"
    )
    return Finding(what, "wrong", found, "\n".join([fix, *lines]))


def _forms(wanted: Jobs, context: str) -> tuple[str, str]:
    owner, _, name = wanted.repository.partition("/")
    shown = context.replace("*", "NAME")
    return f"repo:{owner}/{name}:{shown}", f"repo:{owner}@OWNER-ID/{name}@REPO-ID:{shown}"


def _lets_in(statement: Mapping[str, Any], repository: str, context: str) -> bool:
    """Return whether a statement's `sub` fits; of repositories by number, the names count."""
    head = f"repo:{repository}:"
    return _meets(statement, "sub", head + context, lambda sub: _NUMBERS.sub(r"repo:\1/\2:", sub))


def _meets(statement: Mapping[str, Any], claim: str, wanted: str, plain: Any = str) -> bool:
    """Return whether what a statement wants of a claim can be `wanted`, or begin so before a *."""
    begin = wanted.removesuffix("*")
    for likeness, listed in _conditions(statement, claim):
        fits = [
            value.startswith(begin) if wanted.endswith("*") else value == wanted
            for value in map(plain, listed)
        ]
        if likeness:
            fits += [_like(plain(pattern), begin) for pattern in listed]
        if not any(fits):
            return False
    return True


def _conditions(statement: Mapping[str, Any], claim: str) -> Iterator[tuple[bool, list[str]]]:
    """Yield what is asked of a claim: whether by a pattern, and the values."""
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            if key.lower().endswith(f":{claim}") and operator.endswith(("Equals", "Like")):
                yield operator.endswith("StringLike"), _listed(values)


def _statements(policy: Any, action: str) -> list[dict[str, Any]]:
    return [
        s
        for s in _listed(policy.get("Statement", []))
        if any(_like(a.lower(), action.lower()) for a in _listed(s.get("Action", [])))
    ]


def _named(statement: Mapping[str, Any], kind: str) -> list[str]:
    principal = statement.get("Principal", {})
    return [_SERVICE] if principal == "*" else _listed(principal.get(kind, []))


def _forbids(statement: Mapping[str, Any]) -> bool:
    return statement.get("Effect") == "Deny" and not statement.get("Condition")


def _like(pattern: str, value: str) -> bool:
    """Tell whether `value` matches a pattern whose only wildcards are * and ?."""
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, value, re.DOTALL) is not None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
