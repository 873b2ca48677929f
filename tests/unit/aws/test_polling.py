"""Polling AWS: soon at first, then rarely, and far less often when AWS throttles."""

import heapq
import itertools
import random

import pytest

from matlab_sagemaker.aws import polling
from matlab_sagemaker.errors import UnreachableError

HOUR = 3600


class Clock:
    """Time that passes while somebody sleeps."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


def test_a_jobs_end_is_seen_soon_and_asked_for_seldom(clock):
    looks = [clock.now for _ in polling.looks(dict, 10 * HOUR, clock)]
    pauses = [later - earlier for earlier, later in itertools.pairwise(looks)]
    mean_delay = sum(p * p for p in pauses) / 2 / sum(pauses)
    assert mean_delay <= 2.5
    for start in range(0, 9 * HOUR, 600):
        assert sum(start <= moment < start + HOUR for moment in looks) <= 1200
    assert looks[5] < 4, "a short job is seen at once"


def broken_between(clock, start, end):
    def look():
        if start <= clock.now < end:
            raise UnreachableError("no such name")
        return {"at": clock.now}

    return look


@pytest.mark.parametrize("start", [0, 1, 100, 5000])
def test_five_minutes_without_aws_are_survived(clock, start):
    look = broken_between(clock, start, start + polling.PATIENCE_S)
    seen = [answer["at"] for answer in polling.looks(look, start + 2 * HOUR, clock)]
    later = [moment for moment in seen if moment > start]
    assert start + polling.PATIENCE_S <= later[0] < start + polling.PATIENCE_S + 75


def test_an_outage_that_lasts_is_told_and_each_answer_begins_another(clock):
    look = broken_between(clock, 1000, 9000)
    with pytest.raises(UnreachableError, match="no such name"):
        list(polling.looks(look, clock=clock))
    assert 1000 + polling.PATIENCE_S < clock.now < 1000 + polling.PATIENCE_S + 75
    moments = itertools.cycle([UnreachableError("busy"), None])

    def every_second():
        if error := next(moments):
            raise error

    assert len(list(polling.looks(every_second, 2 * HOUR, Clock()))) > 60


def test_a_limit_ends_the_looks_also_in_an_outage(clock):
    assert list(polling.looks(broken_between(clock, 0, HOUR), 60, clock)) == []
    assert clock.now < 150


@pytest.mark.parametrize("quota", [1, 2, 10])  # calls a second
def test_twenty_that_wait_stay_within_the_quota_and_all_are_answered(quota):
    """Each poll is up to eight requests, with botocore's pauses between them."""
    random.seed(7)  # which the paces ask, too: the same twenty each time
    rng = random.Random(7)
    waiting = [(rng.random(), number, 1) for number in range(20)]
    paces, answered = [polling.Pace() for _ in waiting], [0.0] * len(waiting)
    asked, longest, tokens, before = [], 0.0, 10 * quota, 0.0
    while (now := waiting[0][0]) < 2 * HOUR:
        _, number, attempt = heapq.heappop(waiting)
        tokens, before = min(tokens + (now - before) * quota, 10 * quota), now
        asked.append(now)
        if is_taken := tokens >= 1:
            tokens -= 1
            longest = max(longest, now - answered[number])
            answered[number] = now
        if is_taken or attempt == 8:
            pause, attempt = paces[number].next(busy=attempt > 1), 0
        else:
            pause = rng.random() * min(2 ** (attempt - 1), 20)
        heapq.heappush(waiting, (now + pause, number, attempt + 1))
    assert sum(moment > HOUR for moment in asked) <= 1.15 * quota * HOUR
    assert longest < polling.PATIENCE_S / 2
