"""A verb's inputs: those of its action.yml, as options, as INPUT_* variables, or by default."""

from __future__ import annotations

import argparse
import typing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from matlab_sagemaker.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.kinds import Text

Kind = TypeVar("Kind")


def read(
    kind: type[Kind],
    verb: str,
    action: Mapping[str, Any],
    environment: Mapping[str, str],
    arguments: list[str],
    first: str = "",
) -> Kind:
    """Return the inputs as `kind`, a dataclass with one field an input; raise InputError.

    A word that belongs to no option is the input `first`, for a verb that names one.
    """
    texts = vars(_parser(verb, action, environment, first).parse_args(arguments))
    if word := texts.pop("first word", ""):
        texts[first] = word
    types = typing.get_type_hints(kind)
    return kind(**{name: _convert(name, texts[name], types[name]) for name in types})


def check(name: str, value: str, kind: Text) -> None:
    """Raise InputError where an input is given, and is not what `kind` allows."""
    try:
        if value:
            kind.check(value)
    except ValueError as error:
        raise InputError(f"Input '{name}' is '{value}'; allowed: {error}.") from error


def _parser(
    verb: str, action: Mapping[str, Any], environment: Mapping[str, str], first: str
) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"scripts/run {verb}", description=action["description"], allow_abbrev=False
    )
    if first:
        parser.add_argument(
            "first word", metavar=first.upper(), nargs="?", help=f"the same as --{first}"
        )
    for name, about in action["inputs"].items():
        variable = "INPUT_" + name.upper().replace("-", "_")
        # What is given may be a secret, and is not shown; what GitHub fills in is its own.
        given, default = environment.get(variable, "").strip(), str(about.get("default", ""))
        default = "" if default.startswith("${{") else default
        described = f"{about['description']} [{default or 'not set'}]".replace("%", "%%")
        # An input that is true or false is a flag as well: --find-only is --find-only true.
        flag = {"nargs": "?", "const": "true"} if about.get("default") in ("true", "false") else {}
        words: dict[str, Any] = {
            "default": given or default,
            "help": described,
            "metavar": "VALUE",
            **flag,
        }
        parser.add_argument(f"--{name}", **words)
    parser.add_argument("--json", action="store_true", help="write the outputs as JSON")
    return parser


def _convert(name: str, text: str, kind: Any) -> Any:
    option = name.replace("_", "-")
    if choices := typing.get_args(kind):
        if text not in choices:
            raise InputError(f"Input '{option}' is '{text}'; allowed: {', '.join(choices)}.")
        return text
    if kind is bool:
        if text not in ("true", "false"):
            raise InputError(f"Input '{option}' is '{text}'; allowed: true or false.")
        return text == "true"
    if kind is int:
        if not text.isdecimal():
            raise InputError(f"Input '{option}' is '{text}'; allowed: a whole number.")
        return int(text)
    if kind is Path and not text:
        raise InputError(
            f"Input '{option}' is required.", do=f"Give it as --{option} or in `with:`."
        )
    return Path(text) if kind is Path else text
