"""After a smoke test: record that it passed, or mark the configuration and find the way back.

A failed test is followed by a rollback. The marks are in the endpoint's tags (see history).
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from matlab_sagemaker.aws.apply import apply
from matlab_sagemaker.errors import SmokeTestFailedError, UnsafePlanError
from matlab_sagemaker.hosting import endpoints, plan
from matlab_sagemaker.project import fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.github.run import Run
    from matlab_sagemaker.hosting.plan import FoundEndpoint
    from matlab_sagemaker.project.content import Project


@dataclass(frozen=True, kw_only=True)
class SmokeTestInputs:
    """The inputs of a rollback after a failed smoke test; without failed_config, a plain one."""

    failed_config: str
    was_changed: bool
    roll_back: bool


InputsClass = TypeVar("InputsClass", bound=SmokeTestInputs)


def read(run: Run, kind: type[InputsClass]) -> InputsClass:
    """Read the inputs as `kind`; raise InputError if one is invalid."""
    inputs = run.inputs(kind)
    if inputs.failed_config:
        fields.check_inputs({"failed-config": (inputs.failed_config, fields.RESOURCE)})
    return inputs


def note_passed(run: Run, aws: Aws, project: Project | None, tried: str) -> None:
    """Record in the endpoint's tags that the configuration `tried`, if given, passed.

    From then on a run of the same commit leaves it in service, whatever its smoke test says.
    """
    if not (tried and project):
        return
    name = project.endpoint_name
    found = endpoints.find_now(aws, name)
    if found.status:
        plan.require_own(name, project.name, found)
        apply(aws, plan.write(name, found, found.history.passing(tried)), run.log)


def mark(
    run: Run, aws: Aws, project: Project, found: FoundEndpoint, inputs: SmokeTestInputs
) -> FoundEndpoint:
    """Mark the failed configuration in the endpoint's tags; return the endpoint with the mark.

    Raises UnsafePlanError if the endpoint belongs to another project.
    """
    failed, name = inputs.failed_config, project.endpoint_name
    if not (failed and found.status):
        return found
    plan.require_own(name, project.name, found)
    marked = found.history.failing(failed, found.config_name)
    apply(aws, plan.write(name, found, marked), run.log)
    return replace(found, facts={**found.facts, **marked.facts})


def way_back(name: str, found: FoundEndpoint, inputs: SmokeTestInputs, commit: str) -> str:
    """Find the configuration to go back to.

    After a smoke test, a rollback happens only if the failed configuration was newly deployed: in
    this run, or in a run of the same `commit` that was interrupted before its test passed.
    Raises a KitError if there is no way back, or if the endpoint stays as it is.
    """
    failed, history = inputs.failed_config, found.history
    if not failed or found.status is None:
        return plan.rollback_target(name, found)
    goes_on = history.aim(found.config_name)
    if not goes_on and found.config_name != failed:
        raise SmokeTestFailedError(
            f"The smoke test of {failed} has failed, but endpoint {name} now serves "
            f"{found.config_name}.",
            why="There is nothing to roll back, so the endpoint is left as it is.",
            do=DO,
        )
    if not inputs.roll_back:
        raise _left(name, failed, "The input roll-back is false.")
    if not (goes_on or inputs.was_changed or history.is_interrupted(commit, failed)):
        raise _left(
            name,
            failed,
            "It already served before this deployment, which changed nothing, so there is nothing "
            "to roll back.",
        )
    return plan.rollback_target(name, found)


DO = (
    "Correct the handler or the model and merge again. If the new answer is right, put it into "
    "the file of inference.expected."
)


def _left(name: str, failed: str, why: str) -> SmokeTestFailedError:
    return SmokeTestFailedError(
        f"The smoke test of {failed} has failed, and endpoint {name} goes on serving it.",
        why=why,
        do=f"{DO} rollback brings back what the endpoint served before, if that is recorded "
        "(status shows it).",
    )


@contextlib.contextmanager
def explained(name: str, found: FoundEndpoint, inputs: SmokeTestInputs) -> Iterator[None]:
    """If there is no way back inside, say that the failed configuration goes on serving."""
    try:
        yield
    except UnsafePlanError as error:
        if not inputs.failed_config:
            raise
        first = "" if found.history.served else "This was its first deployment. "
        raise SmokeTestFailedError(
            f"The smoke test of {inputs.failed_config} has failed, and there is no way back: "
            f"endpoint {name} goes on serving {found.config_name}.",
            why=f"{first}{error.what}",
            do=f"{DO} To serve nothing until then, run delete.",
        ) from error


def require_none(name: str, serves: str, inputs: SmokeTestInputs) -> None:
    """Raise SmokeTestFailedError after a rollback for a failed test to what now `serves` again."""
    if inputs.failed_config:
        raise SmokeTestFailedError(
            f"The smoke test of {inputs.failed_config} has failed: endpoint {name} serves "
            f"{serves} again.",
            why="The smoke test's step shows the request and the answer.",
            do=f"{DO} {inputs.failed_config} is marked, so no rollback restores it by itself.",
        )
