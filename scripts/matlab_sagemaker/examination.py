"""Doctor's whole round: sagemaker.yml, AWS, GitHub, this machine; no problem ends it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from matlab_sagemaker import (
    calls,
    config,
    contexts,
    describe,
    diagnosis,
    git,
    images,
    kinds,
    machine,
    opening,
    signin,
)
from matlab_sagemaker.account import USERS, Account
from matlab_sagemaker.aws import roles
from matlab_sagemaker.diagnosis import Finding, fine, skipped
from matlab_sagemaker.errors import InputError, KitError
from matlab_sagemaker.images import build
from matlab_sagemaker.inputs import check
from matlab_sagemaker.principals import Asked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matlab_sagemaker.aws import session
    from matlab_sagemaker.calls import Calls
    from matlab_sagemaker.github import Run


@dataclass(frozen=True, kw_only=True)
class Inputs(opening.Inputs):
    """What is to be looked at, and for what."""

    steps: str
    principal: str
    builder: images.Builder


def examine(run: Run, inputs: Inputs) -> list[Finding]:
    """Return all that was found; raise InputError for an input that makes no sense."""
    named = diagnosis.steps_of(inputs.steps)
    opening.check_inputs(inputs)
    check("principal", inputs.principal, _PRINCIPAL)
    loaded, project = _project(inputs)
    serves = loaded is None or loaded.project.inference is not None
    steps = named or diagnosis.pipeline(serves=serves)
    asked = _asked(run, inputs, named)
    connect = signin.prepare(run, inputs, loaded.project.aws.region if loaded else None)
    aws, identity = _identity(connect)
    found = [project, identity, _id_token(run, known=aws is not None)]
    if asked.workflows:
        found += [_remote(asked), _workflows(asked.calls)]
    opened = None
    if loaded and aws:
        where = describe.target(loaded, aws, role=inputs.role, bucket=inputs.bucket)
        opened = opening.Opened(loaded=loaded, aws=aws, where=where)
        found += Account(opened, steps, asked).findings()
    else:
        lacking = "a valid sagemaker.yml" if aws else "an AWS identity"
        found += [skipped(what, f"not checked: it needs {lacking}") for what in _ACCOUNT]
    needs = _needs(run, inputs, steps, loaded)
    return found + machine.findings(needs, elsewhere=asked.workflows)


_ACCOUNT = (*USERS, "permissions")
_PRINCIPAL = kinds.Text(
    r"arn:aws[a-z-]*:iam::\d{12}:(role|user)/[\w+=,.@/-]+",
    "the ARN of a role or user (arn:aws:iam::123456789012:role/name)",
    longest=2048,
)


def _asked(run: Run, inputs: Inputs, named: tuple[str, ...]) -> Asked:
    """Return about whom is asked; by hand and without steps, it is about the workflows."""
    remote = git.find_remote(inputs.config.resolve().parent)
    return Asked(
        principal=inputs.principal,
        workflows=not run.on_runner and not named,
        repository=remote.full_name if remote else "",
        calls=_calls(inputs.config.resolve()),
        audience=inputs.audience,
    )


def _calls(file: Path) -> Calls:
    """Return how the repository's workflows deploy the project; git knows what branch else."""
    root = git.find_root(file.parent) or file.parent
    found = calls.find(root, file.relative_to(root).as_posix())
    branch = git.find_branch(root)
    return replace(found, branches=found.branches or ((branch,) if branch else ()))


def _remote(asked: Asked) -> Finding:
    if asked.repository:
        return fine("git remote", asked.repository)
    missing = InputError(
        "git knows no remote `origin` on a GitHub.",
        why="The workflows run where the repository is pushed to.",
        do="Make it and push there: gh repo create --source . --push",
    )
    return diagnosis.wrong("git remote", missing)


def _workflows(found: Calls) -> Finding:
    if not found.files:
        return skipped("workflows", "none deploys this project by a role of AWS (init writes them)")
    said = (("branch", found.branches), ("environment", found.environments))
    named = [f"{what} {' or '.join(names)}" for what, names in said if names]
    return fine("workflows", f"{', '.join(found.files)}: {', '.join(named)}")


def _project(inputs: Inputs) -> tuple[config.Loaded | None, Finding]:
    what = "sagemaker.yml"
    try:
        loaded = config.load(inputs.config)
    except KitError as error:
        return None, diagnosis.wrong(what, error)
    project = loaded.project
    return loaded, fine(what, f"project {project.name}, engine {project.matlab.engine}")


def _identity(connect: Callable[[], session.Aws]) -> tuple[session.Aws | None, Finding]:
    what = "AWS identity"
    try:
        aws = connect()
        return aws, fine(what, f"{roles.caller(aws)} in {aws.region}")
    except KitError as error:
        return None, diagnosis.wrong(what, error)


def _id_token(run: Run, *, known: bool) -> Finding:
    """Return whether the job may get identity tokens; who has credentials already needs none."""
    what = "GitHub's id-token"
    if run.has_id_token is None:
        return skipped(what, "not on a GitHub runner")
    if run.has_id_token:
        return fine(what, "the job may ask for identity tokens")
    if known:
        return skipped(what, "the job may ask for none; there are AWS credentials without one")
    return diagnosis.wrong(
        what,
        InputError(
            "The job may not ask for an identity token.",
            why="It lacks the permission, or it is a fork's or Dependabot's pull request.",
            do="Give the job `permissions: id-token: write` beside `contents: read`.",
        ),
    )


def _needs(
    run: Run, inputs: Inputs, steps: tuple[str, ...], loaded: config.Loaded | None
) -> machine.Needs:
    matlab = loaded.project.matlab if loaded else None
    return machine.Needs(
        steps=steps,
        builder=inputs.builder,
        engine=matlab.engine if matlab else "",
        room=contexts.training(matlab).expected_size if matlab else 0,
        token=run.secret(build.TOKEN),
        release=matlab.release if matlab else "",
    )
