"""Follows the log of a job or endpoint in CloudWatch Logs, and shows each line once.

A log that cannot be read never fails a step: a warning line says so, and the step continues.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from matlab_sagemaker.aws import session
from matlab_sagemaker.errors import AwsError, DeniedError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_logs.type_defs import LogStreamTypeDef

    from matlab_sagemaker.aws.session import Aws

# How long it may take until the list of streams shows the time of a stream's last event.
# Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogStream.html
_SHOWN_LATE_MS = 3_600_000
_TELLING = 12  # characters; shorter lines are too common to recognise in a failure's reason


@dataclass(frozen=True, order=True)
class Line:
    """A line of a log, or another message, with its time."""

    moment: float  # seconds since 1970
    text: str


class Follower:
    """Reads the streams of a group whose names begin with `prefix`, from the time `since_s` on.

    An endpoint's group keeps the streams of all containers it ever had; finished ones are skipped.
    Source: https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
    """

    def __init__(self, aws: Aws, group: str, prefix: str = "", since_s: float = 0) -> None:
        self._aws = aws
        self._group = group
        self._prefix: Any = {"logStreamNamePrefix": prefix} if prefix else {}
        self._since_ms = int(since_s * 1000)
        self._tokens: dict[str, str | None] = {}  # stream -> where to continue
        self._seen: set[str] = set()
        self.has_ended = False  # True after AWS has refused access: do not ask again
        self._has_warned = False

    def new_lines(self) -> list[Line]:
        """Read the lines since the last call; none while there is no stream.

        If CloudWatch fails to answer, this returns a warning, and the next call continues there.
        """
        lines: list[Line] = []
        if self.has_ended:
            return lines
        try:
            with session.explained(f"reading the log {self._group}"):
                self._find_streams()
                for stream in self._tokens:
                    lines.extend(self._read(stream))
        except _BROKEN as error:
            if not _is_missing(error):  # the group does not exist before its first line
                self.has_ended = type(error) in _LASTING
                if not self._has_warned:
                    lines.append(Line(time.time(), _unreadable(error)))
                self._has_warned = True
        return lines

    def has_seen(self, reason: str) -> bool:
        """Whether a failure's reason contains a line that was read; AWS adds words around it."""
        return any(len(line) >= _TELLING and line in reason for line in self._seen)

    def _find_streams(self) -> None:
        paginator = self._aws.logs.get_paginator("describe_log_streams")
        pages = paginator.paginate(logGroupName=self._group, **self._prefix)
        for page in pages:
            for stream in page["logStreams"]:
                if _newest_ms(stream) >= self._since_ms - _SHOWN_LATE_MS:
                    self._tokens.setdefault(stream["logStreamName"], None)

    def _read(self, stream: str) -> Iterator[Line]:
        while True:
            token = self._tokens[stream]
            place: Any = {"nextToken": token} if token else {}
            page = self._aws.logs.get_log_events(
                logGroupName=self._group,
                logStreamName=stream,
                startFromHead=True,
                startTime=self._since_ms,
                **place,
            )
            for event in page["events"]:
                self._seen.add(event["message"])
                yield Line(event["timestamp"] / 1000, event["message"])
            self._tokens[stream] = page["nextForwardToken"]
            if page["nextForwardToken"] == token:  # the same token again: no more for now
                return


def last_lines(aws: Aws, group: str, count: int) -> list[str]:
    """Read the newest `count` lines of a group's newest stream."""
    try:
        with session.explained(f"reading the log {group}"):
            streams = aws.logs.describe_log_streams(
                logGroupName=group, orderBy="LastEventTime", descending=True, limit=1
            )["logStreams"]
            names = [stream["logStreamName"] for stream in streams]
            pages = [
                aws.logs.get_log_events(logGroupName=group, logStreamName=name, limit=count)
                for name in names
            ]
    except _BROKEN as error:
        return [] if _is_missing(error) else [_unreadable(error)]
    return [event["message"] for page in pages for event in page["events"]]


def _newest_ms(stream: LogStreamTypeDef) -> int:
    """Return the time of a stream's last known event, in milliseconds since 1970."""
    return max(
        stream.get("creationTime", 0),
        stream.get("lastEventTimestamp", 0),
        stream.get("lastIngestionTime", 0),
    )


# Not even an answer in an unexpected format may fail a step.
_BROKEN = (AwsError, LookupError, TypeError, ValueError, AttributeError)
_LASTING = (AwsError, DeniedError)


def _is_missing(error: Exception) -> bool:
    """Whether the group or stream does not exist (yet, or any more)."""
    said = error.__cause__
    return isinstance(said, ClientError) and session.code(said) == "ResourceNotFoundException"


def _unreadable(error: Exception) -> str:
    now = " just now" if isinstance(error, UnreachableError) else ""
    said = str(error) if isinstance(error, AwsError) else f"CloudWatch's answer: {error!r}"
    return f"warning: the log cannot be shown{now}. " + " ".join(said.split())
