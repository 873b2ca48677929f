"""What started the workflow: the pull request among GitHub's events. Pure.

Source: https://docs.github.com/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class PullRequest:
    """The pull request that a run is about."""

    number: int
    commit: str  # its newest; the runner works on a merge of it that nobody else has seen
    is_from_fork: bool


def pull_request(event: Mapping[str, Any], repository: str) -> PullRequest | None:
    """Return the pull request of an event in `repository` (owner/name), or None without one."""
    details = event.get("pull_request")
    if not details:
        return None
    head = details["head"]
    source = (head["repo"] or {}).get("full_name", "")  # a deleted fork is null
    return PullRequest(details["number"], head["sha"], source.lower() != repository.lower())
