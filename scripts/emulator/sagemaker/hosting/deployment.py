"""Deployments: the old fleet (blue) serves until the new one (green) works, and again if not."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from emulator.errors import PlatformError, ServiceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.sagemaker.world import World

    from .endpoint import Endpoint
    from .fleet import Fleet

_POLL_S = 0.1
TROUBLE = (ServiceError, ClientError, BotoCoreError, OSError)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A DeploymentConfig with its defaults. Times are in seconds, not scaled.

    Source: https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green.html
    """

    shares: tuple[float, ...]
    """Green's share of the traffic in each step; the last is 1."""
    wait_s: float
    termination_wait_s: float
    alarms: tuple[str, ...]

    @classmethod
    def of(cls, config: Mapping[str, Any] | None, instances: int) -> Policy:
        """Fill in the defaults; without a DeploymentConfig, all at once and without baking."""
        config = config or {}
        rolling = config.get("RollingUpdatePolicy")
        policy = config.get("BlueGreenUpdatePolicy") or {}
        routing = policy.get("TrafficRoutingConfiguration") or rolling or {}
        rollback = config.get("AutoRollbackConfiguration") or {}
        return cls(
            shares=_shares(routing, rolling is not None, instances),
            wait_s=routing.get("WaitIntervalInSeconds", 0),
            termination_wait_s=policy.get("TerminationWaitInSeconds", 0),
            alarms=tuple(alarm["AlarmName"] for alarm in rollback.get("Alarms") or []),
        )


def create(endpoint: Endpoint, fleet: Fleet) -> None:
    """Start an endpoint's first fleet; the endpoint is Failed if the fleet is not healthy."""
    try:
        fleet.start()
    except PlatformError as failure:
        endpoint.fail(str(failure))
    except TROUBLE as error:
        endpoint.fail(f"InternalServerError: {error}")
    else:
        endpoint.serve(fleet)


def update(
    world: World, endpoint: Endpoint, green: Fleet, config: Mapping[str, Any] | None
) -> None:
    """Start green, shift the traffic to it step by step, watch the alarms, then end blue."""
    blue = endpoint.fleet
    instances = sum(variant.count for variant in green.variants)
    policy = Policy.of(config, instances)
    try:
        green.start()
        _shift(world, endpoint, green, policy)
    except PlatformError as failure:
        _roll_back(endpoint, green, str(failure))
    except TROUBLE as error:
        _roll_back(endpoint, green, f"InternalServerError: {error}")
    else:
        endpoint.serve(green)
        if blue is not None:
            threading.Thread(target=blue.stop, daemon=True).start()


def _shift(world: World, endpoint: Endpoint, green: Fleet, policy: Policy) -> None:
    for share in policy.shares:
        endpoint.route(green, share)
        _bake(world, endpoint, policy.alarms, policy.wait_s)
    _bake(world, endpoint, policy.alarms, policy.termination_wait_s)


def _bake(world: World, endpoint: Endpoint, alarms: tuple[str, ...], seconds: float) -> None:
    """Wait; raise PlatformError if an alarm goes off."""
    end = time.monotonic() + world.settings.scaled(seconds)
    while True:
        ringing = _ringing(world, endpoint, alarms)
        if ringing:
            names = ", ".join(ringing)
            raise PlatformError(f"One or more configured alarm(s) have been triggered: {names}")
        left = end - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(_POLL_S, left))


def _ringing(world: World, endpoint: Endpoint, alarms: tuple[str, ...]) -> list[str]:
    if not alarms:
        return []
    answer = world.cloud.alarms(endpoint.scope).describe_alarms(AlarmNames=list(alarms))
    states = [*answer["MetricAlarms"], *answer["CompositeAlarms"]]
    return [str(state["AlarmName"]) for state in states if state["StateValue"] == "ALARM"]


def _roll_back(endpoint: Endpoint, green: Fleet, reason: str) -> None:
    endpoint.roll_back(reason)
    green.stop()
    endpoint.rolled_back()


def _shares(routing: Mapping[str, Any], rolling: bool, instances: int) -> tuple[float, ...]:
    if rolling:
        return _steps(_part(routing["MaximumBatchSize"], instances))
    kind = routing.get("Type", "ALL_AT_ONCE")
    if kind == "CANARY":
        return (_part(routing.get("CanarySize"), instances), 1.0)
    if kind == "LINEAR":
        return _steps(_part(routing.get("LinearStepSize"), instances))
    return (1.0,)


def _part(size: Mapping[str, Any] | None, instances: int) -> float:
    if size is None:
        return 1.0
    whole = 100 if size["Type"] == "CAPACITY_PERCENT" else max(instances, 1)
    part: float = min(1.0, size["Value"] / whole)
    return part


def _steps(step: float) -> tuple[float, ...]:
    count = max(1, round(1 / step))
    return (*(min(1.0, step * number) for number in range(1, count)), 1.0)
