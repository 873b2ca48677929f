"""Signs in to AWS: as the role for this workflow, or with the credentials that boto3 finds.

No request is sent before sagemaker.yml and all inputs are valid.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path  # noqa: TC003 (read at run time, for the inputs' types)
from typing import TYPE_CHECKING

from matlab_sagemaker.aws import session
from matlab_sagemaker.errors import InputError
from matlab_sagemaker.project import aws_names, content, fields, request
from matlab_sagemaker.project.build_context import Stage  # noqa: TC001 (the inputs' types)

if TYPE_CHECKING:
    from collections.abc import Callable

    from matlab_sagemaker.aws.credentials import WebIdentity
    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.github.run import Run
    from matlab_sagemaker.project.content import AnyProject, Project


@dataclass(frozen=True, kw_only=True)
class SignInInputs:
    """The inputs of every command that talks to AWS."""

    region: str
    role_to_assume: str
    audience: str
    role_session_name: str


def connector(run: Run, inputs: SignInInputs, region: str | None = None) -> Callable[[], Aws]:
    """Check the inputs; return a function that connects, to their Region or else to `region`."""
    _check(inputs)
    identity = _identity(run, inputs)
    return partial(session.connect, inputs.region or region, identity, run.log_request)


def _identity(run: Run, inputs: SignInInputs) -> WebIdentity | None:
    """Return the role to assume and the source of GitHub's tokens; None if there is no role."""
    if not inputs.role_to_assume:
        return None
    if not run.on_runner:
        raise InputError(
            "Input 'role-to-assume' works only in a job of GitHub Actions.",
            why="The kit assumes the role with a token that GitHub gives to its jobs.",
            do="Do not set it; sign in with `aws configure` or `aws sso login`.",
        )
    from matlab_sagemaker.aws.credentials import WebIdentity

    return WebIdentity(
        role=inputs.role_to_assume,
        session_name=inputs.role_session_name or f"matlab-sagemaker-{run.number}",
        token=partial(run.token_endpoint().token, inputs.audience),
        mask=run.mask,
    )


@dataclass(frozen=True, kw_only=True)
class ProjectInputs(SignInInputs):
    """The inputs of every command that needs a project."""

    config: Path
    bucket: str


@dataclass(frozen=True, kw_only=True)
class NamedProjectInputs(ProjectInputs):
    """The inputs of every command that needs only a project's name and where it runs."""

    project: str


@dataclass(frozen=True, kw_only=True)
class TrainingInputs(ProjectInputs):
    """The inputs of every command about the training job."""

    training_role: str


@dataclass(frozen=True, kw_only=True)
class StagedTrainingInputs(TrainingInputs):
    """The inputs of the command whose job may also use an image in the candidate repository."""

    repository: Stage


@dataclass(frozen=True, kw_only=True)
class ServingInputs(TrainingInputs):
    """The inputs of every command about the endpoint's model and its training job."""

    serving_role: str


@dataclass(frozen=True, kw_only=True)
class DeploymentInputs(ServingInputs, request.SampleFileInputs):
    """The inputs of the verb that deploys, and of the smoke test after it."""

    image: str
    unless_newer: bool
    dry_run: bool
    ignore_gate: bool


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a project runs: account and Region, bucket, and the roles for SageMaker."""

    aws: Aws
    bucket: str
    training_role: str  # ARN
    serving_role: str  # ARN


def open_project(run: Run, inputs: ProjectInputs) -> tuple[AnyProject, Target]:
    """Read and check sagemaker.yml and all inputs, then connect."""
    project = read_project(run, inputs.config)
    if isinstance(inputs, DeploymentInputs):
        request.check(project, inputs)
    return project, reach(run, project, inputs)


@dataclass(frozen=True, kw_only=True)
class NamedProject:
    """A project's name, and the account, Region and bucket that it uses."""

    name: str
    aws: Aws
    bucket: str


def open_named(run: Run, inputs: NamedProjectInputs) -> NamedProject:
    """Connect to where a project runs: the one in the input `project`, or else in sagemaker.yml.

    If `project` is given, sagemaker.yml is not read.
    """
    if not inputs.project:
        project, target = open_project(run, inputs)
        return NamedProject(name=project.name, aws=target.aws, bucket=target.bucket)
    fields.check_inputs({"project": (inputs.project, fields.PROJECT)})
    aws = connector(run, inputs)()
    bucket = inputs.bucket or default_bucket(aws)
    return NamedProject(name=inputs.project, aws=aws, bucket=bucket)


def read_project(run: Run, config: Path) -> AnyProject:
    """Read and check sagemaker.yml and the folders that it names."""
    project = content.load(config)
    run.log(f"Project {project.settings.name}")
    for hidden in project.folders.hidden:
        run.warn(hidden)
    return project


def reach(run: Run, project: AnyProject, inputs: ProjectInputs) -> Target:
    """Check the inputs, and connect to where `project` runs."""
    return target(project, connector(run, inputs, project.settings.aws.region)(), inputs)


def _check(inputs: SignInInputs) -> None:
    """Raise InputError for an invalid input."""
    given: dict[str, tuple[str, fields.TextRule]] = {}
    if isinstance(inputs, TrainingInputs):
        given |= {"training-role": (inputs.training_role, aws_names.ROLE)}
    if isinstance(inputs, ServingInputs):
        given |= {"serving-role": (inputs.serving_role, aws_names.ROLE)}
    if isinstance(inputs, ProjectInputs):
        given |= {"bucket": (inputs.bucket, aws_names.BUCKET)}
    given |= {"region": (inputs.region, aws_names.REGION)}
    if inputs.role_to_assume:  # the other inputs matter only with it
        given |= {
            "role-to-assume": (inputs.role_to_assume, aws_names.ROLE_ARN),
            "audience": (inputs.audience, aws_names.AUDIENCE),
            "role-session-name": (inputs.role_session_name, aws_names.SESSION_NAME),
        }
    if any(value for value, _ in given.values()):
        fields.check_inputs(given)


def target(project: Project, aws: Aws, inputs: ProjectInputs) -> Target:
    """Decide where `project` runs; inputs of the command override sagemaker.yml."""
    section = project.settings.aws
    training = inputs.training_role if isinstance(inputs, TrainingInputs) else ""
    serving = inputs.serving_role if isinstance(inputs, ServingInputs) else ""
    return Target(
        aws=aws,
        bucket=inputs.bucket or section.bucket or default_bucket(aws),
        training_role=_role_arn(aws, training or section.training_role),
        serving_role=_role_arn(aws, serving or section.serving_role),
    )


def default_bucket(aws: Aws) -> str:
    """Name the bucket for projects that do not set one."""
    return f"matlab-sagemaker-{aws.account}-{aws.region}"


def _role_arn(aws: Aws, name: str) -> str:
    if name.startswith("arn:"):
        return name
    return f"arn:{aws.partition}:iam::{aws.account}:role/{name}"
