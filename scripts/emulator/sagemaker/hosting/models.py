"""Models: records of role, image and data, checked on creation; they start nothing."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from emulator import storage
from emulator.containers.images import ImageNotFoundError
from emulator.errors import ValidationError, left_out
from emulator.sagemaker import listing, shapes
from emulator.sagemaker.execution_roles import check_role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.cloud import Scope
    from emulator.sagemaker.world import World

_DOCKER_V2 = "application/vnd.docker.distribution.manifest.v2+json"


@dataclass(frozen=True, kw_only=True)
class ModelContainer:
    """What an instance needs to serve a model."""

    image: str
    environment: Mapping[str, str]
    data_uri: str | None
    """s3://….tar.gz, or an S3 prefix that ends in /; None: no data."""
    role: str


class Models:
    """The models of all accounts and regions."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._models: dict[tuple[Scope, str], dict[str, Any]] = {}
        self._containers: dict[tuple[Scope, str], ModelContainer] = {}
        self._lock = threading.Lock()

    def create_model(self, scope: Scope, request: dict[str, Any]) -> dict[str, Any]:
        """Create a model whose role, image and data exist."""
        name = request["ModelName"]
        arn = scope.arn("model", name)
        role = request.get("ExecutionRoleArn") or ""
        check_role(self._world.cloud, scope, role)
        container = self._container(scope, request, role)
        self._check_image(scope, container)
        self._check_data(scope, container)
        described = record("DescribeModel", request, ModelArn=arn)
        with self._lock:
            if (scope, name) in self._models:
                raise ValidationError(f'Cannot create already existing model "{arn}".')
            self._models[scope, name] = described
            self._containers[scope, name] = container
        return {"ModelArn": arn}

    def describe_model(self, scope: Scope, request: dict[str, Any]) -> dict[str, Any]:
        """Describe a model."""
        return self._model(scope, request["ModelName"])

    def list_models(self, scope: Scope, request: dict[str, Any]) -> dict[str, Any]:
        """List models."""
        names = ("ModelName", "ModelArn", "CreationTime")
        return listing.page("Models", "Model", chosen(self._models, scope, names), request)

    def delete_model(self, scope: Scope, request: dict[str, Any]) -> dict[str, Any]:
        """Delete a model; running endpoints keep serving it."""
        self._model(scope, request["ModelName"])
        del self._models[scope, request["ModelName"]]
        return {}

    def container(self, scope: Scope, name: str) -> ModelContainer:
        """Return what is needed to serve a model; raises ValidationError if it does not exist."""
        self._model(scope, name)
        return self._containers[scope, name]

    def exists(self, arn: str) -> bool:
        """Whether a model has this ARN."""
        return any(model["ModelArn"] == arn for model in list(self._models.values()))

    def _model(self, scope: Scope, name: str) -> dict[str, Any]:
        if (scope, name) not in self._models:
            raise ValidationError(f'Could not find model "{scope.arn("model", name)}".')
        return self._models[scope, name]

    def _container(self, scope: Scope, request: dict[str, Any], role: str) -> ModelContainer:
        containers = request.get("Containers") or [request.get("PrimaryContainer")]
        if containers == [None]:
            raise ValidationError("Either PrimaryContainer or Containers must be given.")
        if len(containers) > 1:
            raise left_out("models with several containers")
        definition = containers[0]
        if definition.get("ModelPackageName"):
            package = self._package(scope, definition["ModelPackageName"])
            own = definition.get("Environment") or {}
            environment = {**(package.get("Environment") or {}), **own}
            definition = {**package, "Environment": environment}
        if not definition.get("Image"):
            raise ValidationError("The container definition has no Image.")
        return ModelContainer(
            image=definition["Image"],
            environment=definition.get("Environment") or {},
            data_uri=_data_uri(definition),
            role=role,
        )

    def _package(self, scope: Scope, name: str) -> dict[str, Any]:
        """Return the container of a model package, which must be approved."""
        client = self._world.cloud.sagemaker(scope)
        try:
            package: Any = client.describe_model_package(ModelPackageName=name)
        except ClientError as error:
            raise ValidationError(f"Could not find model package {name}.") from error
        status = package.get("ModelApprovalStatus", "Approved")
        if status != "Approved":
            raise ValidationError(f"Model package {name} is {status}, not Approved.")
        container: dict[str, Any] = package["InferenceSpecification"]["Containers"][0]
        return container

    def _check_image(self, scope: Scope, container: ModelContainer) -> None:
        """Check the image as CreateModel does; hosting accepts only Docker schema 2 manifests.

        Source: https://github.com/aws/amazon-sagemaker-feedback/issues/180
        """
        uri = container.image
        try:
            image = self._world.images.find(uri, scope, container.role)
        except ImageNotFoundError as error:
            raise ValidationError(f"Requested image {uri} not found.") from error
        if image.media_type != _DOCKER_V2:
            raise ValidationError(
                f"Unsupported manifest media type {image.media_type} for image {uri}. Please "
                "ensure that valid manifest media type is used for specified image."
            )
        architecture = self._world.images.architecture(image)
        if architecture != "amd64":
            raise left_out(
                f"images of the architecture {architecture}, as {uri} is: other instance types "
                "fail with `exec format error`. Build with --platform linux/amd64"
            )

    def _check_data(self, scope: Scope, container: ModelContainer) -> None:
        uri = container.data_uri
        if uri is None:
            return
        s3 = self._world.cloud.acting_as(scope, container.role).s3(scope)
        try:
            found = storage.exists(s3, uri)
        except ClientError as error:
            raise ValidationError(f"Could not find model data at {uri}.") from error
        if not found:
            raise ValidationError(f"Could not find model data at {uri}.")


def _data_uri(definition: Mapping[str, Any]) -> str | None:
    source = (definition.get("ModelDataSource") or {}).get("S3DataSource") or {}
    uri: str | None = definition.get("ModelDataUrl") or source.get("S3Uri")
    return uri


def record(action: str, request: dict[str, Any], **arn: str) -> dict[str, Any]:
    """Make the record that the Describe action returns."""
    return {**shapes.echo(action, request), **arn, "CreationTime": datetime.now(timezone.utc)}


def chosen(
    records: dict[tuple[Scope, str], dict[str, Any]], scope: Scope, names: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Return the named fields of every record in a scope."""
    mine = [record for (where, _), record in list(records.items()) if where == scope]
    return [{name: record[name] for name in names} for record in mine]
