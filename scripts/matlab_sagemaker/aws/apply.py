"""Makes a plan's API calls in order; stops at the first that fails, and the next run resumes."""

from __future__ import annotations

import itertools
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from matlab_sagemaker.aws import advice, bucket_rules, model_store, polling, s3, session, upload
from matlab_sagemaker.errors import AwsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from matlab_sagemaker.aws.plan import Call, Step
    from matlab_sagemaker.aws.session import Aws

_UNSEEN_S = 60.0  # SageMaker may not see a new endpoint configuration at once
_DELETION_S = 1800.0


def apply(aws: Aws, steps: Iterable[Step], log: Callable[[str], None]) -> None:
    """Make a plan's calls; something that another run has just made by the same name is reused."""
    for call, group in itertools.groupby(steps, key=lambda step: step.call):
        if call == "upload":
            upload.store_all(aws, [step.upload for step in group if step.upload], log)
            continue
        for step in group:
            log(f"{step.call} {step.name}")
            _CALLS[step.call](aws, step)


def _create_bucket(aws: Aws, step: Step) -> None:
    s3.create_bucket(aws, step.name)
    bucket_rules.put(aws, step.name)


def _store_model(aws: Aws, step: Step) -> None:
    if step.model:
        model_store.store(aws, step.model)


def _create_training_job(aws: Aws, step: Step) -> None:
    _create(aws.sagemaker.create_training_job, step)


def _create_model(aws: Aws, step: Step) -> None:
    _create(aws.sagemaker.create_model, step)


def _create_endpoint_config(aws: Aws, step: Step) -> None:
    _create(aws.sagemaker.create_endpoint_config, step)


def _create_endpoint(aws: Aws, step: Step) -> None:
    _create(aws.sagemaker.create_endpoint, step)


def _update_endpoint(aws: Aws, step: Step) -> None:
    """Start a change; a refusal is fine if the change has begun and only the answer was lost."""
    _create(
        aws.sagemaker.update_endpoint,
        step,
        lambda said: advice.IN_PROGRESS in said and _changes_to(aws, step) == _aim(step),
    )


def _changes_to(aws: Aws, step: Step) -> str:
    """Find the configuration that the endpoint is being updated to, or has just begun to serve."""
    found = _describe_endpoint(aws, step) or {}
    pending = found.get("PendingDeploymentSummary", {}).get("EndpointConfigName")
    return str(pending or found.get("EndpointConfigName", ""))


def _add_tags(aws: Aws, step: Step) -> None:
    with session.explained(f"writing tags of {step.name}"):
        aws.sagemaker.add_tags(**step.request)


def _delete_endpoint(aws: Aws, step: Step) -> None:
    with session.explained(f"making {step.call} {step.name}"):
        try:
            aws.sagemaker.delete_endpoint(**step.request)
        except ClientError as error:  # after a lost answer, the second request is refused
            if advice.IN_PROGRESS not in session.message(error) and not session.is_missing(error):
                raise
            found = _describe_endpoint(aws, step)
            if found and found["EndpointStatus"] != "Deleting":
                raise
    for found in polling.looks(partial(_describe_endpoint, aws, step), _DELETION_S):
        if found is None:
            return
    raise AwsError(
        f"SageMaker is still deleting the endpoint {step.name} after {_DELETION_S / 60:.0f} min.",
        do="Run again to go on waiting.",
    )


def _describe_endpoint(aws: Aws, step: Step) -> dict[str, Any] | None:
    name = step.request["EndpointName"]
    looking = f"describing the endpoint {name}"
    return session.describe(aws.sagemaker.describe_endpoint, looking, EndpointName=name)


def _delete_endpoint_config(aws: Aws, step: Step) -> None:
    _delete(aws.sagemaker.delete_endpoint_config, step)


def _delete_model(aws: Aws, step: Step) -> None:
    _delete(aws.sagemaker.delete_model, step)


def _delete(call: Callable[..., Any], step: Step) -> None:
    """Make one call; it also succeeds if somebody else has just deleted the resource."""
    session.describe(call, f"making {step.call} {step.name}", **step.request)


def _is_there(said: str) -> bool:
    return "already existing" in said or "ResourceInUse" in said


def _create(
    call: Callable[..., Any],
    step: Step,
    is_made: Callable[[str], bool] = _is_there,
) -> None:
    """Make one call; wait if SageMaker does not see the endpoint configuration yet.

    `is_made` is given AWS's error message; True means that the resource exists already.
    """
    with session.explained(f"making {step.call} {step.name}"):
        for _ in polling.ticks(limit_s=_UNSEEN_S):
            try:
                call(**step.request)
            except ClientError as error:
                said = f"{session.code(error)} {session.message(error)}"
                if is_made(said):
                    return
                if not (advice.NO_CONFIG in said and _aim(step) in said):
                    raise
            else:
                return
    raise AwsError(
        f"SageMaker does not find the configuration that {step.name} needs.", do="Run again."
    )


def _aim(step: Step) -> str:
    """Name the configuration that a step wants; only for this one is it worth waiting."""
    return str(step.request.get("EndpointConfigName", "(none)"))


_CALLS: dict[Call, Callable[[Aws, Step], None]] = {
    "create_bucket": _create_bucket,
    "store_model": _store_model,
    "create_training_job": _create_training_job,
    "create_model": _create_model,
    "create_endpoint_config": _create_endpoint_config,
    "create_endpoint": _create_endpoint,
    "update_endpoint": _update_endpoint,
    "add_tags": _add_tags,
    "delete_endpoint": _delete_endpoint,
    "delete_endpoint_config": _delete_endpoint_config,
    "delete_model": _delete_model,
}
