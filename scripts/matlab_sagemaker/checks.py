"""Things that were looked at: what was found, and how to mend what is wrong. Pure."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

MARKS = {True: "✔", False: "✘", None: "–"}  # noqa: RUF001 (a dash: nothing to tick)
WARNS = "⚠"


@dataclass(frozen=True)
class Check:
    """What was looked at, what was found and, where that is wrong, why it matters and the fix."""

    name: str
    found: str
    passed: bool | None = True  # None: it was not looked at, which is no reason to refuse
    why: str = ""
    fix: str = ""
    warns: bool = False  # it works as it is, but is a danger

    @property
    def mark(self) -> str:
        """The character for it in a list."""
        return WARNS if self.warns else MARKS[self.passed]


def fine(name: str, found: str) -> Check:
    """Return that all is well with it."""
    return Check(name, found)


def skipped(name: str, why: str) -> Check:
    """Return that it was not looked at, and why: nobody needs it, or we may not."""
    return Check(name, why, passed=None)


def warned(name: str, found: str, fix: str) -> Check:
    """Return that it works, but is a danger, and how to mend it."""
    return Check(name, found, fix=fix, warns=True)


def wrong(name: str, found: str, fix: str = "") -> Check:
    """Return that it is wrong, and how to mend it."""
    return Check(name, found, passed=False, fix=fix)


def plain(checks: list[Check], columns: int = 0) -> str:
    """Return the checks for a terminal, each fix below its problem.

    Lines are wrapped where a terminal has so many columns; 0: they are not.
    """
    width = max(len(f.name) for f in checks)
    room = columns - width - 4 if columns > width + _NARROW else 0
    lines = []
    for f in checks:
        told = [*f.found.splitlines(), *(f"→ {line}" for line in f.fix.splitlines())]
        first, *more = [part for line in told for part in _wrapped(line, room)]
        lines.append(f"{f.mark} {f.name:{width}}  {first}")
        lines += [" " * (width + 4) + line for line in more]
    return "\n".join(lines)


_NARROW = 40  # columns; in fewer, wrapped lines are no easier to read


def _wrapped(line: str, room: int) -> list[str]:
    if not room:
        return [line]
    return textwrap.wrap(
        line,
        room,
        subsequent_indent="  " if line.startswith("→ ") else "",
        break_long_words=False,
        break_on_hyphens=False,
    )


def rows(checks: Iterable[Check]) -> list[list[str]]:
    """Return the checks as a table, with a header."""
    body = [[f.name, f.mark, f.found, f.fix] for f in checks]
    return [["what", "", "found", "fix"], *body]


_STATES = {True: "fine", False: "wrong", None: "skipped"}


def _state(found: Check) -> str:
    return "warning" if found.warns else _STATES[found.passed]


def outputs(checks: list[Check]) -> dict[str, Any]:
    """Return the step's outputs."""
    told = [{"what": f.name, "state": _state(f), "found": f.found, "fix": f.fix} for f in checks]
    return {"passed": all(f.passed is not False for f in checks), "checks": told}
