"""CloudWatch Logs: follow a job's or an endpoint's lines as they come, each once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from matlab_sagemaker.aws import session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matlab_sagemaker.aws.session import Aws


@dataclass(frozen=True, order=True)
class Line:
    """A line of a log, or what else is said at a moment."""

    moment: float  # seconds since 1970
    text: str


class Follower:
    """Reads the streams of a group whose names begin with `prefix`, from `since_s` or where it was.

    Source: https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
    """

    def __init__(self, aws: Aws, group: str, prefix: str = "", since_s: float = 0) -> None:
        self._aws = aws
        self._group = group
        self._prefix: Any = {"logStreamNamePrefix": prefix} if prefix else {}
        self._since_ms = int(since_s * 1000)
        self._tokens: dict[str, str | None] = {}  # stream -> where to read on
        self._seen: set[str] = set()

    def new_lines(self) -> list[Line]:
        """Return the lines that have come since the last call; none while there is no stream."""
        with session.explained(f"reading the log {self._group}"):
            try:
                self._find_streams()
            except ClientError as error:
                if session.code(error) == "ResourceNotFoundException":
                    return []  # the group is made with the first line
                raise
            return [line for stream in self._tokens for line in self._read(stream)]

    def has_seen(self, text: str) -> bool:
        """Tell whether a line that has come is just this text."""
        return text in self._seen

    def _find_streams(self) -> None:
        paginator = self._aws.logs.get_paginator("describe_log_streams")
        pages = paginator.paginate(logGroupName=self._group, **self._prefix)
        for page in pages:
            for stream in page["logStreams"]:
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
            if page["nextForwardToken"] == token:  # the same token again: the end for now
                return


def last_lines(aws: Aws, group: str, count: int) -> list[str]:
    """Return the newest `count` lines of a group's newest stream."""
    with session.explained(f"reading the log {group}"):
        try:
            streams = aws.logs.describe_log_streams(
                logGroupName=group, orderBy="LastEventTime", descending=True, limit=1
            )["logStreams"]
        except ClientError as error:
            if session.code(error) == "ResourceNotFoundException":
                return []
            raise
        if not streams:
            return []
        events = aws.logs.get_log_events(
            logGroupName=group, logStreamName=streams[0]["logStreamName"], limit=count
        )["events"]
    return [event["message"] for event in events]
