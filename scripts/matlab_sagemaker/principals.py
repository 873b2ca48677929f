"""Doctor's looks at who does the steps: whom its role trusts, what it may do. It only reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matlab_sagemaker import arns, diagnosis, permissions, trust
from matlab_sagemaker.aws import roles
from matlab_sagemaker.diagnosis import Finding, skipped
from matlab_sagemaker.errors import KitError, MissingStepError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matlab_sagemaker.arns import Names, On
    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.calls import Calls
    from matlab_sagemaker.permissions import Permission

_PREFIX = "matlab-sagemaker"  # the template's default


@dataclass(frozen=True, kw_only=True)
class Asked:
    """About whom doctor is asked, and for what."""

    principal: str  # ARN; empty: whoever asks, or the roles of the workflows
    workflows: bool  # the steps are to run in workflows, not here
    repository: str  # owner/name; empty where the project is on no GitHub
    calls: Calls  # from which branch it deploys, to which environment
    audience: str

    @property
    def for_another(self) -> bool:
        """Whether the steps are done by another than the one who asks."""
        return bool(self.principal) or self.workflows


class Principals:
    """Those who do the steps, in an account whose things have these names."""

    def __init__(self, aws: Aws, asked: Asked, names: Names) -> None:
        self._aws = aws
        self._asked = asked
        self._names = names

    def findings(self, wanted: Mapping[str, Sequence[Permission]]) -> list[Finding]:
        """Return a finding a role about its trust, and one a step about its permissions."""
        principal = self._asked.principal
        if not principal and self._asked.workflows:
            return self._workflows(wanted)
        found = []
        if ":role/" in principal:
            if error := self._missing(principal):
                return [diagnosis.wrong(f"role {principal.rpartition('/')[2]}", error)]
            kind = principal.rpartition("-")[2]
            found = [self._trust(principal, kind if kind in permissions.ROLES else "")]
        return found + self._permissions(principal, wanted)

    def _workflows(self, wanted: Mapping[str, Sequence[Permission]]) -> list[Finding]:
        """Return what is found of the roles as the template names them: a set-up has made some."""
        account = f"arn:{self._aws.partition}:iam::{self._aws.account}"
        found, missing = list[Finding](), list[str]()
        for kind, done in permissions.ROLES.items():
            arn = f"{account}:role/{_PREFIX}-{kind}"
            if steps := {step: listed for step, listed in wanted.items() if step in done}:
                if self._missing(arn):
                    missing.append(f"{_PREFIX}-{kind}")
                else:
                    found += [self._trust(arn, kind), *self._permissions(arn, steps)]
        other = "one of another name is looked at with --principal"
        if missing and not found:
            said = f"there is none called {' or '.join(missing)}"
            fix = f"Make them with scripts/setup/aws.yml (README, from zero); {other}."
            return [Finding("roles of the workflows", "wrong", said, fix)]
        return found + [skipped(f"role {name}", f"there is none; {other}") for name in missing]

    def _missing(self, arn: str) -> KitError | None:
        """Return the error that a role is not there; what else keeps us from it is told later."""
        try:
            roles.trust(self._aws, arn)
        except MissingStepError as error:
            return error
        except KitError:
            pass
        return None

    def _trust(self, arn: str, kind: str) -> Finding:
        name, asked = arn.rpartition("/")[2], self._asked
        what = f"trust of {name}"
        if not asked.repository:
            return skipped(what, "not checked: git knows no remote `origin` on GitHub")
        jobs = trust.jobs(asked.repository, kind, asked.audience, asked.calls)
        return diagnosis.look(
            what, lambda: trust.of_github(what, name, roles.trust(self._aws, arn), jobs)
        )

    def _permissions(
        self, principal: str, wanted: Mapping[str, Sequence[Permission]]
    ) -> list[Finding]:
        """Return a finding a step; IAM is asked once about each kind of thing."""
        every = [p for listed in wanted.values() for p in listed]
        try:
            denied = self._denied(principal, every)
        except KitError as error:
            return [diagnosis.wrong("permissions", error)]
        foreign = diagnosis.foreign(every, denied)
        called = {getattr(self._names, whose) for whose in foreign}
        return [
            diagnosis.allowed(step, listed, denied, foreign, called)
            for step, listed in wanted.items()
        ]

    def _denied(self, principal: str, wanted: Sequence[Permission]) -> set[tuple[str, On]]:
        aws = self._aws
        arn = roles.principal(aws, principal or roles.caller(aws))
        kinds: dict[On, set[str]] = {}
        for p in wanted:
            kinds.setdefault(p.on, set()).add(p.action)
        return {
            (action, on)
            for on, actions in kinds.items()
            for action in roles.denied(aws, arn, sorted(actions), arns.resource(on, self._names))
        }
