"""A change of an endpoint: wait for one under way, make one, and see that it came out."""

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
    """Return the endpoint; a change under way is waited for, with the log."""
    with run.foreign_text() as log:
        return endpoints.find(aws, name, log)


def find_for(
    run: Run, aws: Aws, desired: Deployment, checkout: Path, *, unless_newer: bool
) -> tuple[FoundEndpoint, FoundTarget, bool]:
    """Return the endpoint as in `find`, what there is of `desired`, and whether it is overtaken.

    It is where the commit deployed last is newer than this run's, as git knows in `checkout`. Where
    git does not know, a run that was to give way to newer commits (`unless_newer`) warns.
    """
    found = find(run, aws, desired.endpoint_name)
    require_own(desired.endpoint_name, desired.project, found)
    if found.serves(desired.config["EndpointConfigName"]):
        there = FoundTarget(config=True, model=True)
    else:
        there = endpoints.find_target(aws, desired)
    return found, there, is_overtaken(run, found, checkout, unless_newer=unless_newer)


def is_overtaken(run: Run, found: FoundEndpoint, checkout: Path, *, unless_newer: bool) -> bool:
    """Tell whether the commit deployed last is newer than this run's; see `find_for`."""
    if not (found.newest and run.commit):
        return False
    older = git.is_older(checkout, run.commit, found.newest)
    if older is None and unless_newer:
        run.warn(
            f"Commit {found.newest}, which was deployed last, is not in the history that is "
            f"checked out here: whether it is newer than {run.commit} is not known, so that is "
            "deployed. After a forced push it is as it should be; else check out with "
            "`fetch-depth: 0`."
        )
    return bool(older)


def leave_to_newer(
    run: Run, target: Target, project: AnyProject, found: FoundEndpoint
) -> tuple[str, dict[str, Any]]:
    """Return the summary and the outputs: what serves, and that a newer commit is the reason."""
    aws, name = target.aws, project.endpoint_name
    run.notice(
        f"Endpoint {name} is left as it is: commit {found.newest[:SHORT]}, newer than this one, "
        "has been deployed already. To deploy this one nevertheless, run deploy by hand."
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
        **preview.NOT_LOOKED,
    }


def deploy(run: Run, aws: Aws, desired: Deployment, plan: Plan) -> None:
    """Apply `plan`, and wait until the endpoint serves `desired`."""
    name, wanted = desired.endpoint_name, desired.config["EndpointConfigName"]
    run.log(plan.because)
    with goes_on(name, run.verb):
        do = "Correct what it shows and deploy again."
        _make(run, aws, name, plan, wanted, do, desired.code)


def roll_back(run: Run, aws: Aws, name: str, back: str, plan: Plan, found: FoundEndpoint) -> None:
    """Apply `plan`, wait until the endpoint serves `back`, and take off the rollback's mark."""
    do = "Correct what it shows and run rollback again, or deploy a commit that works."
    run.log(plan.because)
    with goes_on(name, run.verb):
        _make(run, aws, name, plan, back, do)
        apply(aws, plan_rolled_back(name, found, plan).steps, run.log)


def delete(run: Run, aws: Aws, name: str, plan: Plan) -> None:
    """Apply the plan of a deletion."""
    run.log(plan.because)
    with goes_on(name, run.verb):
        apply(aws, plan.steps, run.log)


def _make(
    run: Run, aws: Aws, name: str, plan: Plan, wanted: str, do: str, code: Files | None = None
) -> None:
    """Apply `plan`, and wait until endpoint `name` serves the configuration `wanted`.

    Raises DeploymentFailedError, which ends in what to `do`, where it comes to serve another; with
    the place in `code`, the handler's files, of which the log tells.
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
            f"Endpoint {name} was deleted while it was being changed.",
            why="Another run, or somebody, has deleted it.",
            do="Run deploy if it is to be there again.",
        )
    if state.status == "InService" and state.config_name == wanted:
        return
    rolled_back = state.status == "InService"
    raise DeploymentFailedError(
        f"Endpoint {name} was rolled back and still serves {state.config_name}, not {wanted}."
        if rolled_back
        else f"Endpoint {name} is {state.status} and serves nothing.",
        why=state.reason,
        do=f"Its log is in the run's and in CloudWatch ({endpoints.log_group(name)}). {do}",
        place=handler_errors.place_in_log(lines, code or {}),
    )


@contextlib.contextmanager
def goes_on(name: str, verb: str) -> Iterator[None]:
    """Say, where the run ends too early inside, that SageMaker does not stop changing an endpoint.

    It is cancelled, or AWS does not answer it. The inside begins with the first call that changes
    anything.
    """
    do = f"Run {verb} again to wait for it" + (
        "." if verb == "delete" else "; until it is done, the old model answers."
    )
    try:
        yield
    except KeyboardInterrupt as error:
        raise InterruptedRunError(
            f"The run was cancelled; SageMaker goes on with the change of the endpoint {name}.",
            do=do,
        ) from error
    except UnreachableError as error:
        raise UnreachableError(
            f"{error.what} If SageMaker has begun to change the endpoint {name}, it goes on.",
            why=error.why,
            do=f"{do} {error.do}".rstrip(),
        ) from error
