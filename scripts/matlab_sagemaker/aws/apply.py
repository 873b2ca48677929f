"""Makes a plan's calls, in order, and stops at the first that fails; the next run goes on there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from matlab_sagemaker.aws import hosting, polling, refusals, session, storage
from matlab_sagemaker.errors import AwsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.plan import Call, Plan, Step

_UNSEEN_S = 60.0  # SageMaker reads new endpoint configurations with a delay
_DELETION_S = 1800.0


def apply(aws: Aws, plan: Plan, log: Callable[[str], None]) -> None:
    """Make the plan's calls; what another run made meanwhile under the same name is the same."""
    uploading = False
    for step in plan.steps:
        if step.call != "upload":
            log(f"{step.call} {step.name}")
        elif not uploading:
            log("upload what is not in S3 yet")
        uploading = step.call == "upload"
        _CALLS[step.call](aws, step)


def _create_bucket(aws: Aws, step: Step) -> None:
    storage.create_bucket(aws, step.name)


def _upload(aws: Aws, step: Step) -> None:
    if step.upload is None:
        raise AssertionError(f"the step {step} has nothing to upload")
    storage.upload(aws, step.upload.bucket, step.upload.key, step.upload.body)


def _create_training_job(aws: Aws, step: Step) -> None:
    _create(aws.sagemaker.create_training_job, step, exists="ResourceInUse")


def _create_model(aws: Aws, step: Step) -> None:
    _create(aws.sagemaker.create_model, step)


def _create_endpoint_config(aws: Aws, step: Step) -> None:
    _create(aws.sagemaker.create_endpoint_config, step)


def _create_endpoint(aws: Aws, step: Step) -> None:
    _create(aws.sagemaker.create_endpoint, step)


def _update_endpoint(aws: Aws, step: Step) -> None:
    _create(aws.sagemaker.update_endpoint, step)


def _add_tags(aws: Aws, step: Step) -> None:
    with session.explained(f"writing tags of {step.name}"):
        aws.sagemaker.add_tags(**step.request)


def _delete_endpoint(aws: Aws, step: Step) -> None:
    _delete(aws.sagemaker.delete_endpoint, step)
    for _ in polling.ticks(limit_s=_DELETION_S):
        if hosting.describe_endpoint(aws, step.name) is None:
            return
    raise AwsError(
        f"SageMaker is still deleting the endpoint {step.name} after {_DELETION_S / 60:.0f} min.",
        do="Run again to go on waiting for it.",
    )


def _delete_endpoint_config(aws: Aws, step: Step) -> None:
    _delete(aws.sagemaker.delete_endpoint_config, step)


def _delete_model(aws: Aws, step: Step) -> None:
    _delete(aws.sagemaker.delete_model, step)


def _delete(call: Callable[..., Any], step: Step) -> None:
    """Make one call; what somebody else has deleted meanwhile is gone as well."""
    session.describe(call, f"making {step.call} {step.name}", **step.request)


def _create(call: Callable[..., Any], step: Step, exists: str = "already existing") -> None:
    """Make one call; wait for a configuration that SageMaker does not see yet."""
    with session.explained(f"making {step.call} {step.name}"):
        for _ in polling.ticks(limit_s=_UNSEEN_S):
            try:
                call(**step.request)
            except ClientError as error:
                said = f"{session.code(error)} {session.message(error)}"
                if exists in said:
                    return
                if not (refusals.NO_CONFIG in said and _aim(step) in said):
                    raise
            else:
                return
    raise AwsError(
        f"SageMaker does not find the configuration that {step.name} needs.", do="Run again."
    )


def _aim(step: Step) -> str:
    """Return the configuration that a step wants: another one that is not found stays so."""
    return str(step.request.get("EndpointConfigName", "(none)"))


_CALLS: dict[Call, Callable[[Aws, Step], None]] = {
    "create_bucket": _create_bucket,
    "upload": _upload,
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
