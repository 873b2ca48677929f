"""What a user's folder shows of the answers: MATLAB files by their first line, data, requests.

It only reads the disk. A guess is a default that is shown, never more.
"""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_FUNCTION = re.compile(
    r"function\s+(?:(?:\w+|\[[^\]]*\])\s*=\s*)?\w+\s*\(\s*env\w*\s*,\s*varargin\s*\)"
)
_HANDLER = re.compile(
    r"classdef\b[^<%]*<[^%\n]*\bsagemaker_inference\.DefaultInferenceHandler\b(?!\.)"
)
# A number that is printed behind words: fprintf('cross-validated accuracy: %.4f\n', x)
_PRINTED = re.compile(
    r"""^\s*fprintf\(\s*['"]([A-Za-z][^'"%\\]*[:= ])%[-+0-9.]*[dfgeEG]""", re.MULTILINE
)
_NUMBER = "([-+0-9.eE]+)"
_DATA = (".csv", ".mat")
_REQUESTS = (".csv", ".json")
_NO_CODE = ("node_modules", "private", "__pycache__")


def files(root: Path, without: Path) -> list[str]:
    """Return the files below `root` by relative path: no hidden ones, and none below `without`."""
    return sorted(path.relative_to(root).as_posix() for path in _walk(root, without))


def _walk(root: Path, without: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(root):
        here = Path(place)
        folders[:] = [
            name
            for name in folders
            if not name.startswith((".", "@"))
            and name not in _NO_CODE
            and (here / name).resolve() != without.resolve()
        ]
        yield from (here / name for name in names if not name.startswith("."))


def training_functions(root: Path, names: list[str]) -> list[str]:
    """Return the files whose first function takes (env, varargin)."""
    return [name for name in names if _begins(root / name, _FUNCTION)]


def handlers(root: Path, names: list[str]) -> list[str]:
    """Return the files with a class derived from sagemaker_inference.DefaultInferenceHandler."""
    return [name for name in names if _begins(root / name, _HANDLER)]


def _begins(file: Path, pattern: re.Pattern[str]) -> bool:
    return file.suffix == ".m" and bool(pattern.match(_code(text(file))))


def _code(text: str) -> str:
    """Return MATLAB code from its first statement on: no comments before it, lines joined."""
    text = re.sub(r"(?ms)^[ \t]*[%#]\{[ \t]*$.*?^[ \t]*[%#]\}[ \t]*$", "", text)
    text = re.sub(r"\.\.\.[^\n]*\n", " ", text)
    return re.sub(r"\A(?:\s+|[%#][^\n]*)+", "", text)


def text(file: Path) -> str:
    """Return a file's text; nothing where it cannot be read."""
    try:
        return file.read_bytes().decode(errors="replace").replace("\r\n", "\n").lstrip("\ufeff")
    except OSError:
        return ""


def metrics(file: Path) -> list[str]:
    """Return the metrics that a training function prints, as NAME=REGULAR EXPRESSION."""
    found = {re.sub(r"\W+", "_", words).strip("_"): words for words in _PRINTED.findall(text(file))}
    return [f"{name}={_escaped(words)}{_NUMBER}" for name, words in found.items()]


def _escaped(words: str) -> str:
    """Return a regular expression for `words`; only what means something in one is escaped."""
    return re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", words)


def data_folders(names: list[str], code: list[str], requests: list[str]) -> list[str]:
    """Return the folders with data: those alone that are called so, where there are any."""
    taken = {_folder(name) for name in (*code, *requests)}
    found = sorted({_folder(name) for name in names if name.lower().endswith(_DATA)} - taken)
    for word in ("train", "data"):
        if called := [folder for folder in found if word in folder.lower()]:
            return called
    return found


def requests(names: list[str]) -> list[str]:
    """Return the files of requests to an endpoint: those in a folder that is called so."""
    return [name for name in _asked(names) if not _is_answer(name)]


def expected(names: list[str], request: str) -> list[str]:
    """Return the files with the answer to `request`: beside it, and called expected."""
    beside = [name for name in _asked(names) if _folder(name) == _folder(request)]
    return [name for name in beside if _is_answer(name)]


def project_name(name: str) -> str:
    """Return the name of a repository or a folder as a project may be called, or nothing."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")


def _asked(names: list[str]) -> list[str]:
    return [
        name
        for name in names
        if name.lower().endswith(_REQUESTS) and "request" in _folder(name).lower()
    ]


def _is_answer(name: str) -> bool:
    return name.rpartition("/")[2].lower().startswith("expected")


def _folder(name: str) -> str:
    return name.rpartition("/")[0] or "."
