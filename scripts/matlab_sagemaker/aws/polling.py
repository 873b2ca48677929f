"""Decides how often to ask AWS: often at first, then less and less, with random variation.

boto3's own waiters ask every 30 s to 120 s, and treat a stopped job or a rollback as success.
"""

from __future__ import annotations

import math
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from matlab_sagemaker.errors import UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Answer = TypeVar("Answer")

FIRST, LONGEST, GROWTH = 0.3, 4.5, 1.4  # seconds, seconds, factor
SLOWER, FASTER = 2.0, 0.95  # factors of the longest pause, after throttling and otherwise
THROTTLED_LONGEST = 60.0  # seconds, if all runs together exceed the account's request quota
PATIENCE_S = 300.0  # how long AWS may be unreachable while we wait


class Clock(Protocol):
    """The part of the module `time` that waiting needs."""

    def monotonic(self) -> float:
        """Return seconds since an arbitrary start."""

    def sleep(self, seconds: float, /) -> None:
        """Wait."""


@dataclass
class Pace:
    """The pauses between requests: they grow to LONGEST, and beyond that while AWS throttles."""

    pause: float = FIRST
    longest: float = LONGEST

    def next(self, *, busy: bool = False) -> float:
        """Return the next pause, in seconds; `busy`: the last request had to be repeated."""
        changed = self.longest * (SLOWER if busy else FASTER)
        self.longest = min(max(changed, LONGEST), THROTTLED_LONGEST)
        now = self.longest if busy else min(self.pause, self.longest)
        self.pause = min(now * GROWTH, self.longest)
        return now * random.uniform(0.8, 1.2)  # noqa: S311 (jitter, not a secret)


def ticks(limit_s: float = math.inf, clock: Clock = time) -> Iterator[None]:
    """Yield at once and then after each pause, until `limit_s` seconds have passed."""
    yield from looks(lambda: None, limit_s, clock)


def looks(
    look: Callable[[], Answer], limit_s: float = math.inf, clock: Clock = time
) -> Iterator[Answer]:
    """Yield the result of `look`, at once and after each pause, until `limit_s` seconds are over.

    While AWS cannot be reached, nothing is yielded; after five minutes of that, the last
    UnreachableError is raised.
    """
    pace, began, failing_since = Pace(), clock.monotonic(), math.inf
    while True:
        try:
            answer = look()
        except UnreachableError:
            failing_since = min(failing_since, clock.monotonic())
            if clock.monotonic() - failing_since > PATIENCE_S:
                raise
            pause = pace.next(busy=True)
        else:
            failing_since = math.inf
            yield answer
            pause = pace.next(busy=_was_asked_again(answer))
        clock.sleep(pause)
        if clock.monotonic() - began > limit_s:
            return


def _was_asked_again(answer: Any) -> bool:
    """Whether botocore had to repeat the request, because AWS was busy or the connection broke."""
    metadata = answer.get("ResponseMetadata", {}) if isinstance(answer, dict) else {}
    return bool(metadata.get("RetryAttempts"))
