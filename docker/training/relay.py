"""Passes the engine's output on as it arrives, with secrets masked."""

from __future__ import annotations

import threading
from typing import IO, TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MASK = b"***"
TELLING = 8  # bytes; at a text's end, the first part of a secret is masked if it is this long
LAST_BYTES = 400
FINISH_S = 5.0  # a process that left the engine's group may keep its output open for ever


class Masker:
    """Replaces secrets in a stream, even if one is split between two pieces."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._secrets = sorted((text.encode() for text in secrets if text), key=len, reverse=True)
        self._held = b""  # may become a secret with the next piece

    def feed(self, piece: bytes) -> bytes:
        """Return the part of the stream that cannot become a secret any more."""
        text = self._held + piece
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        count = max((_beginning(text, secret) for secret in self._secrets), default=0)
        told = len(text) - count
        self._held = text[told:]
        return text[:told]

    def finish(self) -> bytes:
        """Return the rest of the stream."""
        rest, self._held = self._held, b""
        return MASK if len(rest) >= TELLING else rest


def _beginning(text: bytes, secret: bytes) -> int:
    """Count the bytes at the end of `text` that are the beginning of `secret`."""
    longest = min(len(text), len(secret) - 1)
    return next((n for n in range(longest, 0, -1) if text.endswith(secret[:n])), 0)


def masked(text: str, secrets: Sequence[str]) -> str:
    """Mask secrets in a text, also one that is cut off at its end."""
    masker = Masker(secrets)
    return (masker.feed(text.encode()) + masker.finish()).decode()


class Relay:
    """Passes a process's output on in a thread, and remembers its last lines.

    `watch` gets everything that is passed on.
    """

    def __init__(
        self, secrets: Sequence[str], out: BinaryIO, watch: Callable[[bytes], None] | None = None
    ) -> None:
        self._masker = Masker(secrets)
        self._out = out
        self._watch = watch
        self._last = b""
        self._thread: threading.Thread | None = None

    def start(self, source: IO[bytes]) -> None:
        """Start to pass on the output in `source`."""
        self._thread = threading.Thread(target=self._pump, args=[source], daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Wait for the end of the output."""
        if self._thread:
            self._thread.join(FINISH_S)

    @property
    def last_words(self) -> str:
        """The last lines, as they were passed on."""
        return self._last.decode(errors="replace").strip()

    def _pump(self, source: IO[bytes]) -> None:
        with source:
            while piece := source.read1(65536):  # type: ignore[attr-defined]
                self._tell(self._masker.feed(piece))
        self._tell(self._masker.finish())

    def _tell(self, text: bytes) -> None:
        self._out.write(text)
        self._out.flush()
        self._last = (self._last + text)[-LAST_BYTES:]
        if self._watch:
            self._watch(text)
