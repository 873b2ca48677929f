"""Endpoints: find one and its resources, wait until a change is done."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import timezone
from functools import partial
from typing import TYPE_CHECKING, Any

from matlab_sagemaker import digest
from matlab_sagemaker.aws import polling, session, tags
from matlab_sagemaker.aws.logs import Follower
from matlab_sagemaker.errors import DeploymentFailedError
from matlab_sagemaker.hosting import deployment
from matlab_sagemaker.hosting.plan import (
    CHANGING,
    SETTLED,
    FoundEndpoint,
    FoundTarget,
    OwnResources,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.hosting.deployment import Deployment


_JUST_BEFORE_S = 2  # the first container may log before the first look at its log
LONGEST_CHANGE_S = 8 * 3600.0  # SageMaker's own limit (MaximumExecutionTimeoutInSeconds)


def log_group(endpoint: str) -> str:
    """Name the CloudWatch log group of an endpoint's containers."""
    return f"/aws/sagemaker/Endpoints/{endpoint}"


@dataclass(frozen=True)
class EndpointState:
    """An endpoint that SageMaker is not changing at the moment."""

    status: str
    config_name: str
    reason: str


def find_settled(aws: Aws, name: str, log: Callable[[str], None]) -> FoundEndpoint:
    """Find the endpoint, after waiting for the end of any change in progress.

    Its tags are read before the wait, because each change writes the history first.
    """
    found = find_now(aws, name)
    if found.status is None or found.status in SETTLED:
        return found
    settled = wait_settled(aws, name, log)
    if settled is None:
        return FoundEndpoint()
    return replace(
        found, config_name=settled.config_name, status=settled.status, reason=settled.reason
    )


def find_now(aws: Aws, name: str) -> FoundEndpoint:
    """Find the endpoint as it is now, even if a change is in progress."""
    details = describe_endpoint(aws, name)
    if details is None:
        return FoundEndpoint()
    return FoundEndpoint(
        config_name=details["EndpointConfigName"],
        status=details["EndpointStatus"],
        arn=details["EndpointArn"],
        facts=tags.read(aws, details["EndpointArn"]),
        changing=details["EndpointStatus"] in CHANGING,
        reason=details.get("FailureReason", ""),
    )


def find_target(aws: Aws, desired: Deployment) -> FoundTarget:
    """Check whether the model and the configuration of `desired` exist."""
    return FoundTarget(
        model=describe_model(aws, desired.model["ModelName"]) is not None,
        config=describe_config(aws, desired.config["EndpointConfigName"]) is not None,
    )


def describe_endpoint(aws: Aws, name: str) -> dict[str, Any] | None:
    """Call DescribeEndpoint; None if there is no such endpoint."""
    doing = f"describing the endpoint {name}"
    return session.describe(aws.sagemaker.describe_endpoint, doing, EndpointName=name)


def describe_config(aws: Aws, name: str) -> dict[str, Any] | None:
    """Call DescribeEndpointConfig; None if there is no such configuration."""
    call, doing = (
        aws.sagemaker.describe_endpoint_config,
        f"describing the endpoint configuration {name}",
    )
    return session.describe(call, doing, EndpointConfigName=name)


def describe_model(aws: Aws, name: str) -> dict[str, Any] | None:
    """Call DescribeModel; None if there is no such model."""
    doing = f"describing the model {name}"
    return session.describe(aws.sagemaker.describe_model, doing, ModelName=name)


def wait_settled(aws: Aws, name: str, log: Callable[[str], None]) -> EndpointState | None:
    """Wait until SageMaker is not changing the endpoint; None if there is no such endpoint.

    Meanwhile, lines of its containers' log and each new status go to `log`. InService does not
    mean that a change succeeded: if SageMaker rolled back, the endpoint is InService with its old
    configuration. Compare config_name. Raises DeploymentFailedError after LONGEST_CHANGE_S.
    """
    seen, follower = "", Follower(aws, log_group(name), since_s=time.time() - _JUST_BEFORE_S)
    for details in polling.looks(partial(describe_endpoint, aws, name), LONGEST_CHANGE_S):
        if details is None:
            return None
        status = details["EndpointStatus"]
        if seen or status not in SETTLED:
            for line in follower.new_lines():
                log(line.text)
            if status != seen:
                log(f"[{status}]")
        seen = status
        if status in SETTLED:
            return _state(details)
    raise DeploymentFailedError(
        f"Endpoint {name} is still {seen} after {LONGEST_CHANGE_S / 3600:.0f} hours.",
        do=f"Inspect it (`aws sagemaker describe-endpoint --endpoint-name {name}`) and deploy "
        "again when SageMaker is done.",
    )


def _state(details: dict[str, Any]) -> EndpointState:
    reason = details.get("FailureReason", "")
    return EndpointState(details["EndpointStatus"], details["EndpointConfigName"], reason)


def find_own(aws: Aws, project: str, endpoint: str) -> OwnResources:
    """Find the configurations and models that deploy created for `endpoint` of `project`.

    Lists by name; only resources whose tags name this project and endpoint count.
    """
    stem = deployment.stem(endpoint)
    with session.explained(f"listing configurations and models named {stem}…"):
        listed = _listed(aws, "list_endpoint_configs", "EndpointConfigs", "EndpointConfig", stem)
        models = _listed(aws, "list_models", "Models", "Model", stem)
    configs = {}
    for name, arn, made in sorted(listed):
        facts = tags.read(aws, arn)
        if _are_of(facts, project, endpoint):
            configs[name] = {**facts, "made": made}
    return OwnResources(
        configs=configs,
        models=tuple(
            name
            for name, arn, _ in sorted(models)
            if _are_of(tags.read(aws, arn), project, endpoint)
        ),
    )


def _listed(aws: Aws, call: Any, listed: str, kind: str, stem: str) -> list[tuple[str, str, str]]:
    """List name, ARN and creation time of each resource whose name is `stem` and a key."""
    pages = aws.sagemaker.get_paginator(call).paginate(NameContains=stem)
    items = [item for page in pages for item in page[listed]]
    found = [(i[f"{kind}Name"], i[f"{kind}Arn"], moment(i["CreationTime"])) for i in items]
    length = len(stem) + digest.SHORT_LENGTH
    return [item for item in found if item[0].startswith(stem) and len(item[0]) == length]


def _are_of(facts: Mapping[str, str], project: str, endpoint: str) -> bool:
    return facts.get("project") == project and facts.get("endpoint") == endpoint


def moment(time: datetime) -> str:
    """Format a time for people, in UTC."""
    return f"{time.astimezone(timezone.utc):%Y-%m-%d %H:%M} UTC"
