"""Checks whether the roles that run the steps exist, and what they may do. It only reads.

It does not check whom a role trusts: the template sets that, aws/advice.py explains STS's refusal
with the token's claims, and SageMaker refuses a role that it cannot assume before anything is
billed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from matlab_sagemaker.aws import iam
from matlab_sagemaker.checks import Check, skipped, wrong
from matlab_sagemaker.doctor import arns, permissions
from matlab_sagemaker.doctor import findings as doctor_findings
from matlab_sagemaker.errors import KitError, MissingStepError
from matlab_sagemaker.training import handler_job

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.doctor.arns import On, ResourceNames
    from matlab_sagemaker.doctor.permissions import Permission
    from matlab_sagemaker.project.git import Remote
    from matlab_sagemaker.project.workflows import Calls

_PREFIX = "matlab-sagemaker"  # the template's default
_TRIAL, _MAKES_JOB = "try-handler", "sagemaker:CreateTrainingJob"


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Who runs the steps, and for which repository."""

    principal: str  # ARN; empty: the current user, or the roles of the workflows
    workflows: bool  # whether the steps run in workflows, not here
    remote: Remote | None  # where the project is pushed to; None if that is not on GitHub
    calls: Calls  # the branches and environments of the workflows that deploy

    @property
    def for_another(self) -> bool:
        """Whether somebody other than the current user runs the steps."""
        return bool(self.principal) or self.workflows


class Principals:
    """The roles or the user that run the steps, and what they may do with these names."""

    def __init__(self, aws: Aws, scope: Scope, names: ResourceNames) -> None:
        self._aws = aws
        self._scope = scope
        self._names = names

    def findings(self, wanted: Mapping[str, Sequence[Permission]]) -> list[Check]:
        """Check whether each role exists, and its permissions for each step."""
        principal = self._scope.principal
        if not principal and self._scope.workflows:
            return self._workflows(wanted)
        if ":role/" in principal and (error := self._missing(principal)):
            return [doctor_findings.of_error(f"role {principal.rpartition('/')[2]}", error)]
        return self._permissions(principal, wanted)

    def _workflows(self, wanted: Mapping[str, Sequence[Permission]]) -> list[Check]:
        """Check the roles with the template's names; a stack may have only some of them."""
        account = f"arn:{self._aws.partition}:iam::{self._aws.account}"
        found, missing = list[Check](), list[str]()
        for kind, done in permissions.ROLES.items():
            arn = f"{account}:role/{_PREFIX}-{kind}"
            if steps := {step: listed for step, listed in wanted.items() if step in done}:
                if self._missing(arn):
                    missing.append(f"{_PREFIX}-{kind}")
                else:
                    found += self._permissions(arn, steps)
        other = "to check a role with another name, use --principal"
        if missing and not found:
            said = f"there is no role {' or '.join(missing)}"
            page = "the kit's docs/getting-started.md"
            fix = f"Create them with scripts/setup/aws.yml ({page}); {other}."
            return [wrong("roles of the workflows", said, fix)]
        return found + [skipped(f"role {name}", f"it does not exist; {other}") for name in missing]

    def _missing(self, arn: str) -> KitError | None:
        """Return the error for a role that does not exist; other errors show up later."""
        try:
            iam.require_role(self._aws, arn)
        except MissingStepError as error:
            return error
        except KitError:
            pass
        return None

    def _permissions(
        self, principal: str, wanted: Mapping[str, Sequence[Permission]]
    ) -> list[Check]:
        """Check each step, with one request to IAM for each kind of resource."""
        every = [p for listed in wanted.values() for p in listed]
        try:
            denied = self._denied(principal, every)
            of_trial = self._denied_to_trial(principal, wanted.get(_TRIAL, ()), denied)
        except KitError as error:
            return [doctor_findings.of_error("permissions", error)]
        foreign = doctor_findings.foreign(every, denied)
        called = {getattr(self._names, whose) for whose in foreign}
        instance = handler_job.INSTANCE_TYPE if of_trial - denied else ""
        return [
            doctor_findings.allowed(step, listed, of_trial, foreign, called, instance)
            if step == _TRIAL
            else doctor_findings.allowed(step, listed, denied, foreign, called)
            for step, listed in wanted.items()
        ]

    def _denied_to_trial(
        self, principal: str, listed: Sequence[Permission], denied: set[tuple[str, On]]
    ) -> set[tuple[str, On]]:
        """Find what is denied to a handler's trial; `denied` is so on the training's instance."""
        names = replace(self._names, instance_type=handler_job.INSTANCE_TYPE)
        makes = [p for p in listed if p.action == _MAKES_JOB]
        if not makes or names == self._names:
            return denied
        others = {(action, on) for action, on in denied if action != _MAKES_JOB}
        return others | self._denied(principal, makes, names)

    def lacking(self, role: str, wanted: Sequence[Permission]) -> list[str]:
        """Find the actions of `wanted` that a role, given by its ARN, may not do."""
        return sorted({action for action, _ in self._denied(role, wanted)})

    def _denied(
        self, principal: str, wanted: Sequence[Permission], names: ResourceNames | None = None
    ) -> set[tuple[str, On]]:
        aws, named = self._aws, names or self._names
        arn = iam.principal(aws, principal or iam.caller(aws))
        kinds: dict[On, set[str]] = {}
        for p in wanted:
            kinds.setdefault(p.on, set()).add(p.action)
        return {
            (action, on)
            for on, actions in kinds.items()
            for action in self._denied_on(on, arn, sorted(actions), named)
        }

    def _denied_on(
        self, on: On, arn: str, actions: Sequence[str], names: ResourceNames
    ) -> set[str]:
        resource = arns.resource(on, names)
        return iam.denied(self._aws, arn, actions, resource, arns.context(actions, names))
