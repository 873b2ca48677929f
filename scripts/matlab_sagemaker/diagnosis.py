"""What doctor finds: rows of what is fine, what is not and the fix, and the verdict. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from matlab_sagemaker.arns import named_after
from matlab_sagemaker.errors import (
    DeniedError,
    InputError,
    KitError,
    NotAllowedError,
    NotReadyError,
)
from matlab_sagemaker.permissions import STEPS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from matlab_sagemaker.arns import On
    from matlab_sagemaker.permissions import Permission

PIPELINE = ("build-training-image", "train", "compile-handler", "deploy", "predict")
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


def wrong(what: str, error: KitError, *, for_another: bool = False) -> Finding:
    """Return an error as a finding; not to be let look is none, nor what another may lack."""
    said = " ".join(part for part in (error.what, error.why) if part)
    if isinstance(error, NotAllowedError) or (for_another and isinstance(error, DeniedError)):
        return skipped(what, f"not checked: {said}")
    return Finding(what, "wrong", said, error.do)


def steps_of(text: str) -> tuple[str, ...]:
    """Return the steps that an input names."""
    named = tuple(text.replace(",", " ").split())
    known = [step for step in STEPS if " " not in step]
    unknown = [step for step in named if step not in known]
    if unknown:
        raise InputError(
            f"Input 'steps' names '{unknown[0]}'; allowed: {', '.join(known)}.",
            do="Name one or more of these, separated by spaces.",
        )
    return named


def pipeline(*, serves: bool) -> tuple[str, ...]:
    """Return the steps that a project needs: without a handler, only those up to the model."""
    return PIPELINE if serves else PIPELINE[:2]


def needed(step: str, missing: Collection[On], *, with_secret: bool) -> list[Permission]:
    """Return what a step needs where `missing` is not there yet; no secret: none of its actions."""
    return [
        p
        for p in STEPS[step]
        if not p.by_choice
        and (not p.makes or p.on in missing)
        and (p.on != "secret" or with_secret)
    ]


def foreign(wanted: Iterable[Permission], denied: Collection[tuple[str, On]]) -> set[str]:
    """Return after what things are called of which all is denied, while others are allowed."""
    listed = [(named_after(p.on), (p.action, p.on) in denied) for p in wanted]
    if all(is_denied for whose, is_denied in listed if not whose):
        return set()
    reached = {whose for whose, is_denied in listed if not is_denied}
    return {str(whose) for whose, _ in listed if whose and whose not in reached}


def allowed(
    step: str,
    wanted: Iterable[Permission],
    denied: Collection[tuple[str, On]],
    foreign: Collection[str] = (),
    called: Collection[str] = (),
) -> Finding:
    """Return whether a principal has what a step needs; `denied` holds actions and what on.

    What is `foreign` is `called` otherwise than the role's policy wants names to begin.
    """
    permissions = list(wanted)
    lacking = [p for p in permissions if (p.action, p.on) in denied]
    if not lacking:
        return fine(f"permissions of {step}", f"all {len(permissions)} allowed")
    fix = (
        "Add them to the role's policy (README, on AWS), or make the roles with "
        "scripts/setup/aws.yml."
    )
    if all(named_after(p.on) in foreign for p in lacking):
        fix = (
            f"The role reaches nothing called {' or '.join(sorted(called))}, but the rest: let the "
            "names in sagemaker.yml begin with the NamePrefix of scripts/setup/aws.yml, or update "
            "the stack with a NamePrefix that they begin with."
        )
    listed = ", ".join(f"{p.action} ({p.on})" for p in lacking)
    return Finding(f"permissions of {step}", "wrong", f"not allowed: {listed}", fix)


def look(what: str, see: Callable[[], Finding], *, for_another: bool = False) -> Finding:
    """Return what `see` finds; an error is what it has found."""
    try:
        return see()
    except KitError as error:
        return wrong(what, error, for_another=for_another)


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
        one = len(bad) == 1
        count = "One thing is" if one else f"{len(bad)} things are"
        raise NotReadyError(
            f"{count} not as the steps need {'it' if one else 'them'}.",
            why="\n".join(f"{f.what}: {f.found}" for f in bad),
            do="The table says how to mend each; then run doctor again.",
        )
