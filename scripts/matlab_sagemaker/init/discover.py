"""Finds answers in a user's folder: MATLAB files by their first line, data, requests.

It only reads files. Users of init see what was found before anything is written.
"""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from matlab_sagemaker.init.answers import place
from matlab_sagemaker.project import folders, given_model, mat_file

if TYPE_CHECKING:
    from collections.abc import Iterator

_FUNCTION = re.compile(
    r"function\s+(?:(?:\w+|\[[^\]]*\])\s*=\s*)?\w+\s*\(\s*env\w*\s*,\s*varargin\s*\)"
)
_HANDLER = re.compile(
    r"classdef\b[^<%]*<[^%\n]*"
    rf"\b(?:{'|'.join(map(re.escape, folders.KITS_HANDLERS))})\b(?!\.)"
)
# A number that is printed after words: fprintf('cross-validated accuracy: %.4f\n', x)
_PRINTED = re.compile(
    r"""^(?P<before>.*?)\bfprintf\(\s*(?:[12]\s*,\s*)?(?P<mark>['"])(?P<text>[^'"\n]*)(?P=mark)"""
)
_CONVERSION = re.compile(r"%[-+ 0-9.]*([A-Za-z])")
_WORDS = re.compile(r"(?:^|\\[a-z])[\s,;|/()\[\]-]*(?P<words>[A-Za-z][^%\\]*[:= ])$")
_COUNTS = re.compile(r"(?i)(?:\w+ )?(?:epoch|iter|iteration|step|batch|fold|round)s?[:= #]*$")
_ONE_UNIT = r"(?:[ckmµMG]?(?:m|s|g|N|Nm|Pa|V|A|W|J|Hz|bar)|min|h|rpm|K|°C|deg|rad|dB)\^?[23]?"
_UNIT = re.compile(rf"\(({_ONE_UNIT}(?:/{_ONE_UNIT})*)\)[:= ]*$")  # not: (best), (10-fold)
_NUMBER = "([-+0-9.eE]+)"
_DATA = (".csv", ".mat")
_REQUESTS = (".csv", ".json")
_SAVED = re.compile(r"""['"]model\.mat['"]""")
TOOLBOX = "Statistics and Machine Learning Toolbox"
_TOOLBOX = re.compile(r"\b(?:fit[cr][a-z]+|fitg?lm|TreeBagger)\s*\(")
_TEXT = re.compile(r"""'[^'\n]*'|"[^"\n]*"|%[^\n]*""")  # texts and comments
_QUOTED = re.compile(r"""'[^'\n]*'|"[^"\n]*\"""")
_CALLED = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)*")
_TESTS = {"test", "tests", "unittest", "unittests"}
_NO_CODE = ("node_modules", "private", "__pycache__")


def files(root: Path, without: Path) -> list[str]:
    """List the files below `root` by relative path, without hidden ones and those in `without`."""
    return sorted(path.relative_to(root).as_posix() for path in _walk(root, without))


def _walk(root: Path, without: Path) -> Iterator[Path]:
    for where, inner, names in os.walk(root):
        here = Path(where)
        inner[:] = [
            name
            for name in inner
            if not name.startswith((".", "@"))
            and name not in _NO_CODE
            and (here / name).resolve() != without.resolve()
        ]
        yield from (here / name for name in names if not name.startswith("."))


def training_functions(root: Path, names: list[str]) -> list[str]:
    """Find the files whose first function takes (env, varargin)."""
    return [name for name in names if _begins(root / name, _FUNCTION)]


def live_files(names: list[str]) -> str:
    """If there are live files, say how to export one; otherwise return an empty text."""
    live = [name for name in names if name.endswith(".mlx")]
    if not live:
        return ""
    plain = live[0].removesuffix("lx")
    return (
        "No .m file has a training function, and a job cannot run live files. If it is in "
        f"{' or '.join(live)}, export it in MATLAB: export('{live[0]}', '{plain}')"
    )


