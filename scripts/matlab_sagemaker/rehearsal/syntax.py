"""Checks that the engine can parse a project's .m files, in a new process or a MATLAB session."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from matlab_sagemaker import shell
from matlab_sagemaker.errors import NotJudgedError, Place
from matlab_sagemaker.project.build_context import KIT
from matlab_sagemaker.rehearsal import engine, parts
from matlab_sagemaker.rehearsal.flaws import CheckResult, Flaw
from source_path import source_folders

if TYPE_CHECKING:
    from matlab_sagemaker.project.content import Project
    from matlab_sagemaker.rehearsal.engine import LocalEngine
    from matlab_sagemaker.rehearsal.parts import Part

# Files that matlab/+sagemaker/+internal/parse.m reads and writes.
_ASKED, _REPORT = "files.json", "report.json"
_LINE = re.compile(r"\bLine: (?P<matlab>\d+)|\bnear line (?P<octave>\d+)")
_NAMED = "class name must match the file"  # Octave's message about a class
_QUOTE = re.compile(r">>>[^\n]*")


def check(project: Project) -> CheckResult:
    """Let the project's engine parse every .m file."""
    if not _files(project):
        return CheckResult("syntax", "no .m files to parse", skipped=True)
    try:
        used = engine.find(project.settings.matlab)
    except NotJudgedError as error:
        return CheckResult("syntax", error.what, skipped=True)
    with tempfile.TemporaryDirectory(prefix="check-") as name:
        folder = Path(name).resolve()
        ask(project, folder)
        files = (engine.quoted(str(folder / file)) for file in (_ASKED, _REPORT))
        command = used.command(f"sagemaker.internal.parse({', '.join(files)}); exit(0)")
        shell.run(command, what=f"Parsing with {used.title}")
        return read(project, folder)


def ask(project: Project, folder: Path) -> None:
    """Write the list of files to parse into a folder."""
    roots = [folder for part in _parts(project) for folder in part.folders]
    path = [str(each) for root in roots for each in source_folders(root)]
    asked = {"files": list(_files(project)), "path": path}
    (folder / _ASKED).write_text(json.dumps(asked), encoding="utf-8")


def read(project: Project, folder: Path) -> CheckResult:
    """Read the engine's report; if Octave replaces MATLAB, each flaw is only a warning."""
    report = json.loads((folder / _REPORT).read_text(encoding="utf-8", errors="replace"))
    used, files = engine.of_release(report["release"], project.settings.matlab), _files(project)
    told = [(each["file"], each["message"]) for each in report["errors"]]
    flaws = [_flaw(files[file], text.replace(file, files[file]), used) for file, text in told]
    counted = "your 1 file" if len(files) == 1 else f"your {len(files)} files"
    return CheckResult("syntax", f"{used.title} parses {counted}", tuple(flaws))


def _flaw(file: str, message: str, used: LocalEngine) -> Flaw:
    line = _LINE.search(message)
    number = int(line["matlab"] or line["octave"]) if line else 1
    text, cure = f"{used.title} cannot parse: {_said(message)}", "Correct the syntax"
    if _NAMED in message:
        return Flaw(Place(file, number), text, "Give the class and its file the same name")
    if used.stands_in:
        cure = (
            "If the line uses syntax that is newer than Octave's, such as an arguments block, "
            "ignore this; otherwise correct it (a bracket or an `end` too many or missing?)"
        )
    return Flaw(Place(file, number), text, cure, warns=used.stands_in)


def _said(message: str) -> str:
    """Shorten the engine's message to the reason, if it has one, and the line of code."""
    quote = _QUOTE.search(message)
    if not quote:
        return message.strip()
    said = message[: quote.start()].strip().splitlines()[1:]  # without the line that says where
    why = " ".join(line.strip() for line in said if line.strip() not in ("", "syntax error"))
    return ": ".join(filter(None, (why, quote[0][3:].strip())))


def _files(project: Project) -> dict[str, str]:
    """Map the absolute path of each .m file of the user's to the path that messages show."""
    paths = [path for part in _parts(project) for path in part.files.values()]
    own = [path for path in paths if not path.is_relative_to(KIT / "matlab")]
    return {str(path.resolve()): str(path) for path in own if path.suffix == ".m"}


def _parts(project: Project) -> list[Part]:
    found = (parts.training_of(project), parts.handler_of(project))
    return [part for part in found if part]
