"""What is wrong with sagemaker.yml, in a user's words: where, what was found, what may be. Pure."""

from __future__ import annotations

import difflib
import typing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

    from matlab_sagemaker.yamlfile import Document, Location


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, at the keys that lead to it."""

    location: Location
    text: str


def wrong(location: Location, found: str, allowed: str) -> Problem:
    """Return the problem that `found` stands where only `allowed` may."""
    return Problem(location, f"{_dotted(location)}: found {found}; allowed: {allowed}")


def as_text(problems: list[Problem], document: Document) -> str:
    """Return a line for each location that is wrong, in the order of the file."""
    first: dict[Location, Problem] = {}
    for problem in problems:
        first.setdefault(problem.location, problem)
    ordered = sorted(first.values(), key=lambda problem: document.line(problem.location))
    return "\n".join(f"{document.file}:{document.line(p.location)}: {p.text}" for p in ordered)


def from_pydantic(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Return pydantic's errors about a value of `model` as problems."""
    return [_problem(details, model) for details in error.errors()]


def _problem(details: Any, model: type[BaseModel]) -> Problem:
    location = tuple(part for part in details["loc"] if part != "[key]")
    if details["type"] == "missing":
        return Problem(location, f"{_dotted(location)} is missing; it is required")
    if details["type"] == "extra_forbidden":
        return Problem(location, _unknown_key(location, model))
    raised = details.get("ctx", {}).get("error")
    return wrong(location, shown(details["input"]), str(raised or plain(details["msg"])))


def _unknown_key(location: Location, model: type[BaseModel]) -> str:
    section: Any = model
    for part in location[:-1]:
        annotation = section.model_fields[part].annotation
        section = next((a for a in typing.get_args(annotation) if a), annotation)
    known = list(section.model_fields)
    hint = did_you_mean(str(location[-1]), known)
    return f"{_dotted(location)}: unknown key{hint or ';'} allowed here: {', '.join(known)}"


def did_you_mean(name: str, known: list[str]) -> str:
    """Return the hint at the nearest known name, or nothing; it follows a sentence."""
    nearest = difflib.get_close_matches(name, known, 1)
    return f"; did you mean '{nearest[0]}'?" if nearest else ""


def shown(value: Any) -> str:
    """Return a found value as a user would recognise it, on one line and not too long."""
    if value is None:
        return "nothing"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _dotted(location: Location) -> str:
    return ".".join(str(part) for part in location) or "the whole file"


def plain(message: str) -> str:
    """Return pydantic's words about a value in those of a user."""
    for technical, plain in _WORDS:
        message = message.replace(technical, plain)
    return message


_WORDS = (
    ("Input should be a ", "a "),
    ("Input should be ", ""),
    ("Dictionary should have", "a mapping with"),
    ("List should have", "a list with"),
    ("valid dictionary or instance of", "mapping of keys and values for"),
    ("valid dictionary", "mapping of keys and values"),
    ("valid integer", "whole number"),
    ("valid string", "text"),
    ("valid list", "list"),
)