def handlers(root: Path, names: list[str]) -> list[str]:
    """Find the files with a class derived from sagemaker_inference.DefaultInferenceHandler."""
    return [name for name in names if _begins(root / name, _HANDLER)]


def kits_handler(function: Path) -> list[str]:
    """Suggest a handler of the kit if the training function saves model.mat, which it reads."""
    default, table = folders.KITS_HANDLERS
    saves = _SAVED.search(text(function))
    return [table if needs_toolbox(function) else default] if saves else []


def needs_toolbox(function: Path) -> bool:
    """Return whether a training function calls a function that trains a model of TOOLBOX."""
    return bool(_TOOLBOX.search(text(function)))


def models(root: Path, names: list[str]) -> list[str]:
    """Find files with a model: MAT-files with the variable model, and archives named model."""
    archives = [name for name in names if re.search(r"(?i)model[^/]*\.tar\.gz$", name)]
    return [name for name in names if name.endswith(".mat") and _has_model(root / name)] + archives


def _has_model(file: Path) -> bool:
    try:
        return file.is_file() and given_model.VARIABLE in (mat_file.variables(file) or ())
    except (OSError, ValueError):
        return False


def shared_folders(root: Path, names: list[str], entries: list[str]) -> list[str]:
    """Find the folders with functions that the code of one of `entries` calls but does not contain.

    `entries` are the files of training function and handler; each may call the other's code. Names
    in texts and comments do not count, and neither do files in the root folder or in folders of
    tests.
    """
    own = sorted({place(entry)[0] for entry in entries})
    placed = {name: place(name) for name in names if name.endswith(".m")}
    found = set()
    for one in own:
        mine = [name for name, (folder, _) in placed.items() if _below(folder, one)]
        known = {placed[name][1] for name in mine}
        called = {word for name in mine for word in _called(text(root / name))} - known
        found |= {
            next((o for o in own if _below(folder, o)), folder)
            for folder, function in placed.values()
            if function in called and folder != "." and _TESTS.isdisjoint(_words(folder))
        }
    return sorted(
        folder
        for folder in found
        if not any(_below(folder, other) for other in found - {folder})
        and not any(_below(o, folder) for o in own if o != folder)
    )


def _below(folder: str, other: str) -> bool:
    return other in (".", folder) or folder.startswith(f"{other}/")


def _called(code: str) -> Iterator[str]:
    """Yield the names in code, and for each qualified name also its packages and classes."""
    for name in _CALLED.findall(_TEXT.sub(" ", code)):
        parts = name.split(".")
        yield from (".".join(parts[:end]) for end in range(1, len(parts) + 1))


def _begins(file: Path, pattern: re.Pattern[str]) -> bool:
    return file.suffix == ".m" and bool(pattern.match(_code(text(file))))


def _code(text: str) -> str:
    """Strip the comments before the first statement, and join continued lines."""
    text = re.sub(r"(?ms)^[ \t]*[%#]\{[ \t]*$.*?^[ \t]*[%#]\}[ \t]*$", "", text)
    text = re.sub(r"\.\.\.[^\n]*\n", " ", text)
    return re.sub(r"\A(?:\s+|[%#][^\n]*)+", "", text)


def text(file: Path) -> str:
    """Read a file's text; empty if it cannot be read."""
    if not file.is_file():  # opening a named pipe would wait for its writer
        return ""
    try:
        return file.read_bytes().decode(errors="replace").replace("\r\n", "\n").lstrip("\ufeff")
    except OSError:
        return ""


def metrics(file: Path) -> list[str]:
    """Find the metrics that a training function prints, as NAME=REGULAR EXPRESSION."""
    return [f"{name}={_escaped(words)}{_NUMBER}" for name, words in printed(file).items()]


