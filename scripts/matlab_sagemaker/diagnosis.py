"""What doctor finds: rows of what is fine, what is not and the fix, and the verdict. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from matlab_sagemaker.errors import InputError, KitError, NotAllowedError, NotReadyError
from matlab_sagemaker.permissions import STEPS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from matlab_sagemaker.permissions import On, Permission

PIPELINE = ("build-training-image", "train", "compile-handler", "deploy", "predict")
_SERVICE = "sagemaker.amazonaws.com"
_MARKS = {"fine": "✔", "wrong": "✘", "skipped": "–"}  # noqa: RUF001 (a dash: nothing to tick)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, or why it was not."""

    what: str
    state: Literal["fine", "wrong", "skipped"]
    found: str
    fix: str = ""


def fine(what: str, found: str) -> Finding:
    """Return that all is well with it."""
    return Finding(what, "fine", found)


def skipped(what: str, why: str) -> Finding:
    """Return that it was not looked at, and why: nobody needs it, or we may not."""
    return Finding(what, "skipped", why)


def wrong(what: str, error: KitError) -> Finding:
    """Return an error as a finding; not to be let look is none."""
    said = " ".join(part for part in (error.what, error.why) if part)
    if isinstance(error, NotAllowedError):
        return skipped(what, f"not checked: {said}")
    return Finding(what, "wrong", said, error.do)


def steps_of(text: str) -> tuple[str, ...]:
    """Return the steps that an input names, by default those of the pipeline."""
    named = tuple(text.replace(",", " ").split()) or PIPELINE
    known = [step for step in STEPS if " " not in step]
    unknown = [step for step in named if step not in known]
    if unknown:
        raise InputError(
            f"Input 'steps' names '{unknown[0]}'; allowed: {', '.join(known)}.",
            do="Name one or more of these, separated by spaces.",
        )
    return named


def trusting(what: str, role: str, trust: Any) -> Finding:
    """Return whether a role's trust policy lets SageMaker assume it, under whatever conditions."""
    statements = trust.get("Statement", [])
    listed = [statements] if isinstance(statements, dict) else statements
    if any(s.get("Effect") == "Allow" and _SERVICE in _services(s) for s in listed):
        return fine(what, f"{role} trusts {_SERVICE}")
    return Finding(
        what,
        "wrong",
        f"{role} does not trust {_SERVICE}",
        f"Let {_SERVICE} assume it (README, on AWS): add it to the role's trust policy.",
    )


def _services(statement: Mapping[str, Any]) -> list[str]:
    principal = statement.get("Principal", {})
    services = [_SERVICE] if principal == "*" else principal.get("Service", [])
    return [services] if isinstance(services, str) else list(services)


def needed(step: str, missing: Collection[On], *, with_secret: bool) -> list[Permission]:
    """Return what a step needs where `missing` is not there yet; no secret: none of its actions."""
    return [
        p
        for p in STEPS[step]
        if not p.by_choice
        and (not p.makes or p.on in missing)
        and (p.on != "secret" or with_secret)
    ]


def allowed(step: str, wanted: Iterable[Permission], denied: Collection[tuple[str, On]]) -> Finding:
    """Return whether a principal has what a step needs; `denied` holds actions and what on."""
    permissions = list(wanted)
    lacking = [p for p in permissions if (p.action, p.on) in denied]
    if not lacking:
        return fine(f"permissions of {step}", f"all {len(permissions)} allowed")
    return Finding(
        f"permissions of {step}",
        "wrong",
        "not allowed: " + ", ".join(f"{p.action} ({p.on})" for p in lacking),
        "Add them to the role's policy (README, on AWS), or make the roles with "
        "scripts/setup/aws.yml.",
    )


def look(what: str, see: Callable[[], Finding]) -> Finding:
    """Return what `see` finds; an error is what it has found."""
    try:
        return see()
    except KitError as error:
        return wrong(what, error)


def plain(findings: list[Finding]) -> str:
    """Return the findings for a terminal, each fix below what it mends."""
    width = max(len(f.what) for f in findings)
    lines = []
    for f in findings:
        first, *more = [*f.found.splitlines(), *(f"→ {line}" for line in f.fix.splitlines())]
        lines.append(f"{_MARKS[f.state]} {f.what:{width}}  {first}")
        lines += [" " * (width + 4) + line for line in more]
    return "\n".join(lines)


def rows(findings: Iterable[Finding]) -> list[list[str]]:
    """Return the findings as a table, with a header."""
    body = [[f.what, _MARKS[f.state], f.found, f.fix] for f in findings]
    return [["what", "", "found", "fix"], *body]


def outputs(findings: list[Finding]) -> dict[str, Any]:
    """Return the step's outputs."""
    told = [{"what": f.what, "state": f.state, "found": f.found, "fix": f.fix} for f in findings]
    return {"passed": all(f.state != "wrong" for f in findings), "checks": told}


def require(findings: Iterable[Finding]) -> None:
    """Raise NotReadyError where anything is wrong, with all of it."""
    bad = [f for f in findings if f.state == "wrong"]
    if bad:
        count = "One thing is" if len(bad) == 1 else f"{len(bad)} things are"
        raise NotReadyError(
            f"{count} not as the steps need it.",
            why="\n".join(f"{f.what}: {f.found}" for f in bad),
            do="The table says how to mend each; then run doctor again.",
        )
