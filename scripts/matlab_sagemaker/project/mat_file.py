"""Read the names of the variables in a MAT-file, without MATLAB.

It reads versions 6 and 7 of MATLAB's format, which Octave also writes, with -v6 and -v7.
Source: https://www.mathworks.com/help/pdf_doc/matlab/matfile_format.pdf
"""

from __future__ import annotations

import struct
import zlib
from typing import IO, TYPE_CHECKING

from matlab_sagemaker import digest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HEADER = 128  # bytes
_MATRIX, _COMPRESSED = 14, 15
_SAVE = "save it with save(file, 'model', '-v7')"
_LARGE = "-v7 is limited to 2 GB: put a larger one into a folder as model.mat, and name the folder"
_PULL = "in a workflow, set the input `lfs: true`; on your own machine: git lfs pull"
_BEGINNING = 4096  # bytes of a variable; its name is among them


class EmptyError(ValueError):
    """The file is empty."""


def variables(file: Path) -> list[str]:
    """List the names of the variables in `file`.

    Raises OSError for a file that cannot be read, and ValueError for one that is damaged or in
    another format.
    """
    with file.open("rb") as content:
        return names(content)


def names(content: IO[bytes]) -> list[str]:
    """List the names of the variables in an open file; raises ValueError as `variables` does."""
    header = content.read(_HEADER)
    order = {b"IM": "<", b"MI": ">"}.get(header[126:128])
    if not header:
        raise EmptyError(f"it is empty (0 bytes); {_SAVE}")
    if header.startswith(b"MATLAB 7.3"):
        raise ValueError(f"it is saved with -v7.3, which only MATLAB reads; {_SAVE}; {_LARGE}")
    if header.startswith(digest.POINTER):
        raise ValueError(f"it is a Git LFS pointer, not the file itself; {_PULL}")
    if not header.startswith(b"MATLAB 5.0") or order is None:
        raise ValueError(f"it is not a MAT-file of version 6 or 7; {_SAVE}")
    try:
        return list(_names(content, order))
    except (struct.error, zlib.error, UnicodeDecodeError, IndexError) as error:
        raise ValueError(f"it is an incomplete or damaged MAT-file; {_SAVE}") from error


def _names(content: IO[bytes], order: str) -> Iterator[str]:
    while tag := content.read(8):
        kind, size = struct.unpack(f"{order}II", tag)
        start = content.tell()
        beginning = content.read(min(size, _BEGINNING))
        if kind == _COMPRESSED:
            inner = zlib.decompressobj().decompress(beginning, _BEGINNING)
            kind, beginning = struct.unpack_from(f"{order}I", inner)[0], inner[8:]
        if kind == _MATRIX and (name := _name(beginning, order)):
            yield name
        content.seek(start + size)


def _name(matrix: bytes, order: str) -> str:
    """Read the name of a matrix, after its flags and dimensions; MATLAB's internal one has none.

    Raises struct.error if the matrix ends before its name does.
    """
    at = 0
    for _ in ("flags", "dimensions"):
        at += 8 + -(-struct.unpack_from(f"{order}I", matrix, at + 4)[0] // 8) * 8
    first, size = struct.unpack_from(f"{order}II", matrix, at)
    if first >> 16:  # at most four bytes: size and type share a word, and the data follows directly
        at, size = at - 4, first >> 16
    name: bytes = struct.unpack_from(f"{size}s", matrix, at + 8)[0]
    return name.decode()
