"""The instances of an endpoint configuration, which start and stop together."""

from __future__ import annotations

import itertools
import random
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from emulator.errors import PlatformError, ValidationError
from emulator.logs import ENDPOINT_GROUP, LogStream

from .instance import Instance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from emulator.cloud import Scope
    from emulator.containers.interface import PulledImage
    from emulator.sagemaker.world import World

    from .models import ModelContainer

_STARTUP_S = 480
"""The default of ContainerStartupHealthCheckTimeoutInSeconds.
Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html."""


class Variant:
    """A production variant: its instances and its share of the traffic."""

    def __init__(
        self,
        world: World,
        scope: Scope,
        endpoint: str,
        config: Mapping[str, Any],
        model: ModelContainer,
    ) -> None:
        self._world = world
        self._scope = scope
        self._endpoint = endpoint
        self._model = model
        self._turns = itertools.count()
        self._images: list[PulledImage] = []
        self.name: str = config["VariantName"]
        self.weight: float = config.get("InitialVariantWeight", 1.0)
        self._startup_s = world.settings.scaled(
            config.get("ContainerStartupHealthCheckTimeoutInSeconds") or _STARTUP_S
        )
        self._instances = [self._instance() for _ in range(config["InitialInstanceCount"])]

    @property
    def count(self) -> int:
        """The number of instances."""
        return len(self._instances)

    def start(self) -> None:
        """Start every instance and wait until all are healthy; raises PlatformError."""
        self._bring_up(self._instances)

    def resize(self, count: int) -> None:
        """Start or stop instances; raises PlatformError if new ones are not healthy."""
        fresh = [self._instance() for _ in range(count - self.count)]
        self._bring_up(fresh)
        for instance in fresh:
            instance.keep_alive(self._startup_s)
        surplus = self._instances[count:]
        self._instances = [*self._instances[:count], *fresh]
        _stop(surplus)

    def keep_alive(self) -> None:
        """Restart containers whenever they end."""
        for instance in self._instances:
            instance.keep_alive(self._startup_s)

    def stop(self) -> None:
        """End every instance."""
        _stop(self._instances)

    def pick(self) -> Instance | None:
        """Choose a healthy instance, in turn; None if there is none."""
        healthy = [instance for instance in self._instances if instance.healthy]
        return healthy[next(self._turns) % len(healthy)] if healthy else None

    def describe(self) -> dict[str, Any]:
        """Make the entry in DescribeEndpoint's ProductionVariants."""
        images = {image.uri: image.resolved_uri for image in self._images}
        now = datetime.now(timezone.utc)
        deployed = [
            {"SpecifiedImage": uri, "ResolvedImage": resolved, "ResolutionTime": now}
            for uri, resolved in images.items()
        ]
        return {
            "VariantName": self.name,
            "DeployedImages": deployed,
            "CurrentWeight": self.weight,
            "DesiredWeight": self.weight,
            "CurrentInstanceCount": self.count,
            "DesiredInstanceCount": self.count,
        }

    def _instance(self) -> Instance:
        number = f"i-{uuid.uuid4().hex[:17]}"
        group, stream = f"{ENDPOINT_GROUP}/{self._endpoint}", f"{self.name}/{number}"
        as_role = self._world.cloud.acting_as(self._scope, self._model.role)
        log = LogStream(as_role.logs(self._scope), group, stream)
        folder = self._world.settings.work / "endpoints" / number
        return Instance(self._world, self._scope, self._model, folder, log)

    def _bring_up(self, instances: list[Instance]) -> None:
        if not instances:
            return
        with ThreadPoolExecutor(max_workers=len(instances)) as pool:
            self._images.extend(pool.map(lambda instance: instance.start(), instances))
            healthy = list(pool.map(lambda i: i.wait_healthy(self._startup_s), instances))
        if not all(healthy):
            raise PlatformError(
                f"The primary container for production variant {self.name} did not pass the ping "
                "health check. Please check CloudWatch logs for this endpoint."
            )


class Fleet:
    """All variants of one endpoint configuration."""

    def __init__(self, config: Mapping[str, Any], variants: Iterable[Variant]) -> None:
        self.config = config
        self.variants = list(variants)

    @property
    def config_name(self) -> str:
        """The endpoint configuration's name."""
        name: str = self.config["EndpointConfigName"]
        return name

    def start(self) -> None:
        """Start all instances and wait until healthy; otherwise stop and raise PlatformError."""
        try:
            with ThreadPoolExecutor(max_workers=len(self.variants)) as pool:
                list(pool.map(lambda variant: variant.start(), self.variants))
        except PlatformError:
            self.stop()
            raise
        for variant in self.variants:
            variant.keep_alive()

    def stop(self) -> None:
        """End everything."""
        for variant in self.variants:
            variant.stop()

    def variant(self, name: str) -> Variant:
        """Find a variant by name; raises ValidationError if it does not exist."""
        for variant in self.variants:
            if variant.name == name:
                return variant
        raise ValidationError(f"Could not find variant {name}.")

    def choose(self) -> Variant:
        """Choose a variant by weight."""
        weights = [variant.weight for variant in self.variants]
        if not any(weights):
            return self.variants[0]
        return random.choices(self.variants, weights)[0]  # noqa: S311 - traffic, no secret


def _stop(instances: list[Instance]) -> None:
    if instances:
        with ThreadPoolExecutor(max_workers=len(instances)) as pool:
            list(pool.map(lambda instance: instance.stop(), instances))
