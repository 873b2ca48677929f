"""A pool of Octave workers: starts them, gives them requests, and replaces those that end.

A worker is ready when its handler has answered a ping. One that ends is replaced: at once if it has
answered a request or was stopped at a request's time limit, otherwise after growing pauses. If
START_ATTEMPTS starts in a row fail and no worker is left, the pool gives up, because more attempts
do not help: the container needs other code or another model.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from server.frames import AnswerError, Request
from server.worker import WorkerDiedError, WorkerTimeoutError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from server.frames import Response
    from server.worker import Worker

START_ATTEMPTS = 4
FIRST_DELAY_S = 0.25
LONGEST_DELAY_S = 15.0
START_TIMEOUT_S = 240.0  # SageMaker allows a container 8 minutes to answer its first ping
STOP_GRACE_S = 0.5  # an idle worker needs a tenth of it
PING = Request("GET", "/ping")

log = logging.getLogger("server")


class UnavailableError(Exception):
    """No worker can answer the request."""


class Pool:
    """Up to `size` workers that answer one request each at a time."""

    def __init__(self, start: Callable[[], Awaitable[Worker]], size: int, timeout_s: float) -> None:
        self._start = start
        self._size = size
        self._timeout_s = timeout_s
        self._free: asyncio.Queue[Worker | None] = asyncio.Queue()  # None: no more will come
        self._workers: set[Worker] = set()  # every process, ready or not
        self._ready: set[Worker] = set()
        self._first_ready = asyncio.Event()
        self._failures = 0  # failed starts in a row, of any worker
        self._hopeless = False
        self._keepers: set[asyncio.Task[None]] = set()
        self._answers: set[asyncio.Task[Response]] = set()

    def open(self) -> None:
        """Begin to start the workers; none is ready yet."""
        self._keepers = {asyncio.create_task(self._keep(n)) for n in range(self._size)}

    def ready(self) -> bool:
        """Whether a worker is ready, computing or not."""
        return bool(self._ready)

    def given_up(self) -> bool:
        """Whether no worker is left and none will be started."""
        return self._hopeless

    async def answer(self, request: Request) -> Response:
        """Answer with the next free worker.

        Raises AnswerError, UnavailableError, WorkerDiedError or WorkerTimeoutError. If the caller
        is cancelled while a worker computes, the worker goes on undisturbed.
        """
        worker = await self._take()
        computing = asyncio.create_task(self._compute(worker, request))
        self._answers.add(computing)
        computing.add_done_callback(self._forget)
        return await asyncio.shield(computing)

    async def close(self) -> None:
        """End every worker, computing or not."""
        for task in (*self._keepers, *self._answers):
            task.cancel()
        await asyncio.gather(*(worker.stop(STOP_GRACE_S) for worker in self._workers))

    def _forget(self, answer: asyncio.Task[Response]) -> None:
        self._answers.discard(answer)
        if not answer.cancelled():
            answer.exception()  # nobody else reads it if the caller was cancelled

    async def _take(self) -> Worker:
        try:
            return await asyncio.wait_for(self._next_alive(), self._timeout_s)
        except asyncio.TimeoutError:
            raise UnavailableError(f"no worker was free for {self._timeout_s:g} s") from None

    async def _next_alive(self) -> Worker:
        while True:
            worker = await self._free.get()
            if worker is None:
                self._free.put_nowait(None)  # for the next caller that waits
                raise UnavailableError("no worker could be started; the log says why")
            if worker.alive():
                return worker

    async def _compute(self, worker: Worker, request: Request) -> Response:
        try:
            return await worker.answer(request, self._timeout_s)
        except WorkerTimeoutError:
            self._ready.discard(worker)
            worker.answered += 1  # the request's fault, so start the next worker at once
            raise
        except WorkerDiedError:
            self._ready.discard(worker)
            raise
        finally:
            if worker in self._ready:
                worker.answered += 1
                self._free.put_nowait(worker)

    async def _keep(self, number: int) -> None:
        """Restart a worker until the pool gives up; the first worker starts before the others."""
        if number > 0:
            await self._first_ready.wait()
        setbacks = 0  # workers in a row that answered no request
        while not self._hopeless:
            answered = await self._run_worker(number)
            setbacks = 0 if answered else setbacks + 1
            await asyncio.sleep(delay_s(setbacks))

    async def _run_worker(self, number: int) -> bool:
        """Start a worker and wait for its end; return whether it answered a request."""
        try:
            worker = await self._start()
        except OSError as error:  # no memory, or too many processes
            log.error("Worker %d cannot be started: %s", number, error)  # noqa: TRY400
            self._count_failure()
            return False
        self._workers.add(worker)
        await self._live(worker, number)
        self._workers.discard(worker)
        return worker.answered > 0

    async def _live(self, worker: Worker, number: int) -> None:
        """Follow a worker from its start to its end."""
        problem = await ping(worker)
        if problem:
            log.error("Worker %d (process %d) did not get ready: %s", number, worker.pid, problem)
            worker.kill()
            await worker.wait()
            self._count_failure()
        else:
            log.info("Worker %d (process %d) is ready.", number, worker.pid)
            self._failures = 0
            self._ready.add(worker)
            self._free.put_nowait(worker)
            self._first_ready.set()
            await self._lose(worker, number)

    def _count_failure(self) -> None:
        self._failures += 1
        if self._failures >= START_ATTEMPTS and not self._ready:
            self._hopeless = True
            self._free.put_nowait(None)
            log.error("No worker could be started %d times in a row: giving up.", self._failures)

    async def _lose(self, worker: Worker, number: int) -> None:
        code = await worker.wait()
        self._ready.discard(worker)
        end = f"with exit code {code}" if code >= 0 else f"by signal {-code}"
        log.error("Worker %d (process %d) ended %s.", number, worker.pid, end)


async def ping(worker: Worker) -> str | None:
    """Return why a new worker is not ready; None if it is."""
    try:
        response = await worker.answer(PING, START_TIMEOUT_S)
    except (AnswerError, WorkerDiedError, WorkerTimeoutError) as error:
        return str(error)
    if response.code == 200:
        return None
    return f"its handler answered a ping with {response.code}: {response.body[:500]!r}"


def delay_s(setbacks: int) -> float:
    """Return the pause in seconds after this many setbacks in a row."""
    return min(FIRST_DELAY_S * 2 ** (setbacks - 1), LONGEST_DELAY_S) if setbacks else 0.0
