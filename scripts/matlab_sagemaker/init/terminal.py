"""Questions, text and errors on the terminal of a person who runs a command."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from matlab_sagemaker.errors import InterruptedRunError, KitError

if TYPE_CHECKING:
    from collections.abc import Callable


def is_interactive() -> bool:
    """Whether somebody can answer questions on this terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def show(text: str = "") -> None:
    """Print a text."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def ask(question: str, default: str) -> str:
    """Ask a question; an empty answer means the default."""
    try:
        typed = input(f"{question} [{default}]: " if default else f"{question}: ").strip()
    except EOFError as error:
        show()
        raise InterruptedRunError("Cancelled; nothing was written.") from error
    return typed or default


def run(main: Callable[[], None]) -> None:
    """Run a command's `main`; turn a KitError into a message and its exit code."""
    for stream in (sys.stdout, sys.stderr):
        _never_fails(stream)
    try:
        main()
    except KitError as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("\nerror: Cancelled.\n")
        sys.exit(InterruptedRunError.exit_code)


def _never_fails(stream: Any) -> None:
    """Escape characters that the terminal's encoding does not have, instead of failing."""
    stream.reconfigure(errors="backslashreplace")
