"""The kinds of answers beside those of sagemaker.yml, and how what is typed becomes one. Pure."""

from __future__ import annotations

import json
import posixpath
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from matlab_sagemaker import kinds, yamlfile
from matlab_sagemaker.errors import InputError
from matlab_sagemaker.hyperparameters import HyperParameter

_BELOW = r"(?!/)(?!(.*/)?\.\.(/|$))"  # a path that stays in the repository
_NO_FILE = "a file of the repository, such as "


def pairs(value: Any, only: str = "") -> Any:
    """Return NAME=VALUE texts as a mapping; `only` is the name of a value that stands alone."""
    found: dict[str, str] = {}
    for text in [value] if isinstance(value, str) else value:
        name, mark, rest = text.partition("=")
        name, rest = (name, rest) if mark else (only, text)
        if not name or name in found:
            raise ValueError("NAME=VALUE, each name once")
        found[name] = rest
    return found


def listed(value: Any) -> list[str]:
    """Return the texts between commas."""
    texts = [value] if isinstance(value, str) else value
    return [name.strip() for text in texts for name in text.split(",") if name.strip()]


def typed(value: Any) -> Any:
    """Return the values of a mapping as sagemaker.yml would have them: 1 is a number."""
    return {name: _as_yaml(text) for name, text in pairs(value).items()}


def _as_yaml(text: str) -> Any:
    try:
        return yamlfile.parse(text, "").value
    except InputError as error:
        raise ValueError("NAME=VALUE, with a value as YAML writes it") from error


def _normal(value: Any) -> Any:
    return posixpath.normpath(value) if isinstance(value, str) and value else value


def _time(value: str) -> str:
    kinds.seconds(value)
    return value


def _runner(value: str) -> str:
    """Return a runner's label, or the JSON array of several."""
    allowed = 'a label such as ubuntu-24.04, or a JSON array such as ["self-hosted", "linux"]'
    labels: Any = [value]
    if value.startswith("["):
        try:
            labels = json.loads(value)
        except ValueError as error:
            raise ValueError(allowed) from error
    if not labels or not all(isinstance(label, str) and label.strip() for label in labels):
        raise ValueError(allowed)
    return value


ConfigFile = Annotated[
    str,
    kinds.Text(
        rf"{_BELOW}(?!(?i:\.git(hub)?)/)[^\\]*[^\\/]\.ya?ml",
        f"{_NO_FILE}sagemaker.yml (not below .github)",
        longest=1024,
    ),
    BeforeValidator(_normal),
]
MatlabFile = Annotated[
    str,
    kinds.Text(rf"{_BELOW}[^\\]*[^\\/]\.m", f"{_NO_FILE}code/trainModel.m", longest=1024),
    BeforeValidator(_normal),
]
RequestFile = Annotated[
    str, kinds.Text(rf"{_BELOW}[^\\]*[^\\/]", f"{_NO_FILE}requests/one.csv", longest=1024)
]
# Of a branch and an environment the roles' trust is made: no more than scripts/setup/aws.yml takes.
Branch = Annotated[
    str,
    kinds.Text(
        r"(?![-/.])(?!.*(\.\.|//|/\.|\.lock(/|$)))[A-Za-z0-9._/-]*[A-Za-z0-9_-]",
        "a branch's name of letters, digits and . _ - /",
        longest=200,
    ),
]
Environment = Annotated[
    str,
    kinds.Text(
        r"[A-Za-z0-9._-]+",
        "a GitHub environment's name of at most 200 letters, digits and . _ -",
        longest=200,
    ),
]
Kit = Annotated[
    str,
    kinds.Text(
        r"[A-Za-z0-9][A-Za-z0-9-]*/(?!\.{1,2}$)[A-Za-z0-9._-]+",
        "the kit's repository on GitHub, as owner/name",
        longest=140,
    ),
]
Ref = Annotated[
    str,
    kinds.Text(
        r"(?![0-9a-f]{7,39}$)(?!.*(\.\.|//))[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?",
        "a tag, a branch or a commit's whole 40 digits",
        longest=255,
    ),
]
Products = Annotated[
    list[kinds.Product], AfterValidator(kinds.products_that_fit), BeforeValidator(listed)
]
MaxRuntime = Annotated[str, AfterValidator(_time)]
Runner = Annotated[str, AfterValidator(_runner)]
Channels = Annotated[
    dict[kinds.ChannelName, kinds.Source], BeforeValidator(lambda value: pairs(value, "training"))
]
HyperParameters = Annotated[dict[kinds.HyperParameterName, HyperParameter], BeforeValidator(typed)]
Metrics = Annotated[dict[kinds.MetricName, kinds.MetricPattern], BeforeValidator(pairs)]
