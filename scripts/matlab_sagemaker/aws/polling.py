"""How often to ask AWS again: soon at first, then ever more rarely, never all at the same moment.

boto3's waiters ask every 30 s to 120 s and count a stopped job and a roll-back as success.
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
SLOWER, FASTER = 2.0, 0.95  # factors of the longest pause, when AWS is too busy and when not
THROTTLED_LONGEST = 60.0  # seconds, while all that ask at once are too many for the account's quota
PATIENCE_S = 300.0  # how long AWS may be out of reach while we wait


class Clock(Protocol):
    """What the waiting needs of the module `time`."""

    def monotonic(self) -> float:
        """Return the seconds since some moment."""

    def sleep(self, seconds: float, /) -> None:
        """Wait."""


@dataclass
class Pace:
    """The pauses between looks: they grow at first, and far beyond that while AWS throttles."""

    pause: float = FIRST
    longest: float = LONGEST

    def next(self, *, busy: bool = False) -> float:
        """Return the next pause; `busy`: AWS had to be asked more than once for the last answer."""
        changed = self.longest * (SLOWER if busy else FASTER)
        self.longest = min(max(changed, LONGEST), THROTTLED_LONGEST)
        now = self.longest if busy else min(self.pause, self.longest)
        self.pause = min(now * GROWTH, self.longest)
        return now * random.uniform(0.8, 1.2)  # noqa: S311 (jitter, not a secret)


def ticks(limit_s: float = math.inf, clock: Clock = time) -> Iterator[None]:
    """Yield at once, and then after each pause, until `limit_s` seconds are over."""
    yield from looks(lambda: None, limit_s, clock)


def looks(
    look: Callable[[], Answer], limit_s: float = math.inf, clock: Clock = time
) -> Iterator[Answer]:
    """Yield what `look` returns, at once and after each pause, until `limit_s` seconds are over.

    A look for which AWS cannot be reached is passed over; after five minutes of nothing else its
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
    """Tell whether botocore had to send the request again: AWS was busy, or the line broken."""
    metadata = answer.get("ResponseMetadata", {}) if isinstance(answer, dict) else {}
    return bool(metadata.get("RetryAttempts"))
