"""SageMaker's inference contract as an ASGI application; /ping never waits for a worker.

Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from server.frames import AnswerError, Request, Response
from server.messages import (
    DisconnectedError,
    NoRoomError,
    TooLargeError,
    as_json,
    drain,
    read_request,
    refusal,
    send_response,
    without_own_headers,
)
from server.pool import UnavailableError
from server.worker import WorkerDiedError, WorkerTimeoutError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from server.messages import Receive, Scope, Send
    from server.pool import Pool
    from server.settings import Settings

GIVEN_UP = 410  # Gone: unlike 503, this is final; for SageMaker, both mean not ready
MAX_REQUESTS = 128  # computing or waiting; more would time out anyway
MAX_HELD = 3 * 1024**3  # bytes of all bodies in memory, including those that are arriving
BODY_S = 60.0  # for a body to arrive; SageMaker allows a request no more time
DRAIN_S = 5.0

log = logging.getLogger("server")


class Application:
    """Answers GET /ping, GET /execution-parameters and POST /invocations."""

    def __init__(self, pool: Pool, settings: Settings) -> None:
        self._pool = pool
        self._settings = settings
        self._requests = 0
        self._held = 0  # bytes of all bodies in memory

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        try:
            await send_response(send, await self._answer(scope, receive))
        except TooLargeError:
            await self._refuse_large(receive, send)
        except DisconnectedError:
            log.info("The client of %s %s disconnected.", scope["method"], scope["path"])

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._pool.open()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._pool.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        match scope["method"], scope["path"]:
            case "GET", "/ping":
                return self._ping()
            case "GET", "/execution-parameters":
                return as_json(execution_parameters(self._settings))
            case "POST", "/invocations":
                return await self._invoke(scope, receive)
            case method, ("/ping" | "/execution-parameters" | "/invocations") as path:
                return refusal(405, f"{path} does not accept {method}.")
            case _, path:
                return refusal(404, f"There is no {path} here, only /ping and /invocations.")

    def _ping(self) -> Response:
        if self._pool.ready():
            return Response(200)
        if self._pool.given_up():
            return refusal(GIVEN_UP, "No worker could be started; the log says why.")
        return refusal(503, "The workers are starting.")

    async def _invoke(self, scope: Scope, receive: Receive) -> Response:
        with self._room() as take:
            reading = read_request(scope, receive, self._settings.max_payload, take)
            try:
                request = await asyncio.wait_for(reading, BODY_S)
            except asyncio.TimeoutError:
                text = f"The body did not arrive within {BODY_S:g} s."
                return failure(408, text, ("Connection", "close"))
            except NoRoomError:
                return failure(503, "The requests would need too much memory. Try again later.")
            if self._requests >= MAX_REQUESTS:
                return failure(503, f"{MAX_REQUESTS} requests are waiting. Try again later.")
            self._requests += 1
            try:
                return await self._compute(request, receive)
            finally:
                self._requests -= 1

    @contextlib.contextmanager
    def _room(self) -> Iterator[Callable[[int], None]]:
        """Yield a function that reserves memory for bytes of one body, or raises NoRoomError."""
        taken = 0

        def take(count: int) -> None:
            nonlocal taken
            if self._held + count > MAX_HELD:
                raise NoRoomError
            self._held += count
            taken += count

        try:
            yield take
        finally:
            self._held -= taken

    async def _compute(self, request: Request, receive: Receive) -> Response:
        """Let a worker answer, unless the client disconnects first."""
        answer = asyncio.ensure_future(self._pool.answer(request))
        gone = asyncio.ensure_future(receive())  # after the body, only a disconnect can come
        try:
            await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                raise DisconnectedError
            return without_own_headers(answer.result())
        except AnswerError as error:
            return failure(500, f"The handler's answer cannot be sent: {error}.")
        except UnavailableError as error:
            return failure(503, f"The request was not computed: {error}.")
        except WorkerDiedError as error:
            return failure(500, f"The worker that computed this request ended: {error}.")
        except WorkerTimeoutError as error:
            return failure(504, f"The worker that computed this request was stopped: {error}.")
        finally:
            answer.cancel()
            gone.cancel()

    async def _refuse_large(self, receive: Receive, send: Send) -> None:
        """Refuse at once, then read the rest of the body: some clients read only after writing."""
        text = f"The body is larger than {self._settings.max_payload_mib} MB."
        response = refusal(413, text, ("Connection", "close"))
        await send_response(send, response, more=True)
        try:
            await asyncio.wait_for(drain(receive), DRAIN_S)
        except asyncio.TimeoutError:
            log.info("A client did not stop sending a body that was refused.")
        await send({"type": "http.response.body"})


def execution_parameters(settings: Settings) -> dict[str, int | str]:
    """Return settings for batch transforms, where concurrency times payload is at most 100 MB.

    Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-batch-code.html
    """
    return {
        "MaxConcurrentTransforms": settings.workers,
        "BatchStrategy": settings.batch_strategy,
        "MaxPayloadInMB": min(settings.max_payload_mib, max(1, 100 // settings.workers)),
    }


def failure(code: int, text: str, *headers: tuple[str, str]) -> Response:
    """Make an error answer, and log it."""
    log.error("%d: %s", code, text)
    return refusal(code, text, *headers)
