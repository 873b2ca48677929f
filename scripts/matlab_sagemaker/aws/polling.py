"""How often to ask AWS again: soon at first, then ever more rarely, never all at the same moment.

boto3's waiters ask every 30 s to 120 s and count a stopped job and a roll-back as success.
"""

from __future__ import annotations

import math
import random
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST, LONGEST, GROWTH = 0.3, 10.0, 1.4  # seconds, seconds, factor


def ticks(limit_s: float = math.inf) -> Iterator[None]:
    """Yield at once, and then after each pause, until `limit_s` seconds are over."""
    pause, end = FIRST, time.monotonic() + limit_s
    while True:
        yield
        time.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 (jitter, not a secret)
        if time.monotonic() > end:
            return
        pause = min(pause * GROWTH, LONGEST)
