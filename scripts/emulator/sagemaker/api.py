"""SageMaker's actions that the emulator implements, by name; moto only keeps records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator import errors
from emulator.errors import ValidationError

from . import left_out, shapes
from .hosting.actions import Hosting
from .hosting.configs import EndpointConfigs
from .hosting.models import Models
from .tags import Tags
from .training.actions import Training

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.cloud import Scope

    from .world import World

    Action = Callable[[Scope, dict[str, Any]], dict[str, Any]]

_TAGGING = {"AddTags", "ListTags", "DeleteTags"}
_TAGGED = (":training-job/", ":model/", ":endpoint-config/", ":endpoint/")


class Api:
    """The SageMaker control plane."""

    def __init__(self, world: World) -> None:
        self.training = Training(world)
        self.models = Models(world)
        self.configs = EndpointConfigs(self.models)
        self.hosting = Hosting(world, self.models, self.configs)
        self._tags = Tags()
        self._actions: dict[str, Action] = {
            "CreateTrainingJob": self.training.create_training_job,
            "DescribeTrainingJob": self.training.describe_training_job,
            "ListTrainingJobs": self.training.list_training_jobs,
            "StopTrainingJob": self.training.stop_training_job,
            "DeleteTrainingJob": self.training.delete_training_job,
            "CreateModel": self.models.create_model,
            "DescribeModel": self.models.describe_model,
            "ListModels": self.models.list_models,
            "DeleteModel": self.models.delete_model,
            "CreateEndpointConfig": self.configs.create_endpoint_config,
            "DescribeEndpointConfig": self.configs.describe_endpoint_config,
            "ListEndpointConfigs": self.configs.list_endpoint_configs,
            "DeleteEndpointConfig": self.configs.delete_endpoint_config,
            "CreateEndpoint": self.hosting.create_endpoint,
            "UpdateEndpoint": self.hosting.update_endpoint,
            "UpdateEndpointWeightsAndCapacities": (
                self.hosting.update_endpoint_weights_and_capacities
            ),
            "DescribeEndpoint": self.hosting.describe_endpoint,
            "ListEndpoints": self.hosting.list_endpoints,
            "DeleteEndpoint": self.hosting.delete_endpoint,
            "AddTags": self._add_tags,
            "ListTags": self._list_tags,
            "DeleteTags": self._delete_tags,
        }

    def does(self, action: str, request: dict[str, Any]) -> bool:
        """Whether the emulator does an action itself; tags, only for its own kinds of resources.

        Otherwise moto does it, if it is about records; raises ValidationError if it is not.
        """
        if action in _TAGGING:
            return any(kind in request.get("ResourceArn", "") for kind in _TAGGED)
        if action not in self._actions and not left_out.is_record(action):
            raise errors.left_out(action)
        return action in self._actions

    def call(self, action: str, scope: Scope, request: dict[str, Any]) -> dict[str, Any]:
        """Do an action; raises ServiceError."""
        shapes.check(action, request)
        left_out.check(action, request)
        if action in _TAGGING:
            self._check_tagged(request["ResourceArn"])
        answer = self._actions[action](scope, request)
        arn = next((value for key, value in answer.items() if key.endswith("Arn")), None)
        if action.startswith("Create") and arn:
            self._tags.forget(arn)
            self._tags.put(arn, request.get("Tags") or [])
        return answer

    def _check_tagged(self, arn: str) -> None:
        """Refuse tags of a resource that does not exist; SageMaker accepts them silently.

        Source: https://github.com/aws/amazon-sagemaker-feedback/issues/108
        """
        rooms = (self.training, self.models, self.configs, self.hosting)
        if not any(room.exists(arn) for room in rooms):
            raise ValidationError("")

    def _add_tags(self, _scope: Scope, request: dict[str, Any]) -> dict[str, Any]:
        return {"Tags": self._tags.put(request["ResourceArn"], request["Tags"])}

    def _list_tags(self, _scope: Scope, request: dict[str, Any]) -> dict[str, Any]:
        return {"Tags": self._tags.of(request["ResourceArn"])}

    def _delete_tags(self, _scope: Scope, request: dict[str, Any]) -> dict[str, Any]:
        self._tags.remove(request["ResourceArn"], request["TagKeys"])
        return {}
