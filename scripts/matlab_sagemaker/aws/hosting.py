"""Endpoints: find what serves, wait until SageMaker is done with a change, send a request."""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from matlab_sagemaker import tags
from matlab_sagemaker.aws import polling, session
from matlab_sagemaker.aws.logs import Follower
from matlab_sagemaker.errors import DeploymentFailedError, MissingStepError, PredictionFailedError
from matlab_sagemaker.plan import CHANGING, SETTLED, FoundEndpoint

if TYPE_CHECKING:
    from collections.abc import Callable

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.requests import Request
    from matlab_sagemaker.resources import Deployment


_JUST_BEFORE_S = 2  # the first container may speak before the first look at its log
LONGEST_CHANGE_S = 8 * 3600.0  # a deployment may take that long (MaximumExecutionTimeoutInSeconds)


def log_group(endpoint: str) -> str:
    """Return the CloudWatch log group of an endpoint's containers."""
    return f"/aws/sagemaker/Endpoints/{endpoint}"


@dataclass(frozen=True)
class EndpointState:
    """An endpoint that SageMaker is not changing just now."""

    status: str
    config_name: str
    reason: str


def find(aws: Aws, desired: Deployment, log: Callable[[str], None]) -> FoundEndpoint:
    """Return what there is of `desired`, once SageMaker is done with any change under way."""
    endpoint = find_endpoint(aws, desired.endpoint_name, log)
    model = describe_model(aws, desired.model["ModelName"])
    config = describe_config(aws, desired.config["EndpointConfigName"])
    return dataclasses.replace(
        endpoint,
        model=model is not None,
        config=config is not None,
        config_arn=config["EndpointConfigArn"] if config else "",
    )


def find_endpoint(aws: Aws, name: str, log: Callable[[str], None]) -> FoundEndpoint:
    """Return the endpoint, once SageMaker is done with any change under way.

    Its tags are read before: what is known of the past is known before a change begins.
    """
    first = describe_endpoint(aws, name)
    if first is None:
        return FoundEndpoint()
    facts = tags_of(aws, first["EndpointArn"])
    endpoint = wait_settled(aws, name, log)
    if endpoint is None:
        return FoundEndpoint()
    return FoundEndpoint(
        config_name=endpoint.config_name,
        status=endpoint.status,
        arn=first["EndpointArn"],
        facts=facts,
        changing=first["EndpointStatus"] in CHANGING,
    )


def describe_endpoint(aws: Aws, name: str) -> dict[str, Any] | None:
    """Return what DescribeEndpoint tells, or None where there is no such endpoint."""
    doing = f"describing the endpoint {name}"
    return session.describe(aws.sagemaker.describe_endpoint, doing, EndpointName=name)


def describe_config(aws: Aws, name: str) -> dict[str, Any] | None:
    """Return what DescribeEndpointConfig tells, or None where there is no such configuration."""
    call, doing = (
        aws.sagemaker.describe_endpoint_config,
        f"describing the endpoint configuration {name}",
    )
    return session.describe(call, doing, EndpointConfigName=name)


def describe_model(aws: Aws, name: str) -> dict[str, Any] | None:
    """Return what DescribeModel tells, or None where there is no such model."""
    doing = f"describing the model {name}"
    return session.describe(aws.sagemaker.describe_model, doing, ModelName=name)


def tags_of(aws: Aws, arn: str) -> dict[str, str]:
    """Return what the kit's tags say of a resource; nothing where it has just gone.

    Source: https://github.com/aws/amazon-sagemaker-feedback/issues/108
    """
    with session.explained(f"reading the tags of {arn}"):
        try:
            return tags.facts(aws.sagemaker.list_tags(ResourceArn=arn)["Tags"])
        except ClientError as error:
            if session.code(error) == "ValidationException":
                return {}
            raise


def wait_settled(aws: Aws, name: str, log: Callable[[str], None]) -> EndpointState | None:
    """Return the endpoint when SageMaker is not changing it; None where there is none.

    What its containers say meanwhile goes to `log`, and so does each new status. InService says
    nothing of a change just made: after a roll-back the endpoint is InService with its old
    configuration. Compare config_name.
    """
    seen, follower = "", Follower(aws, log_group(name), since_s=time.time() - _JUST_BEFORE_S)
    for _ in polling.ticks(limit_s=LONGEST_CHANGE_S):
        details = describe_endpoint(aws, name)
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
            reason = details.get("FailureReason", "")
            return EndpointState(status, details["EndpointConfigName"], reason)
    raise DeploymentFailedError(
        f"Endpoint {name} is still {seen} after {LONGEST_CHANGE_S / 3600:.0f} hours.",
        do=f"Look at it (`aws sagemaker describe-endpoint --endpoint-name {name}`); once SageMaker "
        "is done with it, deploy again.",
    )


def still_serves(endpoint: str) -> str:
    """Return what holds after a prediction that was not as it should be, and the way out of it."""
    return (
        f"Endpoint {endpoint} serves this model now, and goes on; rollback brings back what it "
        "served before, where that is known (status tells it)."
    )


def invoke(aws: Aws, endpoint: str, request: Request) -> bytes:
    """Return the endpoint's answer; raise PredictionFailedError with what the container said."""
    with session.explained(f"invoking the endpoint {endpoint}"):
        try:
            answer = aws.runtime.invoke_endpoint(
                EndpointName=endpoint,
                Body=request.body,
                ContentType=request.content_type,
                Accept=request.accept,
            )
        except ClientError as error:
            if session.code(error) == "ValidationError" and "not found" in session.message(error):
                raise MissingStepError(
                    f"There is no endpoint {endpoint}.",
                    why=session.message(error),
                    do="Run deploy first, or correct endpoint.name in sagemaker.yml.",
                ) from error
            if session.code(error) != "ModelError":
                raise
            raise PredictionFailedError(
                f"The model behind {endpoint} answered "
                f"{error.response.get('OriginalStatusCode', 'with an error')}.",
                why=str(error.response.get("OriginalMessage", session.message(error))),
                do="Compare the request with what the handler and the model expect; the endpoint's "
                f"log is in CloudWatch ({log_group(endpoint)}). {still_serves(endpoint)}",
            ) from error
        return answer["Body"].read()
