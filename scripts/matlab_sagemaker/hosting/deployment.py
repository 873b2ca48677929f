"""The desired deployment: SageMaker model, endpoint configuration, endpoint. Pure.

SageMaker models and endpoint configurations cannot be changed. Each name ends in the key of its
content, so the same content has the same name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from matlab_sagemaker import digest
from matlab_sagemaker.aws import tags

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.aws.plan import ApiRequest, Step
    from matlab_sagemaker.project.content import Project
    from matlab_sagemaker.training.deployable_model import DeployableModel

NAME_LIMIT = 63  # characters of a SageMaker resource's name


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """One endpoint that serves one model with one image."""

    project: str
    endpoint_name: str
    image: str  # URI with digest
    model_data: str  # S3 URI of model.tar.gz
    training_job: str  # that trained the model; empty: the project names its own model
    is_trained: bool = True  # False: the project names its own model
    role: str  # ARN
    instance_type: str
    instance_count: int
    vpc: ApiRequest | None = None  # part of the model
    # Not part of any key:
    tags: Mapping[str, str] = field(default_factory=dict)  # the user's
    commit: str = ""
    code: digest.Files = field(default_factory=dict)  # the handler's files
    request: str = ""  # the file with the smoke test's request
    writes: tuple[Step, ...] = ()  # upload the model data, if S3 does not have it yet

    @cached_property
    def model(self) -> ApiRequest:
        """The CreateModel request."""
        container = {"Image": self.image, "ModelDataUrl": self.model_data}
        network = {"VpcConfig": self.vpc} if self.vpc else {}
        body = {"ExecutionRoleArn": self.role, "PrimaryContainer": container, **network}
        return self._named("ModelName", body)

    @cached_property
    def config(self) -> ApiRequest:
        """The CreateEndpointConfig request."""
        variant = {
            "VariantName": "main",
            "ModelName": self.model["ModelName"],
            "InstanceType": self.instance_type,
            "InitialInstanceCount": self.instance_count,
            "InitialVariantWeight": 1.0,
        }
        return self._named("EndpointConfigName", {"ProductionVariants": [variant]})

    @property
    def endpoint(self) -> ApiRequest:
        """The UpdateEndpoint request; CreateEndpoint's is the same with tags."""
        return {
            "EndpointName": self.endpoint_name,
            "EndpointConfigName": self.config["EndpointConfigName"],
        }

    @property
    def is_known(self) -> bool:
        """Whether image and model data exist, so that the names are known."""
        return bool(self.image and self.model_data)

    @property
    def facts(self) -> dict[str, str]:
        """The step's outputs about it, by name; empty: not known yet."""
        return {
            "endpoint-name": self.endpoint_name,
            "endpoint-config": self.config["EndpointConfigName"] if self.is_known else "",
            "model-name": self.model["ModelName"] if self.is_known else "",
            "model-data": self.model_data,
            "training-job": self.training_job,
        }

    def _named(self, name: str, body: ApiRequest) -> ApiRequest:
        # The key includes the endpoint's name: two long names may share their stem.
        key, short = digest.keys([self.endpoint_name, body])
        facts = {
            "project": self.project,
            "endpoint": self.endpoint_name,
            "key": key,
            **({"training-job": self.training_job} if self.training_job else {}),
            **({"commit": self.commit} if self.commit else {}),
        }
        return {
            name: f"{stem(self.endpoint_name)}{short}",
            **body,
            "Tags": tags.of(facts, self.tags),
        }


def stem(endpoint_name: str) -> str:
    """Return the prefix of each name that belongs to an endpoint; the key follows it."""
    return endpoint_name[: NAME_LIMIT - digest.SHORT_LENGTH - 1].rstrip("-") + "-"


def describe(
    project: Project, role: str, image: str, model: DeployableModel, commit: str = ""
) -> Deployment:
    """Describe the deployment of `model` with `image`, an inference image's URI with digest.

    `role` is the serving role's ARN. If image or model data do not exist yet and are empty, the
    deployment can be shown but not made.
    """
    endpoint, aws = project.settings.endpoint, project.settings.aws
    return Deployment(
        project=project.name,
        endpoint_name=project.endpoint_name,
        image=image,
        model_data=model.data,
        training_job=model.training_job,
        is_trained=project.settings.training is not None,
        role=role,
        instance_type=endpoint.instance_type,
        instance_count=endpoint.instance_count,
        vpc=aws.vpc.request if aws.vpc else None,
        tags=aws.tags,
        commit=commit,
        code=project.handler_code,
        request=((section := project.settings.inference) and section.request) or "",
        writes=model.steps,
    )
