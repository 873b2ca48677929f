"""Records a command's output on a terminal and draws it as SVG, still or animated.

Every word has its column, so a font of another width does not shift a table.
"""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

COLUMNS = 118
ROWS = 32  # of an animation; a still picture has all lines
_CELL, _LINE, _MARGIN, _BAR = 7.8, 18, 14, 26  # pixels
_COLOURS = {"1": "#f0f6fc", "31": "#ff7b72", "32": "#3fb950", "33": "#d29922"}
_LONGEST_PAUSE_S, _SHORTEST_S, _AT_THE_END_S = 0.9, 0.06, 8.0
_CONTROL = re.compile(r"\x1b\[([0-9;]*)([A-Za-z])")
_WORDS = re.compile(r"\S+(?: \S+)*")


class Line(NamedTuple):
    """A line on a terminal, and when it was complete."""

    at_s: float
    text: str  # with the codes of colours


def record(command: list[str], folder: Path, environment: Mapping[str, str]) -> list[Line]:
    """Run a command on a new terminal; return its lines, with long ones folded."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    began = time.monotonic()
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdin=slave, stdout=slave, stderr=slave
    ):
        os.close(slave)
        lines = [Line(at_s, part) for at_s, text in _lines(master, began) for part in _folded(text)]
    os.close(master)
    return lines


def _lines(master: int, began: float) -> Iterator[tuple[float, str]]:
    rest = b""
    while chunk := _read(master):
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield time.monotonic() - began, _last(line.decode())
    if rest:
        yield time.monotonic() - began, _last(rest.decode())


def _read(master: int) -> bytes:
    try:
        return os.read(master, 1 << 16)
    except OSError:  # the command has ended
        return b""


def _last(line: str) -> str:
    """Return what is visible of a line that was overwritten."""
    shown = line.rstrip("\r").rpartition("\r")[2]
    return _CONTROL.sub(lambda found: found[0] if found[2] == "m" else "", shown)


def _folded(text: str) -> list[str]:
    """Split a line into the rows that it needs."""
    rows, row, room = [], "", COLUMNS
    for piece in re.split(r"(\x1b\[[0-9;]*m)", text):
        if piece.startswith("\x1b"):
            row += piece
            continue
        left = piece
        while len(left) > room:
            rows.append(row + left[:room])
            row, left, room = "", left[room:], COLUMNS
        row, room = row + left, room - len(left)
    return [*rows, row]


def still(lines: list[Line]) -> str:
    """Return the lines as a picture."""
    rows = len(lines)
    return _picture(rows, "", _rows(lines))


def moving(lines: list[Line], rows: int = ROWS) -> str:
    """Return an animation of the lines as they came, without long pauses, in a loop.

    Readers who prefer no motion see the last lines.
    """
    times, at_s = [], 0.0
    for before, line in zip([Line(0, ""), *lines], lines, strict=False):
        at_s += min(max(line.at_s - before.at_s, _SHORTEST_S), _LONGEST_PAUSE_S)
        times.append(at_s)
    whole_s = at_s + _AT_THE_END_S
    count = len(lines)
    cover = [(0.0, 0), *((t, n) for n, t in enumerate(times, start=1))]
    scroll = [(t, -max(n - rows, 0)) for t, n in cover]
    style = (
        f".all {{ transform: translateY({_LINE * -max(count - rows, 0)}px); }}\n"
        f".cover {{ transform: translateY({_LINE * count}px); }}\n"
        "@media not (prefers-reduced-motion: reduce) {\n"
        f".all {{ animation: all {whole_s:.1f}s infinite step-end; }}\n"
        f".cover {{ animation: cover {whole_s:.1f}s infinite step-end; }}\n}}\n"
        f"{_keyframes('all', scroll, whole_s)}{_keyframes('cover', cover, whole_s)}"
    )
    size = f'width="{_width()}" height="{(rows + count) * _LINE}"'
    hides = f'<rect class="cover" y="{_BAR}" {size} fill="#0d1117"/>'
    return _picture(rows, style, f'<g class="all">{_rows(lines)}{hides}</g>')


def _keyframes(name: str, steps: list[tuple[float, int]], whole_s: float) -> str:
    told, kept = [], None
    for at_s, row in steps:
        if row != kept:
            place = f"transform: translateY({row * _LINE}px)"
            told.append(f"{100 * at_s / whole_s:.2f}% {{ {place}; }}")
        kept = row
    return f"@keyframes {name} {{\n" + "\n".join(told) + "\n}\n"


def _width() -> int:
    return round(COLUMNS * _CELL + 2 * _MARGIN)


def _picture(rows: int, style: str, drawn: str) -> str:
    width, height = _width(), rows * _LINE + _BAR + _MARGIN
    lights = "".join(
        f'<circle cx="{_MARGIN + 4 + 18 * n}" cy="{_BAR / 2}" r="5" fill="{colour}"/>'
        for n, colour in enumerate(("#ff5f57", "#febc2e", "#28c840"))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">\n<style>\n'
        "text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', "
        f"monospace; fill: #d1d7e0; }}\n{style}</style>\n"
        f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>\n'
        f'<clipPath id="screen"><rect y="{_BAR}" width="{width}" height="{rows * _LINE}"/>'
        f'</clipPath>\n{lights}\n<g clip-path="url(#screen)">{drawn}</g>\n</svg>\n'
    )


def _rows(lines: list[Line]) -> str:
    return "".join(f"\n{text}" for row, line in enumerate(lines) for text in _texts(line.text, row))


def _texts(line: str, row: int) -> Iterator[str]:
    """Yield the words of a line, each group at its column and as wide as its columns."""
    column, colour, at = 0, "", 0
    for found in [*_CONTROL.finditer(line), None]:
        piece = line[at : found.start() if found else None]
        for words in _WORDS.finditer(piece):
            x = _MARGIN + (column + words.start()) * _CELL
            y = _BAR + row * _LINE + 13
            weight = "; font-weight: 600" if colour == _COLOURS["1"] else ""
            fill = f' style="fill: {colour}{weight}"' if colour else ""
            yield (
                f'<text x="{x:.1f}" y="{y}" textLength="{len(words[0]) * _CELL:.1f}" '
                f'lengthAdjust="spacingAndGlyphs"{fill}>{escape(words[0])}</text>'
            )
        column += len(piece)
        if found:
            colour, at = _COLOURS.get(found[1], ""), found.end()
