"""What the kit has made for one endpoint: found by name, believed by tag; never anybody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from matlab_sagemaker import digest, resources
from matlab_sagemaker.aws import hosting, session
from matlab_sagemaker.plan import FoundMade

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matlab_sagemaker.aws.session import Aws


def find(aws: Aws, project: str, endpoint: str) -> FoundMade:
    """Return the configurations and models that deploy has made for `endpoint` of `project`."""
    return FoundMade(
        configs=_ours(aws, "EndpointConfig", project, endpoint),
        models=_ours(aws, "Model", project, endpoint),
    )


_Kind = Literal["EndpointConfig", "Model"]


def _ours(aws: Aws, kind: _Kind, project: str, endpoint: str) -> tuple[str, ...]:
    """Return the names of a kind whose tags name both; the tags of nothing else are read."""
    stem = resources.stem(endpoint)
    return tuple(
        sorted(
            name
            for name, arn in _named(aws, kind, stem)
            if name.startswith(stem) and len(name) == len(stem) + digest.KEY_LENGTH
            if _is_of(hosting.tags_of(aws, arn), project, endpoint)
        )
    )


def _is_of(facts: dict[str, str], project: str, endpoint: str) -> bool:
    return facts.get("project") == project and facts.get("endpoint") == endpoint


def _named(aws: Aws, kind: _Kind, stem: str) -> Iterator[tuple[str, str]]:
    """Yield name and ARN of all of a kind in whose names `stem` occurs."""
    with session.explained(f"listing what {stem}… names"):
        if kind == "Model":
            for models in aws.sagemaker.get_paginator("list_models").paginate(NameContains=stem):
                yield from ((item["ModelName"], item["ModelArn"]) for item in models["Models"])
            return
        pages = aws.sagemaker.get_paginator("list_endpoint_configs").paginate(NameContains=stem)
        for page in pages:
            for item in page["EndpointConfigs"]:
                yield item["EndpointConfigName"], item["EndpointConfigArn"]
