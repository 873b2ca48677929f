"""The record of an endpoint: its status, its fleets, and which of them answers a request."""

from __future__ import annotations

import random
import threading
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from emulator.errors import ValidationError

if TYPE_CHECKING:
    from emulator.cloud import Scope

    from .fleet import Fleet, Variant


class Endpoint:
    """One endpoint. Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html."""

    def __init__(self, scope: Scope, name: str, config_name: str, deployment: Any) -> None:
        self.scope = scope
        self.name = name
        self.arn = scope.arn("endpoint", name)
        self.fleet: Fleet | None = None
        self._green: Fleet | None = None
        self._green_share = 0.0
        self._status = "Creating"
        self._config_name = config_name
        self._wanted = config_name
        self._failure_reason: str | None = None
        self._deployment = deployment
        self._lock = threading.RLock()
        self._created = self._modified = datetime.now(timezone.utc)

    @property
    def status(self) -> str:
        """EndpointStatus."""
        return self._status

    @property
    def config_name(self) -> str:
        """EndpointConfigName: the old one, until a deployment has succeeded."""
        return self._config_name

    @property
    def last_deployment(self) -> Any:
        """The DeploymentConfig of the last deployment."""
        return self._deployment

    def begin(
        self, status: str, *, allowed: tuple[str, ...], config_name: str | None = None
    ) -> None:
        """Enter Updating or Deleting; raises ValidationError during another change."""
        with self._lock:
            if self._status not in allowed:
                raise ValidationError(f'Cannot update in-progress endpoint "{self.arn}".')
            self._wanted = config_name or self._config_name
            if status == "Updating":
                self._failure_reason = None
            self._enter(status)

    def route(self, green: Fleet, share: float) -> None:
        """Send a share of the traffic to a new fleet."""
        with self._lock:
            self._green, self._green_share = green, share

    def serve(self, fleet: Fleet, deployment: Any = None) -> None:
        """Enter InService with only this fleet."""
        with self._lock:
            self.fleet, self._green, self._green_share = fleet, None, 0.0
            self._config_name = self._wanted = fleet.config_name
            self._deployment = deployment or self._deployment
            self._enter("InService")

    def use(self, deployment: Any) -> None:
        """Record the DeploymentConfig of the deployment that begins."""
        self._deployment = deployment

    def fail(self, reason: str) -> None:
        """End the creation with status Failed."""
        with self._lock:
            self._failure_reason = reason
            self._enter("Failed")

    def roll_back(self, reason: str) -> None:
        """Send all traffic to the old fleet again."""
        with self._lock:
            self._green, self._green_share = None, 0.0
            self._failure_reason = reason
            self._enter("RollingBack")

    def rolled_back(self) -> None:
        """Enter InService with the old fleet, and keep the reason for the failure."""
        with self._lock:
            self._wanted = self._config_name
            self._enter("InService")

    def choose(self, target: str | None) -> Variant | None:
        """Choose the variant that answers; None if there is none. Raises ValidationError."""
        with self._lock:
            green = self._green if random.random() < self._green_share else None  # noqa: S311
            fleet = green or self.fleet
        if fleet is None:
            return None
        return fleet.variant(target) if target else fleet.choose()

    def take_fleets(self) -> list[Fleet]:
        """Remove and return all fleets; the caller stops them."""
        with self._lock:
            fleets = [fleet for fleet in (self.fleet, self._green) if fleet]
            self.fleet, self._green = None, None
        return fleets

    def summary(self) -> dict[str, Any]:
        """Make the entry in ListEndpoints."""
        return {
            "EndpointName": self.name,
            "EndpointArn": self.arn,
            "CreationTime": self._created,
            "LastModifiedTime": self._modified,
            "EndpointStatus": self._status,
        }

    def describe(self) -> dict[str, Any]:
        """Make the answer to DescribeEndpoint."""
        with self._lock:
            variants = (
                [variant.describe() for variant in self.fleet.variants] if self.fleet else None
            )
            config = self.fleet.config if self.fleet else {}
            return {
                **self.summary(),
                "EndpointConfigName": self._config_name,
                "ProductionVariants": variants,
                "DataCaptureConfig": config.get("DataCaptureConfig"),
                "FailureReason": self._failure_reason,
                "LastDeploymentConfig": self._deployment,
                "PendingDeploymentSummary": self._pending(),
            }

    def _pending(self) -> dict[str, Any] | None:
        if self._status not in {"Updating", "RollingBack"} or self._wanted == self._config_name:
            return None
        return {"EndpointConfigName": self._wanted, "StartTime": self._modified}

    def _enter(self, status: str) -> None:
        self._status = status
        self._modified = datetime.now(timezone.utc)
