"""Read YAML 1.2 with the line of every key, which PyYAML's own loader cannot do.

PyYAML reads YAML 1.1, where `no` is false, 1:30 is 90 and 1e-3 is text. Here a word is a word and a
number is a number, as in YAML 1.2's core schema. Source: https://yaml.org/spec/1.2.2/#103-core-schema
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import yaml

from matlab_sagemaker.errors import InputError, Place
from matlab_sagemaker.project import batch_token

Location = tuple["str | int", ...]  # the keys and indexes that lead to a value


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader with YAML 1.2's rules for plain values."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 (PyYAML's own attribute)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Return the node's value; raise a MarkedYAMLError if its tag does not fit."""
        try:
            value = super().construct_object(node, deep)
            if isinstance(value, str):
                value.encode()  # fails for an unpaired surrogate such as "\ud800"
            return value  # noqa: TRY300
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            kind = node.tag.rpartition(":")[2]
            problem = f"{str(node.value)[:40]!r} is not a value of the type {kind}"
            raise yaml.MarkedYAMLError(None, None, problem, node.start_mark) from error


for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        "-+0123456789.",
    ),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first)
    )


def _whole_number(loader: _Loader, node: yaml.ScalarNode) -> int:
    text = str(loader.construct_scalar(node))
    if len(text) > _MOST_DIGITS:
        raise ValueError
    return int(text, 0) if text[:2] in ("0o", "0x") else int(text)


_RULE = re.compile(r":\s+(>=?\s*[-+]?[.\d][-+.\w]*)")  # a comparison without quotes
_MOST_CHARACTERS = 100_000  # more than a sagemaker.yml needs
_MOST_VALUES = 10_000
_MOST_DIGITS = 1000
_DEEPEST = 50

_Loader.add_constructor("tag:yaml.org,2002:int", _whole_number)


@dataclass(frozen=True)
class Document:
    """The values of one YAML file, and the line number (from 1) of each."""

    file: str
    value: Any
    lines: dict[Location, int]

    def line(self, location: Location) -> int:
        """Return the line of `location`, or of the nearest value around it."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 1)


def parse(text: str, file: str) -> Document:
    """Read the document in `text`; raise InputError if it is not YAML or has a key twice."""
    if len(text) > _MOST_CHARACTERS:
        raise InputError(
            f"{file} has more than {_MOST_CHARACTERS} characters.",
            why="A sagemaker.yml cannot need so many.",
            do="Check that this is the right file.",
        )
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        lines: dict[Location, int] = {}
        if node is not None:
            _walk(node, (), lines, file)
        value = None if node is None else loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        why, number = f"{error.problem or error.context}", mark.line if mark else 0
        rule = _RULE.search("".join(text.split("\n")[number : number + 1]))
        raise _no_yaml(file, number + 1, why, rule[1] if rule else "") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _no_yaml(file, line, f"it has the character {chr(error.character)!r}") from error
    except RecursionError as error:
        raise _too_deep(file, loader.line + 1) from error
    return Document(file, value, lines)


def _no_yaml(file: str, line: int, why: str, rule: str = "") -> InputError:
    return InputError(
        f"{file}:{line}: this is not YAML: {batch_token.hidden(why)}.",
        do=f'Put the rule in quotes: "{rule}".' if rule else _advice(why),
        place=Place(file, line),
    )


def _too_deep(file: str, line: int) -> InputError:
    return InputError(
        f"{file}:{line}: values are nested more than {_DEEPEST} levels deep.",
        do="Check the indentation and the brackets.",
        place=Place(file, line),
    )


# Text that needs no quotes in YAML, except special words and numbers (no, 0o7, 1e-3).
_PLAIN = re.compile(r"[A-Za-z0-9_](?:[\w./-]|:(?=/)| (?=\w))*", re.ASCII)
_LONGEST = 1_000_000  # characters of a line; PyYAML folds longer ones


def scalar(value: Any) -> str:
    """Write a value, or a list of values, on one line of YAML."""
    if isinstance(value, list):
        return f"[{', '.join(map(scalar, value))}]"
    if not isinstance(value, str):
        return json.dumps(value, allow_nan=False)
    if _PLAIN.fullmatch(value) and all(
        yaml.load(value, loader) == value  # noqa: S506 (both are safe loaders)
        for loader in (_Loader, yaml.SafeLoader)
    ):
        return value
    quoted = yaml.safe_dump(value, default_style='"', allow_unicode=True, width=_LONGEST)
    return str(quoted).rstrip("\n")


def _advice(problem: str) -> str:
    if "escape character" in problem:
        return "Put a regular expression in single quotes: '(\\d+)'."
    return "Check the indentation, the colons and the quotes on this line and the one before."


def _walk(node: yaml.Node, location: Location, lines: dict[Location, int], file: str) -> None:
    if len(lines) > _MOST_VALUES:  # aliases of aliases can make many values from a short file
        line = node.start_mark.line + 1
        raise InputError(
            f"{file}:{line}: the file has more than {_MOST_VALUES} values.",
            do="Remove aliases, or check that this is the right file.",
            place=Place(file, line),
        )
    if len(location) > _DEEPEST:
        raise _too_deep(file, node.start_mark.line + 1)
    lines.setdefault(location, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _walk(item, (*location, index), lines, file)
    if isinstance(node, yaml.MappingNode):
        for name, item in node.value:
            inner = (*location, str(name.value))
            line = name.start_mark.line + 1
            if inner in lines:
                raise InputError(
                    f"{file}:{line}: the key '{batch_token.hidden(name.value)}' is here a second "
                    "time.",
                    why=f"It is already on line {lines[inner]}, and only one of them could count.",
                    do="Delete one of the two.",
                    place=Place(file, line),
                )
            lines[inner] = line
            _walk(item, inner, lines, file)
