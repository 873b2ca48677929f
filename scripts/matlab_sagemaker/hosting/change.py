"""Changes to an endpoint: wait for one in progress, make one, check that it succeeded."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from matlab_sagemaker.aws import console
from matlab_sagemaker.aws.apply import apply
from matlab_sagemaker.errors import DeploymentFailedError, InterruptedRunError, UnreachableError
from matlab_sagemaker.github.repository import SHORT
from matlab_sagemaker.hosting import endpoints, handler_errors, preview, report, status
from matlab_sagemaker.hosting.plan import FoundTarget, plan_rolled_back, require_own
from matlab_sagemaker.project import git
from matlab_sagemaker.training import job

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from matlab_sagemaker.aws.plan import Plan
    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.aws.signin import Target
    from matlab_sagemaker.digest import Files
    from matlab_sagemaker.github.run import Run
    from matlab_sagemaker.hosting.deployment import Deployment
    from matlab_sagemaker.hosting.plan import FoundEndpoint
    from matlab_sagemaker.project.content import AnyProject


def find(run: Run, aws: Aws, name: str) -> FoundEndpoint:
    """Find the endpoint; if a change is in progress, wait for its end and show its log."""
    with run.foreign_text() as log:
        return endpoints.find_settled(aws, name, log)


def find_for(
    run: Run, aws: Aws, desired: Deployment, checkout: Path, *, unless_newer: bool
) -> tuple[FoundEndpoint, FoundTarget, bool]:
    """Find the endpoint (see `find`), what exists of `desired`, and whether it is overtaken.

    A deployment is overtaken if the last deployed commit is newer than this run's, by the history
    in `checkout`. If git cannot tell, a run with `unless_newer` warns.
    """
    found = find(run, aws, desired.endpoint_name)
    require_own(desired.endpoint_name, desired.project, found)
    if found.serves(desired.config["EndpointConfigName"]):
        there = FoundTarget(config=True, model=True)
    else:
        there = endpoints.find_target(aws, desired)
    return found, there, is_overtaken(run, found, checkout, unless_newer=unless_newer)


def is_overtaken(run: Run, found: FoundEndpoint, checkout: Path, *, unless_newer: bool) -> bool:
    """Check whether the last deployed commit is newer than this run's; see `find_for`."""
    if not (found.newest and run.commit):
        return False
    older = git.is_older(checkout, run.commit, found.newest)
    if older is None and unless_newer:
        run.warn(
            f"Cannot tell which commit is newer; deploying {run.commit}. The commit deployed "
            f"last, {found.newest}, is not in the history that is checked out here. After a "
            "force push this is expected; otherwise check out with `fetch-depth: 0`."
        )
    return bool(older)


def leave_to_newer(
    run: Run, target: Target, project: AnyProject, found: FoundEndpoint
) -> tuple[str, dict[str, Any]]:
    """Report that the endpoint stays on a newer commit; the result is summary and outputs."""
    aws, name = target.aws, project.endpoint_name
    run.notice(
        f"Endpoint {name} is left as it is: a newer commit, {found.newest[:SHORT]}, is already "
        "deployed. To deploy this older commit anyway, run deploy by hand."
    )
    config, seal = str(found.config_name), job.seal(target.bucket, project.name)
    serves = status.find_configuration(aws, config, seal) or status.Configuration(name=config)
    told = ("endpoint-config", "model-name", "model-data", "training-job")
    facts = {"endpoint-name": name, **{fact: serves.facts[fact] for fact in told}}
    url = console.endpoint_url(aws, name)
    newer = run.repository.commit_link(found.newest)
    return report.left(name, newer, facts, {"console": report.console_link(url)}), {
        **facts,
        "endpoint-url": url,
        "changed": False,
        "left-to": found.newest,
        "request": "",
        **preview.NOT_REVIEWED,
    }


def deploy(run: Run, aws: Aws, desired: Deployment, plan: Plan) -> None:
    """Apply `plan`, and wait until the endpoint serves `desired`."""
    name, wanted = desired.endpoint_name, desired.config["EndpointConfigName"]
    run.log(plan.because)
    with goes_on(name, run.verb):
        do = "Fix what the log shows and deploy again."
        _make(run, aws, name, plan, wanted, do, desired.code)


def roll_back(run: Run, aws: Aws, name: str, back: str, plan: Plan, found: FoundEndpoint) -> None:
    """Apply `plan`, wait until the endpoint serves `back`, and remove the rollback's mark."""
    do = "Fix what the log shows and run rollback again, or deploy a commit that works."
    run.log(plan.because)
    with goes_on(name, run.verb):
        _make(run, aws, name, plan, back, do)
        apply(aws, plan_rolled_back(name, found, plan).steps, run.log)


def delete(run: Run, aws: Aws, name: str, plan: Plan) -> None:
    """Apply the plan that deletes an endpoint."""
    run.log(plan.because)
    with goes_on(name, run.verb):
        apply(aws, plan.steps, run.log)


def _make(
    run: Run, aws: Aws, name: str, plan: Plan, wanted: str, do: str, code: Files | None = None
) -> None:
    """Apply `plan`, and wait until endpoint `name` serves the configuration `wanted`.

    Raises DeploymentFailedError, ending in `do`, if it ends up serving anything else; its place is
    the line in `code`, the handler's files, that the log names.
    """
    if not plan.steps:
        return
    lines: list[str] = []
    apply(aws, plan.steps, run.log)
    with run.group(f"Log of the endpoint {name}"), run.foreign_text() as log:

        def take(line: str) -> None:
            lines.append(line)
            log(line)

        state = endpoints.wait_settled(aws, name, take)
    if state is None:
        raise DeploymentFailedError(
            f"Endpoint {name} was deleted during this change.",
            why="Another run or another person deleted it.",
            do="To create it again, run deploy.",
        )
    if state.status == "InService" and state.config_name == wanted:
        return
    rolled_back = state.status == "InService"
    raise DeploymentFailedError(
        f"Endpoint {name} was rolled back and still serves {state.config_name}, not {wanted}."
        if rolled_back
        else f"Endpoint {name} is {state.status} and serves nothing.",
        why=state.reason,
        do=f"The endpoint's log is above and in CloudWatch ({endpoints.log_group(name)}). {do}",
        place=handler_errors.place_in_log(lines, code or {}),
    )


@contextlib.contextmanager
def goes_on(name: str, verb: str) -> Iterator[None]:
    """If the run is cancelled or loses AWS inside, say that SageMaker continues the change.

    The inside starts with the first call that changes anything.
    """
    do = f"To wait for it, run {verb} again" + (
        "." if verb == "delete" else "; the old model answers until then."
    )
    try:
        yield
    except KeyboardInterrupt as error:
        raise InterruptedRunError(
            f"The run was cancelled; SageMaker continues to change the endpoint {name}.",
            do=do,
        ) from error
    except UnreachableError as error:
        raise UnreachableError(
            f"{error.what} If SageMaker has started to change the endpoint {name}, it continues.",
            why=error.why,
            do=f"{do} {error.do}".rstrip(),
        ) from error
