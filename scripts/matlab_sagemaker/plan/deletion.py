"""The plan of a deletion: the endpoint first, then what only it needed; nobody else's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matlab_sagemaker.plan.endpoints import require_own
from matlab_sagemaker.plan.steps import Plan, Step

if TYPE_CHECKING:
    from matlab_sagemaker.plan.endpoints import FoundEndpoint


@dataclass(frozen=True)
class FoundMade:
    """What the kit has made for one endpoint, by name."""

    configs: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


def plan_deletion(name: str, project: str, found: FoundEndpoint, made: FoundMade) -> Plan:
    """Return the steps that remove an endpoint and what was made for it.

    Raises UnsafePlanError where the endpoint is not this project's.
    """
    require_own(name, project, found)
    steps = [Step("delete_endpoint", name, {"EndpointName": name})] if found.status else []
    steps += [
        Step("delete_endpoint_config", config, {"EndpointConfigName": config})
        for config in made.configs
    ]
    steps += [Step("delete_model", model, {"ModelName": model}) for model in made.models]
    if not steps:
        return Plan(f"There is nothing of an endpoint {name}: nothing to do.")
    state = f"is {found.status}" if found.status else "is gone already"
    return Plan(f"Endpoint {name} {state}.", tuple(steps))
