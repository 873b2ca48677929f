"""Results of checks: what was found, and how to fix what is wrong. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

MARKS = {True: "✔", False: "✘", None: "–"}  # noqa: RUF001 (a dash: not checked)
WARNS = "⚠"


@dataclass(frozen=True)
class Check:
    """What was checked, what was found and, if that is wrong, why it matters and how to fix it."""

    name: str
    found: str
    passed: bool | None = True  # None: not checked, which does not count as a problem
    why: str = ""
    fix: str = ""
    warns: bool = False  # it works, but is a risk

    @property
    def mark(self) -> str:
        """The character for it in a list."""
        return WARNS if self.warns else MARKS[self.passed]


def fine(name: str, found: str) -> Check:
    """Report that a check passed."""
    return Check(name, found)


def skipped(name: str, why: str) -> Check:
    """Report that a check was skipped, and why: nobody needs it, or there is no permission."""
    return Check(name, why, passed=None)


def warned(name: str, found: str, fix: str) -> Check:
    """Report that something works, but is a risk, and how to fix it."""
    return Check(name, found, fix=fix, warns=True)


def wrong(name: str, found: str, fix: str = "") -> Check:
    """Report that something is wrong, and how to fix it."""
    return Check(name, found, passed=False, fix=fix)


def plain(checks: list[Check]) -> str:
    """List the checks for a terminal, each fix below its problem."""
    width = max(len(f.name) for f in checks)
    lines = []
    for f in checks:
        first, *more = [*f.found.splitlines(), *(f"→ {line}" for line in f.fix.splitlines())]
        lines.append(f"{f.mark} {f.name:{width}}  {first}")
        lines += [" " * (width + 4) + line for line in more]
    return "\n".join(lines)


def rows(checks: Iterable[Check]) -> list[list[str]]:
    """List the checks as rows of a table, with a header."""
    body = [[f.name, f.mark, f.found, f.fix] for f in checks]
    return [["what", "", "found", "fix"], *body]


_STATES = {True: "fine", False: "wrong", None: "skipped"}


def _state(found: Check) -> str:
    return "warning" if found.warns else _STATES[found.passed]


def outputs(checks: list[Check]) -> dict[str, Any]:
    """Return the step's outputs."""
    listed = [{"what": f.name, "state": _state(f), "found": f.found, "fix": f.fix} for f in checks]
    return {"passed": all(f.passed is not False for f in checks), "checks": listed}
