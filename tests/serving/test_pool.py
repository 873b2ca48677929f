"""The pool where a system is out of processes, which no test can bring about for real."""

from __future__ import annotations

import asyncio
import errno
from typing import TYPE_CHECKING

import pytest

from server.frames import Request
from server.pool import START_ATTEMPTS, Pool, UnavailableError

if TYPE_CHECKING:
    from server.worker import Worker


def test_a_system_without_processes_is_tried_again_and_then_given_up():
    attempts = []

    async def start() -> Worker:
        attempts.append(1)
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    async def serve() -> None:
        pool = Pool(start, 1, timeout_s=20)
        pool.open()
        with pytest.raises(UnavailableError, match="no worker could be started"):
            await pool.answer(Request("POST", "/invocations"))
        assert pool.given_up()
        assert not pool.ready()
        await pool.close()

    asyncio.run(serve())
    assert len(attempts) == START_ATTEMPTS
