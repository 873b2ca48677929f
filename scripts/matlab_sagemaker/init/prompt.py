"""Gets the answers: from options, from the repository, or by asking on a terminal."""

from __future__ import annotations

import argparse
import os
import re
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matlab_sagemaker.errors import InputError
from matlab_sagemaker.github import examples
from matlab_sagemaker.init import answer_fields, answers, discover, kept, terminal
from matlab_sagemaker.init.answers import Answers, option
from matlab_sagemaker.init.render import KitFacts
from matlab_sagemaker.project import git
from matlab_sagemaker.project.build_context import KIT
from matlab_sagemaker.project.folders import KITS_HANDLERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from matlab_sagemaker.init.files import Change

Values = dict[str, Any]
MANY = ("data", "hyperparameter", "metric", "better", "unit", "optional", "products", "shared")
WHOLE = ("metric", "better", "unit", "shared")  # if several are found, all are used
ASKED = (
    "name", "engine", "model", "function", "data", "better", "unit", "handler", "products",
    "shared", "region", "branch", "environment", "request", "expected", "kit",
)  # fmt: skip
PATHS = ("config", "model", "function", "data", "handler", "shared", "request", "expected")
CONFIG = "sagemaker.yml"
NONE = "-"  # what users type for no answer, if there is a default