def printed(file: Path) -> dict[str, str]:
    """Return the words before each number that a function prints, by the metric's name.

    A name contains the unit only where two metrics differ in nothing else.
    """
    found = {_name(w): w for line in text(file).splitlines() for w in _of_line(line)}
    short = [_name(_UNIT.sub("", words)) for words in found.values()]
    return {
        name if short.count(name) == 1 else long: words
        for name, (long, words) in zip(short, found.items(), strict=True)
    }


def _name(words: str) -> str:
    return re.sub(r"\W+", "_", words).strip("_")


def _of_line(line: str) -> Iterator[str]:
    """Yield the words before the numbers that each fprintf of a line of code prints."""
    while found := _PRINTED.match(line):
        if "%" in _QUOTED.sub("", found["before"]):  # a comment
            return
        *pieces, _ = _CONVERSION.split(found["text"])
        named = [_WORDS.search(words) for words in pieces[::2]]
        numbers = [
            n["words"]
            for n, kind in zip(named, pieces[1::2], strict=True)
            if n and kind in "dfgeEGiu" and not _COUNTS.match(n["words"])
        ]
        yield from [n for n in numbers if n.rstrip()[-1] in ":="] or numbers[:1]
        line = line[found.end() :]


def units(file: Path) -> list[str]:
    """Find the units of metrics, in parentheses after their words, as NAME=UNIT."""
    found = {name: _UNIT.search(words) for name, words in printed(file).items()}
    return [f"{name}={unit[1]}" for name, unit in found.items() if unit]


def directions(metrics: list[str]) -> list[str]:
    """Guess from the names which values of metrics are better: NAME=higher or NAME=lower.

    `metrics` are NAME=…; those whose name does not say are left out.
    """
    names = [text.partition("=")[0] for text in metrics]
    known = {name: which for name in names for which, kind in _BETTER if kind.search(name)}
    return [f"{name}={which}" for name, which in known.items()]


_BETTER = (
    ("higher", re.compile(r"(?i)(^|_)(accuracy|acc|auc|f1|precision|recall|r2|score)(_|$)")),
    ("lower", re.compile(r"(?i)(^|_)(loss|error|rmse|mse|mae|mape)(_|$)")),
)


def _escaped(words: str) -> str:
    """Make a regular expression that matches `words`, and escape only special characters."""
    return re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", words)


def data_folders(names: list[str], code: list[str], requests: list[str]) -> list[str]:
    """Find the folders with data files: those named after training or data, or else all."""
    taken = {_folder(name) for name in (*code, *requests) if name in code or _asks(_folder(name))}
    data = [name for name in names if name.lower().endswith(_DATA) and name not in requests]
    beside = {_folder(name) for name in requests}
    answers = {name for name in data if _is_answer(name) and _folder(name) in beside}
    found = sorted({_folder(name) for name in data if name not in answers} - taken)
    for word in ("train", "data"):
        if called := [folder for folder in found if word in folder.lower()]:
            return called
    return found


def requests(names: list[str]) -> list[str]:
    """Find the files with requests to an endpoint: by the folder's name, or else by the file's."""
    tables = [name for name in names if name.lower().endswith(_REQUESTS) and not _is_answer(name)]
    return [n for n in tables if _asks(_folder(n))] or [n for n in tables if _asks(n)]


def expected(names: list[str], request: str) -> list[str]:
    """Find the files with the answer to `request`: expected… in the same folder."""
    beside = [name for name in names if _folder(name) == _folder(request)]
    return [n for n in beside if n.lower().endswith(_REQUESTS) and _is_answer(n)]


def project_name(name: str) -> str:
    """Derive a project's name from that of a repository or folder; the result may be empty."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:32].strip("-")


def _asks(path: str) -> bool:
    return not _words(path).isdisjoint(("request", "requests"))


def _words(path: str) -> set[str]:
    """Split the names of a path into words, in lower case: latestRequests has two."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", path)
    return set(re.findall(r"[^\W_]+", apart.lower()))


def _is_answer(name: str) -> bool:
    return name.rpartition("/")[2].lower().startswith("expected")


def _folder(name: str) -> str:
    return name.rpartition("/")[0] or "."
