"""What the kit has made for one endpoint: found by name, believed by tag; never anybody else's."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Literal

from matlab_sagemaker import digest, resources
from matlab_sagemaker.aws import hosting, session
from matlab_sagemaker.plan import FoundMade, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.plan import FoundEndpoint

    Ours = tuple[str, str, dict[str, str]]  # a name, its ARN, and what its tags say


def find(aws: Aws, project: str, endpoint: str) -> FoundMade:
    """Return the configurations and models that deploy has made for `endpoint` of `project`."""
    return FoundMade(
        configs=_names(_ours(aws, "EndpointConfig", project, endpoint)),
        models=_names(_ours(aws, "Model", project, endpoint)),
    )


def with_record(aws: Aws, project: str, endpoint: str, found: FoundEndpoint) -> FoundEndpoint:
    """Return the endpoint with its record also where it is not there.

    A run that was killed while it made it anew has kept that with a configuration; of several the
    newest counts, which comes first.
    """
    if found.status:
        return found
    facts = next((facts for _, _, facts in _with_records(aws, project, endpoint)), {})
    return dataclasses.replace(found, facts=facts)


def keepers(aws: Aws, project: str, endpoint: str) -> dict[str, str]:
    """Return the configurations with which a record of the endpoint is kept, and their ARNs."""
    return {name: arn for name, arn, _ in _with_records(aws, project, endpoint)}


def _with_records(aws: Aws, project: str, endpoint: str) -> Iterator[Ours]:
    for name, arn, facts in _ours(aws, "EndpointConfig", project, endpoint):
        if any(Record.of(facts).facts.values()):
            yield name, arn, facts


_Kind = Literal["EndpointConfig", "Model"]


def _ours(aws: Aws, kind: _Kind, project: str, endpoint: str) -> Iterator[Ours]:
    """Yield what of a kind has tags that name both; the tags of nothing else are read."""
    stem = resources.stem(endpoint)
    for name, arn in _named(aws, kind, stem):
        if name.startswith(stem) and len(name) == len(stem) + digest.KEY_LENGTH:
            facts = hosting.tags_of(aws, arn)
            if _is_of(facts, project, endpoint):
                yield name, arn, facts


def _names(ours: Iterable[Ours]) -> tuple[str, ...]:
    return tuple(sorted(name for name, _, _ in ours))


def _is_of(facts: dict[str, str], project: str, endpoint: str) -> bool:
    return facts.get("project") == project and facts.get("endpoint") == endpoint


def _named(aws: Aws, kind: _Kind, stem: str) -> Iterator[tuple[str, str]]:
    """Yield name and ARN of all of a kind in whose names `stem` occurs."""
    with session.explained(f"listing what {stem}… names"):
        if kind == "Model":
            for models in aws.sagemaker.get_paginator("list_models").paginate(NameContains=stem):
                yield from ((item["ModelName"], item["ModelArn"]) for item in models["Models"])
            return
        pages = aws.sagemaker.get_paginator("list_endpoint_configs").paginate(
            NameContains=stem, SortBy="CreationTime", SortOrder="Descending"
        )
        for page in pages:
            for item in page["EndpointConfigs"]:
                yield item["EndpointConfigName"], item["EndpointConfigArn"]
