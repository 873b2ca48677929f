"""Metrics by regular expression: the last value in the log for each definition."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from emulator.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Metrics:
    """Reads a job's log lines. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/define-train-metrics.html."""

    def __init__(self, definitions: Iterable[Mapping[str, str]]) -> None:
        """Store the definitions; raises ValidationError for an invalid regular expression."""
        self._patterns = {entry["Name"]: _compiled(entry["Regex"]) for entry in definitions}
        self._last: dict[str, dict[str, Any]] = {}

    def read(self, line: str) -> None:
        """Search a line for every metric; the first group is the value."""
        for name, pattern in self._patterns.items():
            match = pattern.search(line)
            value = _number(match[1]) if match and pattern.groups else None
            if value is not None:
                now = datetime.now(timezone.utc)
                self._last[name] = {"MetricName": name, "Value": value, "Timestamp": now}

    def final(self) -> list[dict[str, Any]]:
        """Return FinalMetricDataList."""
        return list(self._last.values())


def _compiled(expression: str) -> re.Pattern[str]:
    try:
        return re.compile(expression)
    except (re.error, OverflowError) as error:
        raise ValidationError(f"Invalid metric definition regex {expression!r}: {error}") from error


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
