"""The log of a run: its own lines, foreign ones, and annotations.

A run continues if its log or one of the runner's files cannot be written, because that does not
affect its work in AWS; the loss is reported when it ends.
Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

import collections
import contextlib
import os
import re
import secrets
import sys
from typing import TYPE_CHECKING, TextIO

from matlab_sagemaker.errors import UnwrittenError
from matlab_sagemaker.github.commands import command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

# Patterns shown in colour, with the terminal's code for red, yellow and green.
_COLOURS = {r"\Aerror:": 31, r"\Awarning:": 33, "✔": 32}


LAST_LINES = 25
_LONGEST_LINE = 300  # characters kept of each last line


class Log:
    """The log of a run, written to `stream`; on a runner it uses workflow commands."""

    def __init__(self, *, on_runner: bool, stream: TextIO, in_colour: bool = False) -> None:
        self.on_runner = on_runner
        self._in_colour = in_colour
        self.lost: UnwrittenError | None = None  # the first thing that could not be written
        self._stream = stream
        # The last foreign lines:
        self.last_lines: collections.deque[str] = collections.deque(maxlen=LAST_LINES)
        self._gone: set[TextIO] = set()  # streams that can no longer be written
        self._resume_token = ""  # while workflow commands are off: the token that re-enables them

    def mask(self, secret: str) -> None:
        """Make the runner hide a secret in the log, should anything ever print it."""
        if not self.on_runner:
            return
        hide = command("add-mask", secret)
        if self._resume_token:  # commands are off: the mask itself would appear in the log
            hide = f"::{self._resume_token}::\n{hide}\n::stop-commands::{self._resume_token}"
        self.write(hide)

    def log(self, text: str) -> None:
        """Write one of the kit's own lines to the log."""
        self.write(text)

    @contextlib.contextmanager
    def foreign_text(self) -> Iterator[Callable[[str], None]]:
        """Provide a function that logs foreign text, in which the runner ignores commands."""

        def log(line: str) -> None:
            self.write("  | " + line)
            self.last_lines.append(line[:_LONGEST_LINE])

        token = secrets.token_hex(16)
        if self.on_runner:
            self.write(command("stop-commands", token))
            self._resume_token = token
        try:
            yield log
        finally:
            if self.on_runner:
                self._resume_token = ""
                self.write(f"::{token}::")

    def log_foreign(self, text: str) -> None:
        """Log the lines of a foreign text."""
        with self.foreign_text() as log:
            for line in text.splitlines():
                log(line)

    @contextlib.contextmanager
    def group(self, title: str) -> Iterator[None]:
        """On a runner, fold the lines logged inside under `title`; elsewhere show the title."""
        self.write(command("group", title) if self.on_runner else title)
        try:
            yield
        finally:
            if self.on_runner:
                self.write("::endgroup::")

    def notice(self, text: str) -> None:
        """Annotate something unexpected in a run that succeeds."""
        self.write(command("notice", text) if self.on_runner else text)

    def warn(self, text: str) -> None:
        """Annotate something that needs attention; nothing if the text is empty."""
        if text:
            self.write(command("warning", text) if self.on_runner else f"warning: {text}")

    def write(self, text: str, stream: TextIO | None = None) -> bool:
        """Write a line immediately; return False if nobody can read the stream any more."""
        place = stream or self._stream
        try:
            is_coloured = self._in_colour and place.isatty()
            place.write((colour(text) if is_coloured else text) + "\n")
            place.flush()
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), place.fileno())
            self._gone.add(place)
            if not isinstance(error, BrokenPipeError):  # a reader, such as `head`, may stop early
                self.lose("Standard error" if place is sys.stderr else "Standard output", error)
        return place not in self._gone

    def lose(self, what: str, error: OSError) -> None:
        """Record that something could not be written."""
        self.lost = self.lost or UnwrittenError(
            f"{what} cannot be written: {error.strerror}.",
            why="The step did its work, but could not report all of its results.",
            do="Free disk space or correct the path, and run again: the step finds its work.",
        )

    def require_written(self) -> None:
        """Raise UnwrittenError if something could not be written."""
        if self.lost:
            raise self.lost


def takes_colour(environment: Mapping[str, str]) -> bool:
    """Check whether the environment allows colours on a terminal."""
    if environment.get("NO_COLOR") or environment.get("CI"):  # https://no-color.org
        return False
    # An old Windows console would show the codes as text.
    if sys.platform == "win32" and "WT_SESSION" not in environment:
        return False
    return environment.get("TERM") != "dumb"


def colour(text: str) -> str:
    """Colour `error:`, `warning:` and ✔ in a line."""
    for word, number in _COLOURS.items():
        text = re.sub(word, f"\x1b[{number}m\\g<0>\x1b[0m", text)
    return text
