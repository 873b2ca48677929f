"""Problems in sagemaker.yml, worded for the user: where, what was found, what is allowed. Pure."""

from __future__ import annotations

import difflib
import json
import re
import typing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matlab_sagemaker.project import batch_token

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

    from matlab_sagemaker.project.yaml12 import Document, Location

# The values of these lists in words.
_ITEMS = {"code": "folder", "products": "product", "subnets": "subnet", "security_groups": "group"}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and the keys that lead to it."""

    location: Location
    text: str


def wrong(location: Location, found: str, allowed: str) -> Problem:
    """Describe the problem that a value is `found` where only `allowed` may be."""
    return Problem(location, f"{dotted(location)}: found {found}; allowed: {allowed}")


def as_text(problems: list[Problem], document: Document) -> str:
    """Write a line for each location that is wrong, in the order of the file."""
    first: dict[Location, Problem] = {}
    for problem in problems:
        first.setdefault(problem.location, problem)
    ordered = sorted(first.values(), key=lambda problem: document.line(problem.location))
    lines = (f"{document.file}:{document.line(p.location)}: {p.text}" for p in ordered)
    return batch_token.hidden("\n".join(lines))


def from_pydantic(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Convert pydantic's errors about a value of `model` to problems."""
    return [_problem(details, model) for details in error.errors()]


def _problem(details: Any, model: type[BaseModel]) -> Problem:
    location = tuple(part for part in details["loc"] if part != "[key]")
    if details["type"] == "missing":
        return Problem(location, f"{dotted(location)} is missing; it is required")
    if details["type"] == "extra_forbidden":
        return Problem(location, _unknown_key(location, model))
    raised = details.get("ctx", {}).get("error")
    return wrong(location, shown(details["input"]), str(raised or plain(details["msg"])))


def _unknown_key(location: Location, model: type[BaseModel]) -> str:
    section: Any = model
    for part in location[:-1]:
        section = _inner(section, part)
    known = list(section.model_fields)
    hint = did_you_mean(str(location[-1]), known)
    return f"{dotted(location)}: unknown key{hint or ';'} allowed here: {', '.join(known)}"


def _inner(kind: Any, part: str | int) -> Any:
    """Find the type of the value at `part` of a section, mapping or list."""
    inner = kind.model_fields[part].annotation if hasattr(kind, "model_fields") else kind
    if inner is kind:
        inner = typing.get_args(kind)[-1]
    while typing.get_origin(inner) not in (None, dict, list):  # an Annotated, or an optional one
        inner = typing.get_args(inner)[0]
    return inner


def did_you_mean(name: str, known: list[str], *, alike: float = 0.6) -> str:
    """Suggest the known name that is most alike (1: equal), to end a sentence; "" if none is."""
    nearest = difflib.get_close_matches(name, known, 1, alike)
    return f"; did you mean '{nearest[0]}'?" if nearest else ""


def shown(value: Any) -> str:
    """Show a found value as the user wrote it, on one short line."""
    if value is None:
        return "nothing"
    if isinstance(value, str):
        text = repr(value)
    else:  # as YAML has it: true, not True
        text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


def duration(seconds: int) -> str:
    """Write a number of seconds as sagemaker.yml may have it, such as 90m."""
    units = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))
    return next(f"{seconds // size}{unit}" for unit, size in units if seconds % size == 0)


def dotted(location: Location) -> str:
    """Name a key, such as training.code, or a value of a list: the 2nd folder of training.code."""
    *keys, last = location or ("",)
    if isinstance(last, int) and keys and keys[-1] in _ITEMS:
        return f"the {_ordinal(last + 1)} {_ITEMS[keys[-1]]} of {dotted(tuple(keys))}"
    return ".".join(batch_token.hidden(str(part)) for part in location) or "the whole file"


def _ordinal(number: int) -> str:
    ends = {1: "st", 2: "nd", 3: "rd"} if number % 100 not in (11, 12, 13) else {}
    return f"{number}{ends.get(number % 10, 'th')}"


def plain(message: str) -> str:
    """Translate pydantic's technical words for a user."""
    for technical, words in _WORDS:
        message = technical.sub(words, message)
    return message


_WORDS = tuple(
    (re.compile(technical), words)
    for technical, words in (
        (r"Keys should be strings", "a text as the key"),
        (r"Input should be ", ""),
        (r"Dictionary should have", "a mapping with"),
        (r"List should have", "a list with"),
        (r" after validation.*", ""),
        (r"valid dictionary( or instance of \w+)?", "mapping of keys and values"),
        (r"valid integer", "whole number"),
        (r"valid string", "text"),
        (r"a valid boolean", "true or false"),
        (r"\bvalid ", ""),
        (r"greater than or equal to (\S+)", r"\1 or more"),
        (r"less than or equal to", "at most"),
    )
)
