"""What a pull request changes in a model's code, data and settings, as Markdown. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matlab_sagemaker.github import markdown as md
from matlab_sagemaker.github import tables
from matlab_sagemaker.github.tables import NONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matlab_sagemaker.github.candidate import Candidate
    from matlab_sagemaker.github.facts import FileGroup


def section(told: Candidate) -> str:
    """Make the table of code, data and hyperparameters that differ from the base branch."""
    branch, files = md.inline(told.branch), told.train.files
    if not files:
        return ""
    if not told.base.files:
        rows = [[md.inline(group.name), _content(group)] for group in files]
        table = tables.markdown([["code and data", "this pull request"], *rows])
        return f"{table}\n{NONE} what changes is unknown: {branch} was not checked\n"
    rows = list(_changed(told))
    if not rows:
        return f"Code, data, handler and hyperparameters are the same as in {branch}.\n"
    return tables.markdown([["changed", branch, "this pull request"], *rows])


def _changed(told: Candidate) -> Iterator[list[str]]:
    """Yield a row for each difference."""
    before = {group.name: group for group in told.base.files}
    now = {group.name: group for group in told.train.files}
    for name in [*now, *(name for name in before if name not in now)]:
        old, new = before.get(name), now.get(name)
        if old is None or new is None or old.key != new.key:
            yield [md.inline(name), _content(old), _content(new)]
    values = (told.base.hyperparameters, told.train.hyperparameters)
    for name in dict.fromkeys([*values[1], *values[0]]):
        texts = [each.get(name) for each in values]
        if texts[0] != texts[1]:
            yield [md.inline(name), *(NONE if t is None else md.inline(t) for t in texts)]


def _content(group: FileGroup | None) -> str:
    if group is None:
        return f"{NONE} (none)"
    files = f"{group.files} file{'' if group.files == 1 else 's'}"
    rows = [] if group.rows is None else [f"{group.rows:,} rows".replace(",", "\u202f")]
    return ", ".join([files, size(group.size), *rows])


def size(count: int) -> str:
    """Format a number of bytes for people, with a no-break space before the unit."""
    return tables.size(count).replace(" ", "\u00a0")
