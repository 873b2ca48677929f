"""The kit's tags: by them people find what it made, and it knows what is its own. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PREFIX = "matlab-sagemaker:"


def of(facts: Mapping[str, str]) -> list[dict[str, str]]:
    """Return facts, such as project and key, as tags of a request."""
    return [{"Key": PREFIX + name, "Value": value} for name, value in facts.items()]


def facts(tags: Iterable[Mapping[str, object]]) -> dict[str, str]:
    """Return what the kit's own among `tags` say; all others are the user's."""
    texts = {str(tag["Key"]): str(tag["Value"]) for tag in tags}
    own = {key: text for key, text in texts.items() if key.startswith(PREFIX)}
    return {key.removeprefix(PREFIX): text for key, text in own.items()}
