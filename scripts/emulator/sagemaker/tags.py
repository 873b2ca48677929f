"""Tags of the emulator's own resources; moto keeps the tags of its resources."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from emulator.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MOST = 50


class Tags:
    """Tags by ARN."""

    def __init__(self) -> None:
        self._tags: defaultdict[str, dict[str, str]] = defaultdict(dict)

    def put(self, arn: str, tags: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
        """Add tags, replacing those of the same key; raises ValidationError beyond 50."""
        merged = {**self._tags[arn], **{tag["Key"]: tag["Value"] for tag in tags}}
        if len(merged) > _MOST:
            raise ValidationError(f"{arn} would have more than {_MOST} tags.")
        self._tags[arn] = merged
        return self.of(arn)

    def remove(self, arn: str, keys: Iterable[str]) -> None:
        """Remove tags by key."""
        for key in keys:
            self._tags[arn].pop(key, None)

    def of(self, arn: str) -> list[dict[str, str]]:
        """Return the tags as the API does."""
        return [{"Key": key, "Value": value} for key, value in self._tags[arn].items()]

    def forget(self, arn: str) -> None:
        """Remove all tags of a deleted resource."""
        self._tags.pop(arn, None)
