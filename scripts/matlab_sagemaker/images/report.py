"""Reports on images, as Markdown for the job summary or text for a terminal. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matlab_sagemaker.github import markdown, tables
from matlab_sagemaker.images import checks as images_checks

if TYPE_CHECKING:
    from matlab_sagemaker.checks import Check


def image(title: str, uri: str, tag: str, *, changed: bool) -> str:
    """Report whether an image was built or found, with its name and tag."""
    state = "built and pushed" if changed else "unchanged: it is in the registry, nothing was built"
    return f"### {title}\n\n{state}\n\n" + tables.markdown(
        [["image", "tag"], [markdown.code(uri), markdown.code(tag)]]
    )


def checks(name: str, found: list[Check]) -> str:
    """Report the results of `check-image`."""
    sign = "✅" if images_checks.passed(found) else "❌"
    table = tables.markdown(tables.inline(images_checks.rows(found)))
    return f"### {sign} Checked {markdown.code(name)}\n\n" + table


def checks_as_text(found: list[Check]) -> str:
    """Format the results of `check-image` as a table for a terminal."""
    return tables.plain(images_checks.rows(found))
