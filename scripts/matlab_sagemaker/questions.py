"""How answers are come by: given as options, found in the repository, or asked on a terminal."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matlab_sagemaker import answers, finding, git, standing, terminal
from matlab_sagemaker.answers import Answers, option
from matlab_sagemaker.contexts import KIT
from matlab_sagemaker.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

Values = dict[str, Any]
MANY = ("products", "data", "hyperparameter", "metric")
ASKED = (
    "name", "engine", "products", "function", "data", "handler", "region", "branch", "environment",
    "request", "expected", "kit",
)  # fmt: skip
CONFIG = "sagemaker.yml"
NONE = "-"  # typed for no answer, where there is a default


def parser(verb: str, description: str) -> argparse.ArgumentParser:
    """Return the options: one for each answer, and how to go about it."""
    made = argparse.ArgumentParser(
        prog=f"scripts/run {verb}", description=description, allow_abbrev=False
    )
    made.add_argument("--folder", type=Path, default=Path(), help="your repository [.]")
    for name, field in Answers.model_fields.items():
        default = f" [{field.default}]" if _default(name) else ""
        described = f"{field.description}{default}".replace("%", "%%")
        words: Values = {"help": described, "dest": name}
        if field.annotation is bool:
            words |= {"action": "store_const", "const": True}
        else:
            words |= {"metavar": "TEXT", "action": "append" if name in MANY else "store"}
        made.add_argument(option(name), **words)
    made.add_argument("--yes", action="store_true", help="ask nothing; take what is found")
    made.add_argument("--dry-run", action="store_true", help="show the files, and write nothing")
    made.add_argument("--force", action="store_true", help="overwrite files that differ")
    return made


def given(options: argparse.Namespace) -> Values:
    """Return the answers that the options hold; raise InputError where one of them is wrong."""
    values = {n: v for n, v in vars(options).items() if n in Answers.model_fields and v is not None}
    answers.refuse(answers.wrong(values))
    return values


class Finder:
    """What the repository shows, as far as the answers before it lead to it."""

    def __init__(self, folder: Path, values: Values) -> None:
        self.folder = folder
        self.values = values
        self.root = (folder / values.get("config", CONFIG)).parent
        self.remote = git.find_remote(folder)
        self.names = finding.files(self.root, KIT) if self.root.is_dir() else []
        self.all_names = finding.files(folder, KIT)
        text = finding.text(folder / values.get("config", CONFIG))
        self.standing, self.settings = standing.answers(text), standing.settings(text)
        for name, value in self.standing.items():
            if name not in ASKED or name in MANY:  # what cannot be a default of a question
                values.setdefault(name, value)

    def candidates(self, name: str) -> list[str]:
        """Return what may be the answer `name`, in order; one alone is taken for it."""
        if name in self.standing:
            return [self.standing[name]]
        finders: dict[str, Callable[[], list[str]]] = {
            "name": self._names,
            "function": lambda: finding.training_functions(self.root, self.names),
            "handler": lambda: finding.handlers(self.root, self.names),
            "data": self._data,
            "metric": self._metrics,
            "branch": lambda: [git.find_branch(self.folder)],
            "request": lambda: finding.requests(self.all_names),
            "expected": lambda: finding.expected(self.all_names, self.values.get("request", "")),
            "kit": self._kits,
        }
        return [text for text in finders.get(name, list)() if text]

    def _names(self) -> list[str]:
        name = self.remote.name if self.remote else self.folder.resolve().name
        return [finding.project_name(name)]

    def _data(self) -> list[str]:
        code = [self.values.get(name, "") for name in ("function", "handler")]
        return finding.data_folders(self.names, code, finding.requests(self.names))

    def _metrics(self) -> list[str]:
        return finding.metrics(self.root / self.values.get("function", ""))

    def _kits(self) -> list[str]:
        kit = git.find_remote(KIT)
        known = kit and (kit.on_github or (self.remote and kit.host == self.remote.host))
        return [kit.full_name] if kit and known else []


def ask(finder: Finder) -> None:
    """Ask for what the options do not say, each with what is found as its default."""
    for name in ASKED:
        if name in finder.values or _is_needless(name, finder.values):
            continue
        candidates = finder.candidates(name)
        if len(candidates) > 1:
            terminal.show(f"  Found: {', '.join(candidates)}")
        default = candidates[0] if len(candidates) == 1 else _default(name)
        finder.values[name] = _ask(name, default)


def _is_needless(name: str, values: Values) -> bool:
    if name == "products":
        return values.get("engine") == "octave"
    return name in ("environment", "request", "expected") and values.get("handler") == ""


def complete(finder: Finder) -> Answers:
    """Return the answers, with what is found for those not given; raise InputError for the rest."""
    missing = []
    for name, field in Answers.model_fields.items():
        if name in finder.values:
            continue
        candidates = finder.candidates(name)
        if len(candidates) == 1 or (candidates and name == "metric"):
            finder.values[name] = candidates if name in MANY else candidates[0]
        elif field.is_required():
            why = _NO_KIT if name == "kit" else _why(candidates)
            missing.append(f"{option(name)}: {field.description}; {why}")
    if missing:
        raise InputError("These answers are missing:\n" + "\n".join(missing), do=_GIVE)
    return answers.checked(finder.values)


_NO_KIT = (
    "the workflows call it, so GitHub has to have it: fork or import the kit into your "
    "organization and push a tag v1 (README, from zero)"
)
_GIVE = (
    "Give them as options (--handler '' where there is none), or run this on a terminal. "
    "Nothing was written."
)


def _why(candidates: list[str]) -> str:
    return f"found are {', '.join(candidates)}" if candidates else "none was found"


def _default(name: str) -> str:
    field = Answers.model_fields[name]
    return field.default if isinstance(field.default, str) else ""


def _ask(name: str, default: str) -> Any:
    """Ask until the answer is one."""
    while True:
        none = f" ({NONE} for none)" if default and not answers.wrong({name: ""}) else ""
        typed = terminal.ask(f"{Answers.model_fields[name].description}{none}", default)
        value = "" if typed == NONE else typed
        wrong = answers.wrong({name: value})
        if not wrong:
            return value
        terminal.show(f"  {wrong[name]}")
