"""Reads settings of a serving process from its environment; used by both inference images."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class SettingsError(Exception):
    """A variable in the container's environment has an invalid value."""


def whole_number(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """Read a whole number from a variable; raise SettingsError if it is out of range."""
    value = environ.get(name) or str(default)
    if not value.isdecimal() or not least <= int(value) <= most:
        raise SettingsError(
            f"{name} is {value!r}; it must be a whole number from {least} to {most}. "
            "Correct it in the Environment of the SageMaker model."
        )
    return int(value)
