"""What a candidate is compared with: the model that the endpoint serves, and its sealed metrics."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from matlab_sagemaker.aws import session
from matlab_sagemaker.errors import InputError
from matlab_sagemaker.hosting import report, status
from matlab_sagemaker.training import facts, gate, job

if TYPE_CHECKING:
    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.aws.signin import Target
    from matlab_sagemaker.github.run import Run
    from matlab_sagemaker.hosting.deployment import Deployment
    from matlab_sagemaker.hosting.plan import FoundEndpoint
    from matlab_sagemaker.hosting.preview import Outlook
    from matlab_sagemaker.hosting.status import Configuration
    from matlab_sagemaker.project.content import AnyProject, TrainedProject
    from matlab_sagemaker.training.job import Job
    from matlab_sagemaker.training.served import ServedModel

_SERVING_NOTHING = (None, "Creating", "Failed", "OutOfService", "Deleting")


def judge_trained(
    run: Run, project: TrainedProject, target: Target, candidate: Job, *, ignored: bool
) -> gate.Judgement:
    """Return the judgement of a trained model; the endpoint is asked for only by rules of champion.

    A change under way is not waited for: what serves counts until then. Where the gate is
    `ignored`, which only a run begun by hand may, its error is a warning.
    """
    if candidate.status != "Completed":  # which is not waited for
        return gate.NONE
    settings, found = project.settings, None
    if settings.champion:
        found = _find(target, settings.endpoint.name or settings.name, settings.name)
    judged = gate.judge(project, candidate.metrics, found, candidate.name)
    run.facts.append(partial(facts.judged, judged))
    if not (ignored and judged.error):
        return judged
    require_by_hand(run, ignored=ignored)
    run.warn(f"It is trained all the same, by ignore-gate: {judged.error.what} {judged.error.why}")
    return replace(judged, error=None)


def _find(target: Target, name: str, project: str) -> gate.Serving | None:
    aws, doing = target.aws, f"describing the endpoint {name}"
    found = session.describe(aws.sagemaker.describe_endpoint, doing, EndpointName=name)
    if found is None or found["EndpointStatus"] in _SERVING_NOTHING:
        return None
    seal = job.seal(target.bucket, project)
    return _serving(status.find_configuration(aws, found["EndpointConfigName"], seal))


def find(
    project: AnyProject, target: Target, found: FoundEndpoint, *, with_job: bool = False
) -> Configuration | None:
    """Return the configuration that an endpoint serves, whatever its model is; None for nothing.

    Its model's training job is looked for `with_job`, or by rules of champion.
    """
    if found.status in _SERVING_NOTHING or not found.config_name:
        return None
    judges = with_job or project.settings.champion
    seal = job.seal(target.bucket, project.name) if judges else ""
    serves = status.find_configuration(target.aws, found.config_name, seal)
    return serves or status.Configuration(name=found.config_name)


def judge(project: AnyProject, model: ServedModel, serves: Configuration | None) -> gate.Judgement:
    """Return the judgement of the model that is to be deployed, beside what serves."""
    serving = _serving(serves) if serves else None
    return gate.judge(project, model.metrics, serving, model.training_job)


def _serving(config: Configuration | None) -> gate.Serving:
    """Return the model of what serves; without metrics where no job has sealed them."""
    made = config.job if config else None
    metrics = made.metrics if made and made.is_sealed else {}
    return gate.Serving(training_job=config.training_job if config else "", metrics=metrics)


def require_by_hand(run: Run, *, ignored: bool) -> None:
    """Raise InputError where the gate is to be `ignored` by a run that nobody has begun by hand."""
    if ignored and run.event not in ("", "workflow_dispatch"):
        raise InputError(
            f"Input 'ignore-gate' is 'true' on the event {run.event}.",
            why="What passes no gate is deployed by hand only, and one model at a time.",
            do="Remove the input, and run the workflow by hand (workflow_dispatch) with it.",
        )


def require(
    run: Run, aws: Aws, desired: Deployment, looked: Outlook, *, ignored: bool
) -> bool | None:
    """Show what is planned; raise the gate's error, or warn of it where the gate is `ignored`.

    Before it is raised, what is not made is reported as by a dry run. Returns whether the gate is
    not passed, and that is ignored; None where this very model serves, which keeps the rules of
    champion only for that: then it is as it was.
    """
    run.log(looked.shown.text)
    error = looked.judged.error
    if error and not ignored:
        run.report(*report.outlook(aws, desired, looked), error=error)
    run.warn(f"Deployed all the same, by ignore-gate: {error.what} {error.why}" if error else "")
    return None if looked.judged.serves_itself else error is not None
