"""Endpoint configurations: records of variants, checked on creation; they start nothing."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from emulator.errors import ValidationError
from emulator.sagemaker import listing

from .models import chosen, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.cloud import Scope

    from .models import Models


class EndpointConfigs:
    """The endpoint configurations of all accounts and regions."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._configs: dict[tuple[Scope, str], dict[str, Any]] = {}
        self._lock = threading.Lock()

    def create_endpoint_config(self, scope: Scope, request: dict[str, Any]) -> dict[str, Any]:
        """Create an endpoint configuration whose models exist."""
        name = request["EndpointConfigName"]
        arn = scope.arn("endpoint-config", name)
        for variant in request["ProductionVariants"]:
            _check_variant(variant)
            self._models.container(scope, variant["ModelName"])
        described = record("DescribeEndpointConfig", request, EndpointConfigArn=arn)
        with self._lock:
            if (scope, name) in self._configs:
                message = f'Cannot create already existing endpoint configuration "{arn}".'
                raise ValidationError(message)
            self._configs[scope, name] = described
        return {"EndpointConfigArn": arn}

    def describe_endpoint_config(self, scope: Scope, request: dict[str, Any]) -> dict[str, Any]:
        """Describe an endpoint configuration."""
        return self.config(scope, request["EndpointConfigName"])

    def list_endpoint_configs(self, scope: Scope, request: dict[str, Any]) -> dict[str, Any]:
        """List endpoint configurations."""
        names = ("EndpointConfigName", "EndpointConfigArn", "CreationTime")
        configs = chosen(self._configs, scope, names)
        return listing.page("EndpointConfigs", "EndpointConfig", configs, request)

    def delete_endpoint_config(self, scope: Scope, request: dict[str, Any]) -> dict[str, Any]:
        """Delete an endpoint configuration, even one in use: SageMaker warns, but allows it.

        Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteEndpointConfig.html
        """
        self.config(scope, request["EndpointConfigName"])
        del self._configs[scope, request["EndpointConfigName"]]
        return {}

    def config(self, scope: Scope, name: str) -> dict[str, Any]:
        """Find an endpoint configuration; raises ValidationError if it does not exist."""
        if (scope, name) not in self._configs:
            arn = scope.arn("endpoint-config", name)
            raise ValidationError(f'Could not find endpoint configuration "{arn}".')
        return self._configs[scope, name]

    def exists(self, arn: str) -> bool:
        """Whether an endpoint configuration has this ARN."""
        return any(entry["EndpointConfigArn"] == arn for entry in list(self._configs.values()))


def _check_variant(variant: Mapping[str, Any]) -> None:
    for name in ("ModelName", "InstanceType", "InitialInstanceCount"):
        if not variant.get(name):
            raise ValidationError(f"Production variant {variant['VariantName']} has no {name}.")