def parser(verb: str, description: str) -> argparse.ArgumentParser:
    """Make the option parser: one option for each answer, and those for the run itself."""
    made = argparse.ArgumentParser(
        prog=f"scripts/run {verb}",
        description=description,
        epilog=examples.text(verb),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("--folder", type=Path, default=Path(), help="Your repository [.]")
    for name, field in Answers.model_fields.items():
        default = f" [{field.default}]" if _default(name) else ""
        described = f"{answers.described(name)}{default}".replace("%", "%%")
        words: Values = {"help": described, "dest": name}
        if field.annotation is bool:
            words |= {"action": "store_const", "const": True}
        else:
            words |= {"metavar": "TEXT", "action": "append" if name in MANY else "store"}
        made.add_argument(option(name), **words)
    made.add_argument(
        "--workflows", action="store_true", help="Keep the project's file; write only the workflows"
    )
    made.add_argument("--yes", action="store_true", help="Do not ask; use what is found")
    made.add_argument("--dry-run", action="store_true", help="Show the files; write nothing")
    made.add_argument("--force", action="store_true", help="Replace files that differ")
    return made


def given(options: argparse.Namespace) -> Values:
    """Read the answers from the options; raise InputError if one of them is wrong."""
    typed = {n: v for n, v in vars(options).items() if n in Answers.model_fields and v is not None}
    values = {name: with_slashes(name, value) for name, value in typed.items()}
    answers.refuse(answers.wrong(values))
    if options.workflows:
        values |= kept.answers(options.folder / values.get("config", CONFIG))
    return values


def with_slashes(name: str, value: Any, separator: str = os.sep) -> Any:
    """Write a path with slashes, also on Windows; other answers stay as they are."""
    if isinstance(value, list):
        return [with_slashes(name, each, separator) for each in value]
    return value.replace(separator, "/") if name in PATHS else value


class Finder:
    """Finds answers in the repository; some depend on the known `values`."""

    def __init__(self, folder: Path, values: Values) -> None:
        self.folder = folder
        self.values = values
        self.root: Path = (folder / values.get("config", CONFIG)).parent
        self.remote = git.find_remote(folder)
        self.names = discover.files(self.root, KIT) if self.root.is_dir() else []

    def candidates(self, name: str) -> list[str]:
        """Find the candidates for the answer `name`."""
        finders: dict[str, Callable[[], list[str]]] = {
            "name": self._names,
            "model": self._models,
            "function": lambda: discover.training_functions(self.root, self.names),
            "handler": self._handlers,
            "shared": self._shared,
            "data": self._data,
            "metric": self._metrics,
            "better": self._directions,
            "unit": self._units,
            "products": self._products,
            "branch": lambda: [git.find_branch(self.folder)],
            "request": lambda: discover.requests(self.names),
            "expected": lambda: discover.expected(self.names, self.values.get("request", "")),
            "kit": self._kits,
        }
        return [text for text in finders.get(name, list)() if text]

    def notes(self, name: str) -> list[str]:
        """Explain why no training function was found; nothing if there is a model."""
        if name not in ("model", "function") or self.candidates("function"):
            return []
        return [note] if (note := discover.live_files(self.names)) else []

    def metric_note(self) -> str:
        """Say which metrics the training function prints; empty if they are given, or none are."""
        found = {} if "metric" in self.values else discover.printed(self._function())
        listed = "; ".join(f"{name}, from `{words}…`" for name, words in found.items())
        return f"Found in {self.values['function']}: {listed}" if listed else ""

    def metric_names(self) -> list[str]:
        """Return the names of the metrics that are given or, without any, found."""
        return list(answer_fields.pairs(self.values.get("metric") or self._metrics()))

    def kit_facts(self, answers: Answers) -> KitFacts:
        """Find the version of the kit's commit, and whether it is on GitHub Enterprise Server."""
        is_commit = re.fullmatch(r"[0-9a-f]{40}", answers.ref)
        version = git.find_version(KIT, answers.ref) if is_commit else ""
        return KitFacts(version, on_server=bool(self.remote and not self.remote.on_github))

    def _names(self) -> list[str]:
        name = self.remote.name if self.remote else self.folder.resolve().name
        return [discover.project_name(name)]

    def _models(self) -> list[str]:
        trains = self.values.get("function") or discover.training_functions(self.root, self.names)
        return [] if trains else discover.models(self.root, self.names)

    def _handlers(self) -> list[str]:
        found = discover.handlers(self.root, self.names)
        if found or self.values.get("model"):
            return found or [KITS_HANDLERS[0]]
        return discover.kits_handler(self._function())

    def _shared(self) -> list[str]:
        return discover.shared_folders(self.root, self.names, self._code())

    def _data(self) -> list[str]:
        return discover.data_folders(self.names, self._code(), discover.requests(self.names))

    def _code(self) -> list[str]:
        """List the files of training function and handler that are known so far."""
        named = [self.values.get(name) or "" for name in ("function", "handler")]
        return [name for name in named if name.endswith(".m")]

    def _metrics(self) -> list[str]:
        return discover.metrics(self._function())

    def _directions(self) -> list[str]:
        return discover.directions(self.values.get("metric") or self._metrics())

    def _units(self) -> list[str]:
        names, found = self.metric_names(), discover.units(self._function())
        return [text for text in found if text.partition("=")[0] in names]

    def _products(self) -> list[str]:
        handler, engine = self.values.get("handler"), self.values.get("engine", "matlab")
        is_needed = handler == KITS_HANDLERS[1] or discover.needs_toolbox(self._function())
        return [discover.TOOLBOX] if is_needed and engine == "matlab" else []

    def _function(self) -> Path:
        return self.root / (self.values.get("function") or "")

    def _kits(self) -> list[str]:
        if git.find_root(KIT) != KIT:  # a copy in another repository has no address of its own
            return []
        kit = git.find_remote(KIT)
        known = kit and (kit.on_github or (self.remote and kit.host == self.remote.host))
        return [kit.full_name] if kit and known else []


def confirm(changes: list[Change]) -> bool:
    """Ask whether to write the files, if there are any changes."""
    if all(change.state == "same" for change in changes):
        return True
    return terminal.ask("Write them? y or n", "y").lower() in ("y", "yes")


def ask(finder: Finder) -> None:
    """Ask for the answers that the options do not give; the default is what was found."""
    for name in ASKED:
        if name in finder.values or _is_needless(name, finder.values):
            continue
        candidates = finder.candidates(name)
        if name == "better" and (note := finder.metric_note()):
            terminal.show(f"  {note}")
        if name in ("model", "shared", "better", "unit") and not candidates:
            continue
        if len(candidates) > 1 and name not in WHOLE:
            terminal.show(f"  Found: {', '.join(candidates)}")
        for note in finder.notes(name):
            terminal.show(f"  {note}")
        takes_all = len(candidates) == 1 or name in WHOLE
        default = ", ".join(candidates) if takes_all else _default(name)
        finder.values[name] = _ask(finder, name, default)
        if name == "request" and not finder.values[name]:
            terminal.show(f"  {_no_request(candidates)}")


def _is_needless(name: str, values: Values) -> bool:
    if name in (*answers.TRAINING, "products") and values.get("model"):
        return True
    if name == "products":
        return values.get("engine") == "octave"
    if name == "expected" and not values.get("request"):
        return True
    return name in ("environment", "request", "expected") and not (
        values.get("handler", NONE) or values.get("model")
    )


def complete(finder: Finder) -> Answers:
    """Add the answers that were found; raise InputError if some are still missing."""
    missing: dict[str, list[str]] = {}
    for name, field in Answers.model_fields.items():
        if name in finder.values or (name in answers.TRAINING and finder.values.get("model")):
            continue
        candidates = finder.candidates(name)
        if len(candidates) == 1 or (candidates and name in WHOLE):
            finder.values[name] = candidates if name in MANY else candidates[0]
            for note in finder.notes(name):
                terminal.show(note)
        elif field.is_required() or name in ("function", "data"):
            why = _NO_KIT if name == "kit" else _why(candidates)
            text = f"{option(name)}: {field.description}; {why}"
            missing[name] = [text, *finder.notes(name)]
    if missing:
        none = " (--handler '' to train only)" if "handler" in missing else ""
        raise InputError(
            "\n".join(["These answers are missing:", *chain(*missing.values())]),
            do=f"Give them as options{none}, or run this in a terminal. Nothing was written.",
        )
    made = answers.checked(finder.values)
    if made.serves and "request" not in finder.values:
        terminal.show(_no_request(finder.candidates("request")))
    return made


_NO_KIT = (
    "your workflows call it: fork or import the kit into your organization and push a tag v1 (the "
    "kit's docs/getting-started.md)"
)


def _no_request(found: list[str]) -> str:
    """Say what it means that no request file is chosen, and what to do."""
    cure = f"Choose one with --request: {', '.join(found)}." if found else _WRITE_ONE
    return (
        "No request file: nothing tests what the endpoint answers, and a bad deployment is not "
        f"rolled back. {cure}"
    )


_WRITE_ONE = "Write a .csv with a line of column names and one row."


def _why(candidates: list[str]) -> str:
    return f"there are several: {', '.join(candidates)}" if candidates else "none was found"


def _default(name: str) -> str:
    field = Answers.model_fields[name]
    return field.default if isinstance(field.default, str) else ""


def _ask(finder: Finder, name: str, default: str) -> Any:
    """Ask until the answer is valid."""
    question = answers.described(name, NONE if default else "empty", " for none")
    while True:
        typed = terminal.ask(question, default)
        value = "" if typed == NONE else with_slashes(name, typed)
        wrong = _wrong(finder, name, value)
        if not wrong:
            return value
        terminal.show(f"  {wrong}")


def _wrong(finder: Finder, name: str, value: Any) -> str:
    found = answers.wrong({name: value})
    if found or name not in answers.BY_METRIC:
        return found.get(name, "")
    named = answer_fields.pairs(answer_fields.listed(value))
    return answers.unknown_metrics(named, finder.metric_names())
