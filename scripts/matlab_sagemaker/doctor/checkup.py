"""Runs all checks of doctor: sagemaker.yml, AWS, GitHub, this machine. Problems do not stop it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from matlab_sagemaker.aws import iam, signin
from matlab_sagemaker.checks import Check, fine, skipped
from matlab_sagemaker.doctor import environment, findings, machine
from matlab_sagemaker.doctor.account import USERS, AccountCheckup
from matlab_sagemaker.doctor.roles import Scope
from matlab_sagemaker.errors import InputError, KitError
from matlab_sagemaker.images import buildx
from matlab_sagemaker.images.publish import Builder  # noqa: TC001 (read at run time, for the inputs' types)
from matlab_sagemaker.project import content, fields, git, workflows
from matlab_sagemaker.project.content import GivenProject, TrainedProject

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matlab_sagemaker.aws import session
    from matlab_sagemaker.github.run import Run
    from matlab_sagemaker.project.content import AnyProject
    from matlab_sagemaker.project.workflows import Calls


@dataclass(frozen=True, kw_only=True)
class DoctorInputs(signin.ServingInputs):
    """The inputs of `doctor`: what to check, and for which role or user."""

    steps: str
    principal: str
    builder: Builder


def examine(run: Run, inputs: DoctorInputs) -> list[Check]:
    """Run all checks; raise InputError for an invalid input."""
    named = findings.steps_of(inputs.steps)
    fields.check_inputs({"principal": (inputs.principal, _PRINCIPAL)})
    project, of_project = _project(inputs)
    serves = project is None or project.settings.inference is not None
    trains = not isinstance(project, GivenProject)
    steps = named or findings.pipeline(trains=trains, serves=serves)
    scope = _scope(run, inputs, named)
    region = project.settings.aws.region if project else None
    aws, identity = _identity(signin.connector(run, inputs, region))
    found = [of_project, identity, _id_token(run, known=aws is not None)]
    if scope.workflows:
        found += [_remote(scope), _workflows(scope.calls)]
        found += environment.findings(scope.remote, scope.calls)
    if project and aws:
        target = signin.target(project, aws, inputs)
        found += AccountCheckup(project, target, steps, scope).findings()
    else:
        lacking = "a valid sagemaker.yml" if aws else "an AWS identity"
        found += [skipped(what, f"not checked: this needs {lacking}") for what in _ACCOUNT]
    workload = _workload(run, inputs, steps, project)
    return found + machine.findings(workload, elsewhere=scope.workflows)


_ACCOUNT = (*USERS, "permissions")
_PRINCIPAL = fields.TextRule(
    r"arn:aws[a-z-]*:iam::\d{12}:(role|user)/[\w+=,.@/-]+",
    "the ARN of a role or user (arn:aws:iam::123456789012:role/name)",
    longest=2048,
)


def _scope(run: Run, inputs: DoctorInputs, named: tuple[str, ...]) -> Scope:
    """Choose whose permissions to check: on a terminal without `steps`, those of the workflows."""
    return Scope(
        principal=inputs.principal,
        workflows=not run.on_runner and not named,
        remote=git.find_remote(inputs.config.resolve().parent),
        calls=_calls(inputs.config.resolve()),
    )


def _calls(file: Path) -> Calls:
    """Find how the repository's workflows deploy the project; git gives the default branch."""
    root = git.find_root(file.parent) or file.parent
    found = workflows.find(root, file.relative_to(root).as_posix())
    branch = git.find_branch(root)
    return replace(found, branches=found.branches or ((branch,) if branch else ()))


def _remote(scope: Scope) -> Check:
    if scope.remote:
        return fine("git remote", scope.remote.full_name)
    missing = InputError(
        "git has no remote `origin` on GitHub.",
        why="The workflows run on GitHub, in the repository that you push to.",
        do="Create the repository and push to it: gh repo create --source . --push",
    )
    return findings.of_error("git remote", missing)


def _workflows(found: Calls) -> Check:
    if not found.files:
        return skipped("workflows", "none deploys this project with an AWS role (init writes one)")
    said = (("branch", found.branches), ("environment", found.environments))
    named = [f"{what} {' or '.join(names)}" for what, names in said if names]
    return fine("workflows", f"{', '.join(found.files)}: {', '.join(named)}")


def _project(inputs: DoctorInputs) -> tuple[AnyProject | None, Check]:
    what = "sagemaker.yml"
    try:
        project = content.load(inputs.config)
    except KitError as error:
        return None, findings.of_error(what, error)
    engine = project.settings.matlab.engine
    return project, fine(what, f"project {project.name}, engine {engine}")


def _identity(connect: Callable[[], session.Aws]) -> tuple[session.Aws | None, Check]:
    what = "AWS identity"
    try:
        aws = connect()
        return aws, fine(what, f"{iam.caller(aws)} in {aws.region}")
    except KitError as error:
        return None, findings.of_error(what, error)


def _id_token(run: Run, *, known: bool) -> Check:
    """Check whether the job may get identity tokens; with other credentials it needs none."""
    what = "GitHub's id-token"
    if run.has_id_token is None:
        return skipped(what, "not on a GitHub runner")
    if run.has_id_token:
        return fine(what, "the job may request identity tokens")
    if known:
        return skipped(what, "the job may not request one; it has other AWS credentials")
    return findings.of_error(
        what,
        InputError(
            "The job may not request an identity token.",
            why="It does not have the permission, or the pull request is from a fork or from "
            "Dependabot.",
            do="Give the job `permissions: id-token: write`, in addition to `contents: read`.",
        ),
    )


def _workload(
    run: Run, inputs: DoctorInputs, steps: tuple[str, ...], project: AnyProject | None
) -> machine.Workload:
    matlab = project.settings.matlab if project else None
    return machine.Workload(
        steps=steps,
        builder=inputs.builder,
        engine=matlab.engine if matlab else "",
        room=project.training_image.expected_size if isinstance(project, TrainedProject) else 0,
        token=run.secret(buildx.TOKEN),
        release=matlab.release if matlab else "",
    )
