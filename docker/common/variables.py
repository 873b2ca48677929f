"""What a serving process reads of its container's environment, whichever image it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class SettingsError(Exception):
    """A variable of the container's environment makes no sense."""


def whole_number(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """Return a variable that is a number; raise SettingsError where it is out of range."""
    value = environ.get(name) or str(default)
    if not value.isdecimal() or not least <= int(value) <= most:
        raise SettingsError(
            f"{name} is {value!r}; it must be a whole number from {least} to {most}. "
            "Correct it in the Environment of the SageMaker model."
        )
    return int(value)
