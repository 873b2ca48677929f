"""Reads what a rehearsal has left in its folder: errors with their places, and the answer."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PACKAGES = re.compile(r" The '[^']+' function belongs to the .+ from Octave Forge.*")
_AT = re.compile(r"^  at .+ \((?P<file>.+), line -?\d+\)$", re.MULTILINE)
_WHERE = re.compile(r"^In (?P<name>.+) \((?P<file>.+), line (?P<line>-?\d+)\)", re.MULTILINE)


@dataclass(frozen=True)
class Fault:
    """An error as matlab/+sagemaker_training/failureReport.m writes it."""

    identifier: str
    message: str
    file: str = ""  # relative to the code; empty if the error did not happen in the user's code
    line: int = 0  # -1: the call to `function` itself failed
    function: str = ""  # as the engine names it
    below: tuple[str, ...] = ()  # files of functions that the user's line called, innermost first


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a rehearsal ended."""

    exit_code: int
    training: Fault | None = None
    handler: Fault | None = None
    answer: bytes | None = None
    release: str = ""  # of MATLAB; empty for Octave, or if unknown
    # If the handler failed:
    predictors: tuple[str, ...] = ()  # of the model, if known
    columns: tuple[str, ...] = ()  # of the request
    model_class: str = ""  # as MATLAB names it
    has_predict: bool = False  # whether that class has a predict
    load_error: str = ""  # why the model cannot be loaded
    started: bool = True  # whether the engine began it
    finished: bool = True  # whether the engine completed its work
    model: tuple[str, ...] = ()  # the files at the top of the model's folder


@dataclass(frozen=True)
class Copies:
    """The copies of the user's files in the folder of a rehearsal."""

    base: Path
    data: Mapping[str, Path]  # the user's folder of each channel

    def named(self, text: str) -> str:
        """Replace the paths of copies in a text by those of the user's files."""
        for part in ("code", "handler", "model"):
            text = text.replace(f"{self.base / part}{os.sep}", "")
        for name, own in self.data.items():
            text = _in_channel(text, str(self.base / "input/data" / name), str(own), name)
        return text


def _in_channel(text: str, copy: str, own: str, channel: str) -> str:
    """Replace the paths of a channel's files; where a path ends with a type, add the channel."""
    path = re.compile(rf"{re.escape(copy)}([/\\][^\s'\"]*\w\.\w+)?(?!\.*[\w/\\-])")
    text = path.sub(lambda at: f"{own}{at[1] or ''} (channel {channel})", text)
    return text.replace(f"{copy}{os.sep}", f"{own}{os.sep}")


def read(base: Path, exit_code: int, data: Mapping[str, Path]) -> Outcome:
    """Read the folder of a rehearsal that has ended; `data` has the folders of its channels."""
    copies = Copies(base, data)
    output, result = base / "output", _result(base / "output/result.json")
    answer = output / "answer"
    return replace(
        of_report(result),
        exit_code=exit_code,
        training=_fault(output / "failure", copies),
        handler=_fault(output / "handler-failure", copies),
        answer=answer.read_bytes() if answer.is_file() else None,
        load_error=copies.named(str(result.get("loadError", ""))),
        started=(output / "started").is_file(),
        finished=bool(result),
        model=tuple(sorted(path.name for path in (base / "model").iterdir())),
    )


def of_report(report: Mapping[str, Any]) -> Outcome:
    """Convert the report of sagemaker.internal.askHandler, without the answer."""
    told = str(report.get("failure", ""))
    return Outcome(
        exit_code=0,
        handler=parse_fault(told) if told else None,
        release=str(report.get("release", "")),
        predictors=tuple(map(str, report.get("predictors", ()))),
        columns=tuple(map(str, report.get("columns", ()))),
        model_class=str(report.get("modelClass", "")),
        has_predict=bool(report.get("hasPredict")),
        load_error=str(report.get("loadError", "")),
    )


def parse_fault(text: str) -> Fault:
    """Parse the text of a failure report."""
    head, _, rest = text.partition("\n")
    identifier, _, message = head.partition(": ")
    where = _WHERE.search(rest)
    file, line = (where["file"], int(where["line"])) if where else ("", 0)
    message = _PACKAGES.sub("", message).strip()  # no image has these packages
    function = where["name"] if where else ""
    below = tuple(_AT.findall(_called(rest, where[0] if where else "")))
    return Fault(identifier, message, file.replace("\\", "/"), line, function, below)


def _called(stack: str, where: str) -> str:
    """Return the frames inside the user's line, which the stack repeats unless it is innermost."""
    before, repeated, _ = f"{stack}\n".partition(f"\n  at {where[3:]}\n")
    return before if repeated else "" if where else stack


def _fault(file: Path, copies: Copies) -> Fault | None:
    """Read the error in a file, if there is one."""
    if not file.is_file():
        return None
    return parse_fault(copies.named(file.read_text(encoding="utf-8", errors="replace")))


def _result(file: Path) -> dict[str, Any]:
    try:
        value = json.loads(file.read_text(encoding="utf-8", errors="replace"))
    except (FileNotFoundError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
