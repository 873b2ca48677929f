"""Copies the output of containers to CloudWatch Logs; always reads it, so no program blocks."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_logs.type_defs import InputLogEventTypeDef

    Seen = Callable[[str], None]

TRAINING_GROUP = "/aws/sagemaker/TrainingJobs"
ENDPOINT_GROUP = "/aws/sagemaker/Endpoints"
_CHUNK = 1 << 16
_EVENT_BYTES = 200_000
"""A longer line becomes several events; CloudWatch accepts 256 KiB less 26 bytes."""
_BATCH_EVENTS = 10_000
_STREAM_BYTES = 64 << 20
"""Logs are kept in memory: lines beyond this limit are dropped, and the log says so."""


class Output(Protocol):
    """A container's output: a pipe, or Docker's stream."""

    def read1(self, size: int = -1, /) -> bytes:
        """Wait for output and return it; empty at the end."""

    def close(self) -> None:
        """Stop reading."""


class LogStream:
    """One stream of a log group; creates both if they do not exist."""

    def __init__(self, client: CloudWatchLogsClient, group: str, name: str) -> None:
        self._client = client
        self._group = group
        self._name = name
        self._bytes = 0
        self._lock = threading.Lock()
        _create(client.create_log_group, logGroupName=group)
        _create(client.create_log_stream, logGroupName=group, logStreamName=name)

    def write(self, lines: list[str]) -> None:
        """Send lines; errors go to standard error and never stop a container."""
        with self._lock:
            kept = self._within_limit(lines)
            now = int(time.time() * 1000)
            for start in range(0, len(kept), _BATCH_EVENTS):
                batch = kept[start : start + _BATCH_EVENTS]
                self._put([{"timestamp": now, "message": line or " "} for line in batch])

    def _within_limit(self, lines: list[str]) -> list[str]:
        if self._bytes > _STREAM_BYTES:
            return []
        self._bytes += sum(len(line) + 26 for line in lines)
        if self._bytes > _STREAM_BYTES:
            return [*lines, f"[emulator] log cut here after {_STREAM_BYTES >> 20} MiB"]
        return lines

    def _put(self, events: list[InputLogEventTypeDef]) -> None:
        try:
            self._client.put_log_events(
                logGroupName=self._group, logStreamName=self._name, logEvents=events
            )
        except (BotoCoreError, ClientError) as error:
            print(f"emulator: log lines of {self._name} lost: {error}", file=sys.stderr)


def pump(output: Output, stream: LogStream, seen: Seen | None = None) -> threading.Thread:
    """Copy an output to a stream in the background until its end, each line as it comes."""

    def copy() -> None:
        for lines in _line_batches(output):
            if seen is not None:
                for line in lines:
                    seen(line)
            stream.write(lines)
        output.close()

    thread = threading.Thread(target=copy, name="log-pump", daemon=True)
    thread.start()
    return thread


def _line_batches(output: Output) -> Iterator[list[str]]:
    """Yield the lines that have arrived; bytes that are not UTF-8 are replaced."""
    rest = b""
    while chunk := output.read1(_CHUNK):
        *whole, rest = (rest + chunk).split(b"\n")
        if len(rest) >= _EVENT_BYTES:
            whole, rest = [*whole, rest], b""
        if whole:
            yield [piece for line in whole for piece in _pieces(line)]
    if rest:
        yield list(_pieces(rest))


def _pieces(line: bytes) -> Iterator[str]:
    for start in range(0, max(len(line), 1), _EVENT_BYTES):
        yield line[start : start + _EVENT_BYTES].decode(errors="replace").rstrip("\r")


def _create(create: Callable[..., object], **names: str) -> None:
    """Create it if missing; a role that may not write logs runs without them, as on SageMaker."""
    try:
        create(**names)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "AccessDeniedException":
            print(f"emulator: no log {' '.join(names.values())}: {error}", file=sys.stderr)
        elif code != "ResourceAlreadyExistsException":
            raise
