"""Put foreign text into Markdown without markup taking effect, and keep Markdown in a limit. Pure.

GitHub looks for @names, #numbers, addresses and :emoji: after rendering, so Markdown's escapes do
not hide them, but a zero-width space does. It does not look in code and fences.
Source: https://github.github.com/gfm/, https://docs.github.com/get-started/writing-on-github
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNSEEN = "\u200b"
_REFERENCE = re.compile(r"@(?=\w)|#(?=\d)|GH-(?=\d)|:(?=//|[\w+-]+:)|www(?=\.)", re.IGNORECASE)
_EMPHASIS = re.compile(r"([\\`*\[\]~$]|(?<![^\W_])_|_(?![^\W_]))")
_OPENING = re.compile(r"^(\d*)([-+#=.)])")  # of a list or a heading
_QUOTED = re.compile(r"(?<!`)(`[^`\s](?:[^`\n]*[^`\s])?`)(?!`)")
_FENCE = re.compile(r" {0,3}(?P<marks>`{3,}|~{3,})(?P<rest>.*)")


def inlines(texts: Iterable[str]) -> list[str]:
    """Escape each text with `inline`."""
    return [inline(text) for text in texts]


def inline(text: str) -> str:
    """Escape a text so that it is shown literally, on one line, without mention or reference."""
    return _plain(_flat(text))


def _flat(text: str) -> str:
    """Put a text on one line, and remove marks that change the writing direction."""
    return _TURNING.sub("", " ".join(text.split()))


_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def _plain(text: str) -> str:
    flat = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _REFERENCE.sub(rf"\g<0>{_UNSEEN}", _EMPHASIS.sub(r"\\\1", flat))


def prose(text: str) -> str:
    """Escape a paragraph like `inline`, but keep words between two backticks as code."""
    parts = _QUOTED.split(_flat(text))
    told = "".join(code(p[1:-1]) if _QUOTED.fullmatch(p) else _plain(p) for p in parts)
    return _OPENING.sub(r"\1\\\2", told)


def code(text: str) -> str:
    """Format a text as code within a line."""
    flat = _flat(text)
    marks = _longer("`", flat)
    room = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{marks}{room}{flat}{room}{marks}" if flat else ""


def fenced(text: str, language: str = "text") -> str:
    """Format a text as a code block, with a fence that the text does not contain."""
    marks = _longer("```", text)
    return f"{marks}{language}\n{text}\n{marks}\n"


def folded(title: str, markdown: str) -> str:
    """Fold Markdown under a `title`, which is HTML."""
    return f"<details><summary>{title}</summary>\n\n{markdown.rstrip()}\n\n</details>\n"


def link(markdown: str, url: str) -> str:
    """Link Markdown to `url`; unchanged if `url` is empty."""
    return f"[{markdown}]({url})" if url else markdown


def shorten(markdown: str, limit: int, note: str) -> str:
    """Shorten Markdown to at most `limit` bytes: whole lines, any fence closed, then `note`."""
    data = markdown.encode()
    if len(data) <= limit:
        return markdown
    room = limit - len(note.encode()) - 2
    while room > 0:
        kept = data[:room].decode(errors="ignore")
        kept = kept.rpartition("\n")[0] or kept
        short = f"{kept}\n{_closing(kept)}\n{note}"
        if (excess := len(short.encode()) - limit) <= 0:
            return short
        room -= excess
    return note if len(note.encode()) <= limit else ""


def _closing(markdown: str) -> str:
    """Return the line that closes an open fence, or an empty text."""
    marks = ""
    for line in markdown.splitlines():
        found = _FENCE.fullmatch(line)
        if not found:
            continue
        if not marks:
            marks = found["marks"]
        elif found["marks"].startswith(marks) and not found["rest"].strip():
            marks = ""
    return f"{marks}\n" if marks else ""


def _longer(marks: str, text: str) -> str:
    """Lengthen `marks` until `text` does not contain them."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    return "`" * max(len(marks), longest + 1)
