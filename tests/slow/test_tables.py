"""Random tables: the handler and other programs read what the handler writes as the same table.

`TABLES` sets their number; CI's sample is small, the campaign has 10,000.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
import struct
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.kit.paths import KIT
from helpers.kit.waiting import read_until

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNT = int(os.environ.get("TABLES", "40"))
STATEMENT = (
    "warning('off', 'Octave:shadowed-function');"
    f"addpath('{KIT}/docker/octave/compat', '{KIT}/matlab', '{KIT}/tests/octave'); round_trip()"
)

# Names of a table's variables, at most 63 bytes; Octave's JSON texts end at a NUL.
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
RESERVED = {":", "Properties", "RowNames", "VariableNames"}
NAMES = st.text(CHARACTERS, min_size=1, max_size=15).filter(lambda name: name not in RESERVED)
# Texts that a reader may mistake for something else are as frequent as any other.
ODD_TEXTS = ["", " ", "1", " 2", "NaN", "1e5", "3i", "true", '"', '""', ",", "\n", "\r\n", "a\rb"]
TEXTS = st.sampled_from(ODD_TEXTS) | st.text(CHARACTERS, max_size=20)
NUMBERS = st.floats() | st.integers(-(2**53), 2**53).map(float) | st.decimals(
    -1000, 1000, places=1
).map(float)  # fmt: skip
KINDS = {"number": NUMBERS, "text": TEXTS, "logical": st.booleans()}
Column = tuple[str, str, list[float | str | bool]]


@st.composite
def tables(draw: st.DrawFn) -> list[Column]:
    """Draw a table: its columns' names, kinds and values."""
    rows = draw(st.integers(0, 6))
    names = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    kinds = [draw(st.sampled_from(sorted(KINDS))) for _ in names]
    return [
        (name, kind, draw(st.lists(KINDS[kind], min_size=rows, max_size=rows)))
        for name, kind in zip(names, kinds, strict=True)
    ]


@pytest.fixture(scope="module")
def octave() -> Iterator[subprocess.Popen[bytes]]:
    """Octave that encodes and decodes."""
    command = ["octave-cli", "--norc", "--no-history", "--quiet", "--eval", STATEMENT]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


@settings(max_examples=COUNT)
@given(table=tables())
def test_a_table_that_was_encoded_is_decoded_as_it_was(
    octave: subprocess.Popen[bytes], table: list[Column]
):
    answer = round_trip(octave, table)
    assert answer["failures"] == [""]
    records = list(csv.reader(io.StringIO(text_of(answer["csv"]), newline="")))
    assert records[0] == [name for name, _, _ in table]
    columns = zip(*records[1:], strict=True) if records[1:] else [()] * len(table)
    for (_, kind, values), fields in zip(table, columns, strict=True):
        assert list(map(in_csv, values)) == [
            repr(float(field)) if kind == "number" else field for field in fields
        ]
        assert kind != "number" or all(map(is_shortest, fields))
    assert json.loads(text_of(answer["json"])) == [
        {name: in_json(values[row]) for name, _, values in table} for row in range(len(table[0][2]))
    ]


def in_csv(value: float | str | bool) -> str:
    """Return a value as text; a number as Python writes it, which is the shortest form."""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else repr(value)


def is_shortest(field: str) -> bool:
    """Return whether a number has no more digits than Python's, a power of two one more."""
    longest = digits(repr(float(field))) + (abs(math.frexp(float(field))[0]) == 0.5)
    return digits(field) <= longest


def digits(number: str) -> int:
    return len(number.partition("e")[0].replace(".", "").strip("-0"))


def in_json(value: float | str | bool) -> float | str | bool | None:
    """Return a value as in JSON: nothing for what JSON cannot express."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def round_trip(octave: subprocess.Popen[bytes], table: list[Column]) -> dict[str, str | list[str]]:
    """Let Octave encode and decode a table."""
    assert octave.stdin is not None
    assert octave.stdout is not None
    columns = [
        {"name": name.encode().hex(), "kind": kind, "values": list(map(hexed, values))}
        for name, kind, values in table
    ]
    frame = json.dumps({"columns": columns}).encode()
    octave.stdin.write(b"%08x" % len(frame) + frame)
    octave.stdin.flush()
    answer: dict[str, str | list[str]] = json.loads(read_until(octave, b"}"))
    return answer


def hexed(value: float | str | bool) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return value.encode().hex() if isinstance(value, str) else struct.pack(">d", value).hex()


def text_of(digits: str | list[str]) -> str:
    assert isinstance(digits, str)
    return bytes.fromhex(digits).decode()
