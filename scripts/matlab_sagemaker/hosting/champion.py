"""The champion: the model that the endpoint serves, and how a candidate compares with it."""

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
    from matlab_sagemaker.hosting.preview import Review
    from matlab_sagemaker.hosting.status import Configuration
    from matlab_sagemaker.project.content import AnyProject, TrainedProject
    from matlab_sagemaker.training.deployable_model import DeployableModel
    from matlab_sagemaker.training.job import Job

_SERVING_NOTHING = (None, "Creating", "Failed", "OutOfService", "Deleting")


def judge_trained(
    run: Run, project: TrainedProject, target: Target, candidate: Job, *, ignored: bool
) -> gate.Judgement:
    """Judge a trained model; the endpoint is looked up only if `champion` has rules.

    Does not wait for a change in progress: the current configuration is the champion. If the gate
    is `ignored`, which only manual runs may do, its error becomes a warning.
    """
    if candidate.status != "Completed":  # the job still runs; `train` did not wait for it
        return gate.NONE
    settings, found = project.settings, None
    if settings.champion:
        found = _find(target, settings.endpoint.name or settings.name, settings.name)
    sealed = candidate.metrics if candidate.is_sealed else None
    judged = gate.judge(project, sealed, found, candidate.name)
    run.facts.append(partial(facts.judged, judged))
    if not (ignored and judged.error):
        return judged
    require_by_hand(run, ignored=ignored)
    run.warn(f"Continuing because of ignore-gate: {judged.error.what} {judged.error.why}")
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
    """Find the configuration that an endpoint serves; None if it serves nothing.

    The model's training job is looked up if `with_job` is true or `champion` has rules.
    """
    if found.status in _SERVING_NOTHING or not found.config_name:
        return None
    judges = with_job or project.settings.champion
    seal = job.seal(target.bucket, project.name) if judges else ""
    serves = status.find_configuration(target.aws, found.config_name, seal)
    return serves or status.Configuration(name=found.config_name)


def judge(
    project: AnyProject, model: DeployableModel, serves: Configuration | None
) -> gate.Judgement:
    """Judge the model to deploy against the one that serves."""
    serving = _serving(serves) if serves else None
    return gate.judge(project, model.metrics, serving, model.training_job)


def _serving(config: Configuration | None) -> gate.Serving:
    """Describe the served model for the gate; without metrics if no job has sealed them."""
    if config is None:
        return gate.Serving()
    return gate.Serving(training_job=config.training_job, metrics=config.metrics)


def require_by_hand(run: Run, *, ignored: bool) -> None:
    """Raise InputError if the gate is `ignored` in a run that nobody started by hand."""
    if ignored and run.event not in ("", "workflow_dispatch"):
        raise InputError(
            f"Input 'ignore-gate' is 'true' on the event {run.event}.",
            why="Only a manual run may ignore the gate, so that each such model is one decision.",
            do="Remove the input here; to ignore the gate once, run the workflow by hand "
            "(workflow_dispatch) with it.",
        )


def require(run: Run, aws: Aws, desired: Deployment, reviewed: Review, *, ignored: bool) -> None:
    """Raise the gate's error, or only warn of it if the gate is `ignored`.

    Before raising, reports the plan as a dry run does.
    """
    error = reviewed.judged.error
    if error and not ignored:
        run.report(*report.review(aws, desired, reviewed), error=error)
    run.warn(f"Deploying because of ignore-gate: {error.what} {error.why}" if error else "")
