"""Reads metrics from a job's output: the last value that each regular expression finds.

Training jobs and rehearsals both use it. SageMaker does the same with the job's log, but anyone
who may write to that log could forge the values in SageMaker's list.
Source: https://docs.aws.amazon.com/sagemaker/latest/dg/define-train-metrics.html
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SHOWN = 200  # characters of a line in a message
LINE_BYTES = 200_000  # longer lines are read in pieces, as CloudWatch would split them


class Metrics:
    """Reads output piece by piece, and remembers the last value of each metric."""

    def __init__(self, regexes: Mapping[str, str]) -> None:
        """Take the regular expressions by name. Raises ValueError for an invalid one."""
        self._patterns = {name: _compiled(name, regex) for name, regex in regexes.items()}
        self._words = {name: _words(f"{name} {regex}") for name, regex in regexes.items()}
        self._last: dict[str, float] = {}
        self._refused: dict[str, str] = {}  # the last match that is not a number, and its line
        self._nearest: dict[str, tuple[int, str]] = {}  # the line with most words of the pattern
        self._rest = b""  # of a line that is not complete yet

    def feed(self, text: bytes) -> None:
        """Read a piece; a line counts only when it is complete."""
        if not self._patterns:
            return
        *lines, self._rest = (self._rest + text).split(b"\n")
        if len(self._rest) >= LINE_BYTES:
            lines, self._rest = [*lines, self._rest], b""
        for line in lines:
            self._read(line)

    def last(self) -> dict[str, float]:
        """Return the values at the end of the output, except those that are not finite."""
        self._read(self._rest)
        return {name: value for name, value in self._last.items() if math.isfinite(value)}

    def missing(self) -> dict[str, str]:
        """Return, by name, why a metric has no value at the end of the output."""
        values = self.last()
        return {name: self._reason(name) for name in self._patterns if name not in values}

    def _reason(self, name: str) -> str:
        pattern = self._patterns[name].pattern
        if name in self._last:
            return f"its last value is {self._last[name]}"
        if name in self._refused:
            return f"{pattern} found no number in: {self._refused[name]}"
        nearest = self._nearest.get(name)
        return f"no line matches {pattern}" + (f"; the nearest: {nearest[1]}" if nearest else "")

    def _read(self, line: bytes) -> None:
        text = line.decode(errors="replace").rstrip("\r")
        for name, pattern in self._patterns.items():
            match = pattern.search(text)
            if match is None:
                self._compare(name, text)
                continue
            value = _number(match[1]) if pattern.groups else None
            if value is None:
                self._refused[name] = text[:SHOWN]
            else:
                self._last[name] = value

    def _compare(self, name: str, text: str) -> None:
        """Remember the line with most of a pattern's words, until a line matches."""
        if name in self._last or name in self._refused:
            return
        small = text.lower()
        score = sum(word in small for word in self._words[name])
        if score and score >= self._nearest.get(name, (0, ""))[0]:
            self._nearest[name] = score, text[:SHOWN]


def _compiled(name: str, regex: str) -> re.Pattern[str]:
    try:
        return re.compile(regex)
    except (re.error, OverflowError) as error:
        raise ValueError(
            f"The metric {name} has an invalid regular expression: {regex!r}: {error}"
        ) from error


def _words(text: str) -> set[str]:
    """Return the words in a metric's name and pattern, without the pattern's special characters."""
    return {word.lower() for word in re.findall("[A-Za-z]{3,}", re.sub(r"\\.", " ", text))}


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
