"""The endpoint part of SageMaker's API: keeps endpoints, starts and ends their deployments."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from emulator.errors import PlatformError, ValidationError
from emulator.sagemaker import listing

from . import deployment
from .endpoint import Endpoint
from .fleet import Fleet, Variant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emulator.cloud import Scope
    from emulator.sagemaker.world import World

    from .configs import EndpointConfigs
    from .models import Models

_RETAINED = {
    "DesiredInstanceCount": "InitialInstanceCount",
    "DesiredWeight": "InitialVariantWeight",
}


class Hosting:
    """The endpoints of all accounts and regions."""

    def __init__(self, world: World, models: Models, configs: EndpointConfigs) -> None:
        self._world = world
        self._configs = configs
        self._models = models
        self._endpoints: dict[tuple[Scope, str], Endpoint] = {}
        self._lock = threading.Lock()

    def create_endpoint(self, scope: Scope, request: dict[str, Any]) -> dict[str, Any]:
        """Create an endpoint and start its fleet."""
        name, config_name = request["EndpointName"], request["EndpointConfigName"]
        config = self._configs.config(scope, config_name)
        endpoint = Endpoint(scope, name, config_name, request.get("DeploymentConfig"))
        with self._lock:
            if (scope, name) in self._endpoints:
                raise ValidationError(f'Cannot create already existing endpoint "{endpoint.arn}".')
            fleet = self._fleet(scope, name, config)
            self._endpoints[scope, name] = endpoint
        _start(deployment.create, endpoint, fleet)
        return {"EndpointArn": endpoint.arn}

    def update_endpoint(self, scope: Scope, request: dict[str, Any]) -> dict[str, Any]:
        """Change an endpoint's configuration; the old one must still exist.

        Source: https://github.com/hashicorp/terraform-provider-aws/issues/40048
        """
        endpoint = self.endpoint(scope, request["EndpointName"])
        self._configs.config(scope, endpoint.config_name)
        config = self._configs.config(scope, request["EndpointConfigName"])
        endpoint.begin(
            "Updating", allowed=("InService",), config_name=request["EndpointConfigName"]
        )
        policy = request.get("DeploymentConfig")
        if request.get("RetainDeploymentConfig"):
            policy = policy or endpoint.last_deployment
        try:
            green = self._fleet(scope, endpoint.name, _retained(config, endpoint, request))
        except ValidationError:
            endpoint.rolled_back()
            raise
        endpoint.use(policy)
        _start(deployment.update, self._world, endpoint, green, policy)
        return {"EndpointArn": endpoint.arn}

    def update_endpoint_weights_and_capacities(
        self, scope: Scope, request: dict[str, Any]
    ) -> dict[str, Any]:
        """Change weights and instance counts of variants in place."""
        endpoint = self.endpoint(scope, request["EndpointName"])
        wanted = request["DesiredWeightsAndCapacities"]
        fleet = endpoint.fleet
        endpoint.begin("Updating", allowed=("InService",))
        if fleet is None:
            raise ValidationError(f'Could not find a fleet of endpoint "{endpoint.arn}".')
        try:
            variants = [fleet.variant(entry["VariantName"]) for entry in wanted]
        except ValidationError:
            endpoint.rolled_back()
            raise
        _start(_resize, endpoint, fleet, list(zip(variants, wanted, strict=True)))
        return {"EndpointArn": endpoint.arn}

    def describe_endpoint(self, scope: Scope, request: dict[str, Any]) -> dict[str, Any]:
        """Describe an endpoint."""
        return self.endpoint(scope, request["EndpointName"]).describe()

    def list_endpoints(self, scope: Scope, request: dict[str, Any]) -> dict[str, Any]:
        """List endpoints."""
        mine = [e.summary() for (where, _), e in list(self._endpoints.items()) if where == scope]
        return listing.page("Endpoints", "Endpoint", mine, request)

    def delete_endpoint(self, scope: Scope, request: dict[str, Any]) -> dict[str, Any]:
        """Delete an endpoint; it disappears when its containers have ended."""
        endpoint = self.endpoint(scope, request["EndpointName"])
        endpoint.begin("Deleting", allowed=("InService", "Failed", "OutOfService"))
        _start(self._delete, endpoint)
        return {}

    def endpoint(self, scope: Scope, name: str) -> Endpoint:
        """Find an endpoint; raises ValidationError if it does not exist."""
        if (scope, name) not in self._endpoints:
            arn = scope.arn("endpoint", name)
            raise ValidationError(f'Could not find endpoint "{arn}".')
        return self._endpoints[scope, name]

    def exists(self, arn: str) -> bool:
        """Whether an endpoint has this ARN."""
        return any(endpoint.arn == arn for endpoint in list(self._endpoints.values()))

    def _delete(self, endpoint: Endpoint) -> None:
        for fleet in endpoint.take_fleets():
            fleet.stop()
        del self._endpoints[endpoint.scope, endpoint.name]

    def _fleet(self, scope: Scope, endpoint: str, config: Mapping[str, Any]) -> Fleet:
        variants = [
            (variant, self._models.container(scope, variant["ModelName"]))
            for variant in config["ProductionVariants"]
        ]
        return Fleet(
            config,
            [Variant(self._world, scope, endpoint, variant, model) for variant, model in variants],
        )


def _retained(
    config: Mapping[str, Any], endpoint: Endpoint, request: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Keep the variants' current instance counts and weights if the request says so.

    Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html
    """
    if not request.get("RetainAllVariantProperties") or endpoint.fleet is None:
        return config
    excluded = {
        p["VariantPropertyType"] for p in request.get("ExcludeRetainedVariantProperties") or []
    }
    present = {variant.name: variant.describe() for variant in endpoint.fleet.variants}
    variants = []
    for variant in config["ProductionVariants"]:
        now = present.get(variant["VariantName"], {})
        kept = {to: now[of] for of, to in _RETAINED.items() if of in now and of not in excluded}
        variants.append({**variant, **kept})
    return {**config, "ProductionVariants": variants}


def _resize(
    endpoint: Endpoint, fleet: Fleet, changes: list[tuple[Variant, Mapping[str, Any]]]
) -> None:
    try:
        for variant, wanted in changes:
            variant.resize(wanted.get("DesiredInstanceCount", variant.count))
            variant.weight = wanted.get("DesiredWeight", variant.weight)
    except PlatformError as failure:
        endpoint.roll_back(str(failure))
        endpoint.rolled_back()
    else:
        endpoint.serve(fleet)


def _start(work: Callable[..., None], *args: object) -> None:
    threading.Thread(target=work, args=args, daemon=True).start()
