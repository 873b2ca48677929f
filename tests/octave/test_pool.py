"""The pool without Octave: a system without free processes, and requests that never end."""

from __future__ import annotations

import asyncio
import errno
import time
from typing import TYPE_CHECKING

import pytest

from server.frames import Request, Response
from server.pool import PING, START_ATTEMPTS, Pool, UnavailableError
from server.worker import WorkerTimeoutError

if TYPE_CHECKING:
    from server.worker import Worker

REQUEST = Request("POST", "/invocations")


def test_a_system_without_processes_is_tried_again_and_then_given_up():
    attempts = []

    async def start() -> Worker:
        attempts.append(1)
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    async def serve() -> None:
        pool = Pool(start, 1, timeout_s=20)
        pool.open()
        with pytest.raises(UnavailableError, match="no worker could be started"):
            await pool.answer(REQUEST)
        assert pool.given_up()
        assert not pool.ready()
        await pool.close()

    asyncio.run(serve())
    assert len(attempts) == START_ATTEMPTS


class HangingWorker:
    """A worker that answers pings, and is stopped at the time limit of each request."""

    pid, answered = 1, 0

    def __init__(self) -> None:
        self._ended = asyncio.Event()

    async def answer(self, request: Request, _timeout_s: float) -> Response:
        if request is PING:
            return Response(200)
        self._ended.set()
        raise WorkerTimeoutError("no answer")

    def alive(self) -> bool:
        return not self._ended.is_set()

    async def wait(self) -> int:
        await self._ended.wait()
        return -9

    async def stop(self, _grace_s: float) -> None:
        self._ended.set()


def test_requests_over_their_time_end_themselves_and_not_the_pool():
    async def start() -> HangingWorker:
        return HangingWorker()

    async def serve() -> None:
        pool = Pool(start, 1, timeout_s=20)
        pool.open()
        for _ in range(20):
            with pytest.raises(WorkerTimeoutError):
                await pool.answer(REQUEST)
        await pool.close()

    began = time.monotonic()
    asyncio.run(serve())
    assert time.monotonic() - began < 1
