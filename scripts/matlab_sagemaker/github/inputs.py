"""A verb's inputs, declared in its action.yml: from options, INPUT_* variables, or defaults."""

from __future__ import annotations

import argparse
import itertools
import typing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from matlab_sagemaker.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Parser(argparse.ArgumentParser):
    """A parser that raises InputError, and whose help ends with examples."""

    def format_help(self) -> str:
        from matlab_sagemaker.github import examples  # noqa: PLC0415 (only --help needs it)

        return f"{super().format_help()}\n{examples.text(self.prog.split()[-1])}"

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message}.", do=f"`{self.prog} --help` lists the options.")


InputsClass = TypeVar("InputsClass")
# By verb: the inputs that may be given without an option, in this order.
_WORDS = {
    "check-image": ("image",),
    "job": ("name",),
    "transfer": ("direction", "source", "folder"),
}
_FLAG = ("true", "false")
# Inputs that most verbs share; --help shows them below the verb's own.
_GROUPS = {
    "AWS account": ("region", "bucket", "training-role", "serving-role"),
    "signing in to AWS from a GitHub Actions job": (
        "role-to-assume", "audience", "role-session-name",
    ),
}  # fmt: skip
_JSON = "Write the outputs as JSON to standard output; the log goes to standard error."
_ERRORS = "With --json: write an error only to that JSON, not to standard error as well."
_VERBOSE = "Show each request to AWS: service, operation, status, seconds. RUNNER_DEBUG=1 does too."


def read(
    kind: type[InputsClass],
    verb: str,
    action: Mapping[str, Any],
    environment: Mapping[str, str],
    arguments: list[str],
) -> InputsClass:
    """Read the inputs as `kind`, a dataclass with one field per input.

    Raises InputError if an input is missing, unknown or invalid.
    """
    parser = _parser(verb, action, environment)
    texts = vars(parser.parse_intermixed_args(_with_values(action, arguments)))
    for name in _WORDS.get(verb, ()):
        texts[name] = texts.pop(f"word {name}") or texts[name]
    types = typing.get_type_hints(kind)
    return kind(**{name: _convert(name, texts[name], types[name]) for name in types})


def _with_values(action: Mapping[str, Any], arguments: list[str]) -> list[str]:
    """Replace `--flag` by `--flag=true`, so that the word after it is not taken as its value."""
    flags = {f"--{name}" for name, about in action["inputs"].items() if _is_flag(about)}
    return [
        f"{word}=true" if word in flags and after not in _FLAG else word
        for word, after in itertools.pairwise([*arguments, ""])
    ]


def _is_flag(about: Mapping[str, Any]) -> bool:
    """Check whether an input is true or false, so that its option needs no value."""
    return about.get("default") in _FLAG


def _is_required(about: Mapping[str, Any]) -> bool:
    return about.get("required") is True


def usage(verb: str, action: Mapping[str, Any], environment: Mapping[str, str]) -> str:
    """Format the text of --help: the options, with descriptions and defaults."""
    return _parser(verb, action, environment).format_help()


def _parser(
    verb: str, action: Mapping[str, Any], environment: Mapping[str, str]
) -> argparse.ArgumentParser:
    words = _WORDS.get(verb, ())
    shown = "".join(f" [{word.upper()}]" for word in words)
    parser = _Parser(
        prog=f"scripts/run {verb}",
        usage=f"scripts/run {verb}{shown} [options]",
        description=action["description"],
        allow_abbrev=False,
    )
    for word in words:
        same = f"the same as --{word}"
        parser.add_argument(f"word {word}", metavar=word.upper(), nargs="?", help=same)
    shared = {name: title for title, names in _GROUPS.items() for name in names}
    groups = {title: parser.add_argument_group(title) for title in _GROUPS}
    # Required inputs come first.
    for name, about in sorted(action["inputs"].items(), key=lambda item: not _is_required(item[1])):
        group = groups[shared[name]] if name in shared else parser
        group.add_argument(f"--{name}", **_option(name, about, environment))
    parser.add_argument("--json", action="store_true", help=_JSON)
    parser.add_argument("--errors-as-json", action="store_true", help=_ERRORS)
    if "role-to-assume" in action["inputs"]:
        parser.add_argument("--verbose", action="store_true", help=_VERBOSE)
    return parser


def _option(name: str, about: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """Build argparse's arguments for one input; its INPUT_* variable is the default."""
    variable = "INPUT_" + name.upper().replace("-", "_")
    # The variable may hold a secret, so help shows only the default of action.yml; an expression
    # such as ${{ github.token }} means nothing outside GitHub.
    given, default = environment.get(variable, "").strip(), str(about.get("default", ""))
    default = "" if default.startswith("${{") else default
    shown = f" (default: {default})" if default not in ("", "false") else ""
    shown += " (required)" if _is_required(about) else ""
    flag = {"nargs": "?", "metavar": "|".join(_FLAG)} if _is_flag(about) else {}
    return {
        "default": given or default,
        "help": f"{about['description']}{shown}".replace("%", "%%"),
        "metavar": "VALUE",
        **flag,
    }


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
            f"Input '{option}' is required.", do=f"Set it as --{option}, or in `with:`."
        )
    return Path(text) if kind is Path else text
