"""An Octave process that computes one request at a time, and ends with the server."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from typing import TYPE_CHECKING

from server.frames import LENGTHS, FrameError, decode_lengths, decode_response, encode_request
from source_path import OCTAVE, dying_with_parent, prepare_octave, source_folders

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from server.frames import Request, Response

# There are as many workers as processors, so more threads in each would only slow them down.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
LAST_WORDS_S = 0.2  # for the rest of an answer from a worker that has exited


class WorkerDiedError(Exception):
    """The worker ended before it answered."""


class WorkerTimeoutError(Exception):
    """The worker did not answer in time and was killed."""


class Worker:
    """A running Octave process with a pipe to it and a pipe back."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        replies: asyncio.StreamReader,
        pipe: asyncio.ReadTransport,
    ) -> None:
        self.answered = 0  # requests, without the pool's pings
        self._process = process
        self._replies = replies
        self._pipe = pipe
        self._exited = asyncio.ensure_future(process.wait())
        self._exited.add_done_callback(self._clean_up)

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def alive(self) -> bool:
        """Whether the process still runs."""
        return not self._exited.done()

    async def wait(self) -> int:
        """Wait for the process's end and return its exit code, -n if signal n ended it."""
        return await asyncio.shield(self._exited)

    async def answer(self, request: Request, timeout_s: float) -> Response:
        """Let the worker compute an answer.

        Raises AnswerError, WorkerDiedError or WorkerTimeoutError. After the last two, the worker
        has ended or is ending, and anything it still sends is ignored.
        """
        try:
            return await asyncio.wait_for(self._exchange(encode_request(request)), timeout_s)
        except asyncio.TimeoutError:
            self.kill()
            raise WorkerTimeoutError(f"no answer within {timeout_s:g} s") from None
        except (FrameError, OSError, asyncio.IncompleteReadError) as error:
            self.kill()
            raise WorkerDiedError(await self._describe_end(error)) from error

    async def _exchange(self, frame: bytes) -> Response:
        assert self._process.stdin is not None  # noqa: S101 (it was made with a pipe)
        self._process.stdin.write(frame)
        return await self._read_reply()

    async def _read_reply(self) -> Response:
        head, body = decode_lengths(await self._replies.readexactly(LENGTHS))
        return decode_response(
            await self._replies.readexactly(head), await self._replies.readexactly(body)
        )

    async def _describe_end(self, error: Exception) -> str:
        if isinstance(error, FrameError):
            return f"it was killed: {error}"
        code = await self.wait()
        return f"exit code {code}" if code >= 0 else f"signal {-code}"

    def kill(self) -> None:
        """Kill the process and everything that its handler started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _clean_up(self, _: object) -> None:
        """End what the handler left running, which may also keep the answers' pipe open."""
        self.kill()
        asyncio.get_running_loop().call_later(LAST_WORDS_S, self._pipe.close)

    async def stop(self, grace_s: float) -> None:
        """Close an idle worker's standard input, so that it ends; kill it if it does not."""
        assert self._process.stdin is not None  # noqa: S101 (it was made with a pipe)
        self._process.stdin.close()
        await asyncio.wait({self._exited}, timeout=grace_s)
        self.kill()
        await self.wait()


async def start_worker(root: Path, environ: Mapping[str, str]) -> Worker:
    """Start an Octave process that serves the handler below `root`.

    Raises FileNotFoundError if there is no octave-cli.
    """
    reading, writing = os.pipe()
    try:
        process = await asyncio.create_subprocess_exec(
            *worker_command(root, writing),
            stdin=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=root / "handler",
            env={**ONE_THREAD, **environ},
            pass_fds=(writing,),
            start_new_session=True,
        )
    finally:
        os.close(writing)
    replies = asyncio.StreamReader()
    pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(replies), os.fdopen(reading, "rb")
    )
    return Worker(process, replies, pipe)


def worker_command(root: Path, replies: int) -> list[str]:
    """Make the command of a worker that writes answers to the file descriptor `replies`."""
    folders = [
        *source_folders(root / "handler"),
        *source_folders(root / "compat"),
        *source_folders(root / "matlab"),
        root,
    ]
    statement = f"{prepare_octave(folders)}worker('/dev/fd/{replies}')"
    return dying_with_parent([*OCTAVE, statement])
