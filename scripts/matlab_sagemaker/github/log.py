"""The log of a run: its own lines, foreign ones, annotations. What is lost is said at its end.

A run goes on when its log or a file of the runner's cannot be written: what it does at AWS is the
same. Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
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

_FOREIGN = "  | "  # before each line that others wrote
# What a terminal shows otherwise, by the number that it has there: bold, red, yellow, green.
_COLOURS = {r"\A\[\d+/\d+\] .+": 1, r"\Aerror:|✘": 31, r"\Awarning:|⚠": 33, "✔": 32}


LAST_LINES = 25
_LONGEST_LINE = 300  # characters, of those


class Log:
    """What a run says, to `stream`; on a runner with its commands."""

    def __init__(self, *, on_runner: bool, stream: TextIO, in_colour: bool = False) -> None:
        self.on_runner = on_runner
        self._in_colour = in_colour
        self.lost: UnwrittenError | None = None  # the first thing that could not be written
        self._stream = stream
        self.last_lines: collections.deque[str] = collections.deque(maxlen=LAST_LINES)  # of others
        self._gone: set[TextIO] = set()  # streams that take nothing any more
        self._resume_token = ""  # while workflow commands are off: the token that re-enables them

    def mask(self, secret: str) -> None:
        """Have the runner hide a secret of ours, should anything ever print it."""
        if not self.on_runner:
            return
        hide = command("add-mask", secret)
        if self._resume_token:  # or it would be printed as a line like any other
            hide = f"::{self._resume_token}::\n{hide}\n::stop-commands::{self._resume_token}"
        self.write(hide)

    def log(self, text: str) -> None:
        """Write a line of our own to the log."""
        self.write(text)

    @contextlib.contextmanager
    def foreign_text(self) -> Iterator[Callable[[str], None]]:
        """Give a function that logs what others wrote: the runner obeys no command in it."""

        def log(line: str) -> None:
            self.write(_FOREIGN + line)
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
        """Log lines that others wrote."""
        with self.foreign_text() as log:
            for line in text.splitlines():
                log(line)

    @property
    def columns(self) -> int:
        """How many characters of a foreign line a terminal shows in a row; 0: it is no terminal."""
        with contextlib.suppress(OSError):
            return os.get_terminal_size(self._stream.fileno()).columns - len(_FOREIGN)
        return 0

    @contextlib.contextmanager
    def group(self, title: str) -> Iterator[None]:
        """Fold what is logged inside under `title` on a runner; show the title elsewhere."""
        self.write(command("group", title) if self.on_runner else title)
        try:
            yield
        finally:
            if self.on_runner:
                self.write("::endgroup::")

    def notice(self, text: str) -> None:
        """Say what a person would not expect of a run that ends well, by an annotation."""
        self.write(command("notice", text) if self.on_runner else text)

    def warn(self, text: str) -> None:
        """Say what ought to be looked at, by an annotation; nothing where there is no text."""
        if text:
            self.write(command("warning", text) if self.on_runner else f"warning: {text}")

    def write(self, text: str, stream: TextIO | None = None) -> bool:
        """Write a line, at once; return whether it may have been read."""
        place = stream or self._stream
        try:
            is_coloured = self._in_colour and place.isatty()
            place.write((colour(text) if is_coloured else text) + "\n")
            place.flush()
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), place.fileno())
            self._gone.add(place)
            if not isinstance(error, BrokenPipeError):  # a reader may go, as `head` does
                self.lose("Standard error" if place is sys.stderr else "Standard output", error)
        return place not in self._gone

    def lose(self, what: str, error: OSError) -> None:
        """Keep that something could not be written."""
        self.lost = self.lost or UnwrittenError(
            f"{what} cannot be written: {error.strerror}.",
            why="What this step has done stands, but its results did not get to all who need them.",
            do="Make room, or correct the path; then run again: what is done is found.",
        )

    def require_written(self) -> None:
        """Raise UnwrittenError where something of what this run has said is lost."""
        if self.lost:
            raise self.lost


def takes_colour(environment: Mapping[str, str]) -> bool:
    """Tell whether a terminal of this environment may be written to in colours."""
    if environment.get("NO_COLOR") or environment.get("CI"):  # https://no-color.org
        return False
    if sys.platform == "win32" and "WT_SESSION" not in environment:  # an old console shows codes
        return False
    return environment.get("TERM") != "dumb"


def shown(text: str, stream: TextIO, environment: Mapping[str, str]) -> str:
    """Return a line as `stream` shows it: in colour on a terminal that takes colours."""
    return colour(text) if stream.isatty() and takes_colour(environment) else text


def colour(text: str) -> str:
    """Return a line with what says how it went in colour: error, warning and the marks."""
    for word, number in _COLOURS.items():
        text = re.sub(word, f"\x1b[{number}m\\g<0>\x1b[0m", text)
    return text
