"""The runner's workflow commands, escaped so that no text in them can start another one. Pure.

Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations


def command(name: str, text: str, **properties: str) -> str:
    """Format a command, such as `::error file=train.m,line=3::text`."""
    joined = ",".join(f"{key}={_escape(value, ',:')}" for key, value in properties.items())
    return f"::{name}{' ' if joined else ''}{joined}::{_escape(text)}"


def _escape(text: str, also: str = "") -> str:
    for character in "%\r\n" + also:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
