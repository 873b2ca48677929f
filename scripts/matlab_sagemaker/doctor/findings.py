"""Doctor's findings: about a step, about its permissions, and the verdict. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matlab_sagemaker.checks import Check, fine, skipped, wrong
from matlab_sagemaker.doctor.arns import named_after
from matlab_sagemaker.doctor.permissions import STEPS
from matlab_sagemaker.errors import (
    DeniedError,
    InputError,
    KitError,
    NotAllowedError,
    NotReadyError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from matlab_sagemaker.doctor.arns import On
    from matlab_sagemaker.doctor.permissions import Permission

_TRAINS = ("build-training-image", "train")
_SERVES = ("compile-handler", "deploy", "predict")


def of_error(what: str, error: KitError, *, for_another: bool = False) -> Check:
    """Turn an error into a finding; not being allowed to check something is not a problem."""
    said = " ".join(part for part in (error.what, error.why) if part)
    if isinstance(error, NotAllowedError) or (for_another and isinstance(error, DeniedError)):
        return skipped(what, f"not checked: {said}")
    return wrong(what, said, error.do)


def steps_of(text: str) -> tuple[str, ...]:
    """Parse the input `steps`; raise InputError for an unknown one."""
    named = tuple(text.replace(",", " ").split())
    known = [step for step in STEPS if " " not in step]
    unknown = [step for step in named if step not in known]
    if unknown:
        raise InputError(
            f"Input 'steps' names '{unknown[0]}'; allowed: {', '.join(known)}.",
            do="Name one or more of these, separated by spaces.",
        )
    return named


def pipeline(*, trains: bool, serves: bool) -> tuple[str, ...]:
    """List the steps that a project needs, depending on whether it trains and serves."""
    tries = ("try-handler",) if trains and serves else ()
    return (_TRAINS if trains else ()) + tries + (_SERVES if serves else ())


def needed(step: str, missing: Collection[On], *, with_secret: bool) -> list[Permission]:
    """List the permissions that a step needs: also to create what is `missing`, and the secret."""
    return [
        p
        for p in STEPS[step]
        if not p.by_choice
        and (not p.makes or p.on in missing)
        and (p.on != "secret" or with_secret)
    ]


def foreign(wanted: Iterable[Permission], denied: Collection[tuple[str, On]]) -> set[str]:
    """Find the kinds of names for which every permission is denied, if others are allowed."""
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
    instance: str = "",
) -> Check:
    """Check whether a role or user has the permissions of a step, without those in `denied`.

    `foreign` are kinds of names that the role's policy does not cover, and `called` the names.
    `instance` is an instance type that the role may use only in training, not for this step.
    """
    permissions = list(wanted)
    lacking = [p for p in permissions if (p.action, p.on) in denied]
    if not lacking:
        return fine(f"permissions of {step}", f"all {len(permissions)} allowed")
    fix = (
        "Add them to the role's policy (the kit's docs/aws-permissions.md), or create the "
        "roles with scripts/setup/aws.yml."
    )
    if all(named_after(p.on) in foreign for p in lacking):
        fix = (
            "The role has these permissions, but not for names that begin with "
            f"{' or '.join(sorted(called))}. In sagemaker.yml, use names that begin with the "
            "NamePrefix of scripts/setup/aws.yml, or update the stack with another NamePrefix."
        )
    elif instance:
        fix = (
            f"{step} runs on {instance}. Add that to TrainingInstanceTypes of the stack of "
            "scripts/setup/aws.yml, or to the role's policy; or give train.yml "
            "`try-handler: false`."
        )
    listed = ", ".join(f"{p.action} ({p.on})" for p in lacking)
    return wrong(f"permissions of {step}", f"not allowed: {listed}", fix)


def look(what: str, see: Callable[[], Check], *, for_another: bool = False) -> Check:
    """Run one check; turn an error into a finding."""
    try:
        return see()
    except KitError as error:
        return of_error(what, error, for_another=for_another)


def require(findings: Iterable[Check]) -> None:
    """Raise one NotReadyError with everything that is wrong, if anything is."""
    bad = [f for f in findings if f.passed is False]
    if bad:
        raise NotReadyError(
            f"{len(bad)} problem{'s' * (len(bad) > 1)} found.",
            why="\n".join(f"{f.name}: {f.found}" for f in bad),
            do="The table says how to fix each. Then run doctor again.",
        )
