"""What an endpoint serves, all the way back to the training; it asks, and changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matlab_sagemaker.aws import hosting, made, training
from matlab_sagemaker.plan import CHANGING, FoundEndpoint

if TYPE_CHECKING:
    from matlab_sagemaker.aws.session import Aws

MISSING = "missing"


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """An endpoint configuration and its model; what is not known, or gone, is empty."""

    name: str
    arn: str = ""
    model_name: str = ""
    has_model: bool = False
    image: str = ""
    model_data: str = ""
    training_job: str = ""
    commit: str = ""

    @property
    def facts(self) -> dict[str, str]:
        """What people want to know of it, named as the outputs."""
        return {
            "endpoint-config": self.name,
            "model-name": self.model_name,
            "model-data": self.model_data,
            "image": self.image,
            "training-job": self.training_job,
            "commit": self.commit,
        }


@dataclass(frozen=True, kw_only=True)
class Serving:
    """What an endpoint serves now, what it served before, and what came of its last change."""

    endpoint: str
    status: str  # EndpointStatus, or MISSING
    config_name: str = ""
    config: Configuration | None = None  # None: it was deleted
    previous_name: str = ""
    previous: Configuration | None = None
    job: training.Job | None = None  # that trained the model; None: not known, or deleted
    reason: str = ""  # FailureReason of the last change

    @property
    def facts(self) -> dict[str, Any]:
        """What people want to know of it, named as the step's outputs."""
        back = self.previous if self.previous and self.previous.has_model else None
        return {
            "endpoint-name": self.endpoint,
            "endpoint-status": self.status,
            **(self.config or Configuration(name=self.config_name)).facts,
            "metrics": self.job.metrics if self.job else {},
            "previous-config": back.name if back else "",
            "failure-reason": self.reason,
        }


def find(aws: Aws, project: str, endpoint: str) -> Serving:
    """Return what the endpoint serves at this moment, whatever its status is."""
    details = hosting.describe_endpoint(aws, endpoint)
    if details is None:
        left = made.with_record(aws, project, endpoint, FoundEndpoint()).way_back
        return Serving(
            endpoint=endpoint,
            status=MISSING,
            previous_name=left,
            previous=find_configuration(aws, left) if left else None,
        )
    name = details["EndpointConfigName"]
    config = find_configuration(aws, name)
    previous = FoundEndpoint(
        config_name=name,
        facts=hosting.tags_of(aws, details["EndpointArn"]),
        changing=details["EndpointStatus"] in CHANGING,
    ).way_back
    return Serving(
        endpoint=endpoint,
        status=details["EndpointStatus"],
        config_name=name,
        config=config,
        previous_name=previous,
        previous=find_configuration(aws, previous) if previous else None,
        job=training.look(aws, config.training_job) if config and config.training_job else None,
        reason=details.get("FailureReason", ""),
    )


def find_configuration(aws: Aws, name: str) -> Configuration | None:
    """Return an endpoint configuration with its first model; None where it is not there."""
    details = hosting.describe_config(aws, name)
    if details is None:
        return None
    facts = hosting.tags_of(aws, details["EndpointConfigArn"])
    model_name = details["ProductionVariants"][0].get("ModelName", "")
    model = hosting.describe_model(aws, model_name) if model_name else None
    container = _container(model or {})
    return Configuration(
        name=name,
        arn=details["EndpointConfigArn"],
        model_name=model_name,
        has_model=model is not None,
        image=container.get("Image", ""),
        model_data=container.get("ModelDataUrl", ""),
        training_job=facts.get("training-job", ""),
        commit=facts.get("commit", ""),
    )


def _container(model: dict[str, Any]) -> dict[str, Any]:
    """Return what a model runs; somebody else's may name several containers."""
    containers = [model.get("PrimaryContainer"), *model.get("Containers", [])]
    return next((container for container in containers if container), {})
