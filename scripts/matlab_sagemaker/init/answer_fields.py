"""Types of answers that sagemaker.yml does not have, parsed from what the user types. Pure."""

from __future__ import annotations

import json
import posixpath
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator

from matlab_sagemaker.errors import InputError
from matlab_sagemaker.project import fields, folders, yaml12
from matlab_sagemaker.project.hyperparameters import HyperParameter

_BELOW = r"(?!/)(?!(.*/)?\.\.(/|$))"  # a path that stays in the repository
_NO_FILE = "a file in the repository, such as "


def pairs(value: Any, only: str = "") -> Any:
    """Parse NAME=VALUE texts to a mapping; a value without a name gets the name `only`."""
    found: dict[str, str] = {}
    for text in [value] if isinstance(value, str) else value:
        name, mark, rest = text.partition("=")
        name, rest = (name, rest) if mark else (only, text)
        if not name or name in found:
            raise ValueError("NAME=VALUE, with each name only once")
        found[name] = rest
    return found


def listed(value: Any) -> list[str]:
    """Split a text at commas."""
    texts = [value] if isinstance(value, str) else value
    return [name.strip() for text in texts for name in text.split(",") if name.strip()]


def typed(value: Any) -> Any:
    """Parse the values of a mapping as YAML would: 1 is a number."""
    return {name: _as_yaml(text) for name, text in pairs(value).items()}


def _as_yaml(text: str) -> Any:
    try:
        return yaml12.parse(text, "").value
    except InputError as error:
        raise ValueError("NAME=VALUE, with a valid YAML value") from error


def _normal(value: Any) -> Any:
    return posixpath.normpath(value) if isinstance(value, str) and value else value


def _time(value: str) -> str:
    fields.seconds(value)
    return value


def _number(value: Any) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise ValueError("a number of at least 0 and less than 1, such as 1e-3") from error


def _runner(value: str) -> str:
    """Check a runner's label, or a JSON array of labels."""
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
    fields.TextRule(
        rf"{_BELOW}(?!(?i:\.git(hub)?)/)[^\\]*[^\\/]\.ya?ml",
        f"{_NO_FILE}sagemaker.yml (not in .github)",
        longest=1024,
    ),
    BeforeValidator(_normal),
]
MatlabFile = Annotated[
    str,
    fields.TextRule(rf"{_BELOW}[^\\]*[^\\/]\.m", f"{_NO_FILE}code/trainModel.m", longest=1024),
    BeforeValidator(_normal),
]
Handler = Annotated[
    str,
    fields.TextRule(
        rf"{_BELOW}[^\\]*[^\\/]\.m|{'|'.join(map(re.escape, folders.KITS_HANDLERS))}",
        f"{_NO_FILE}inference/Handler.m, or {' or '.join(folders.KITS_HANDLERS)}",
        longest=1024,
    ),
    BeforeValidator(_normal),
]
Image = Annotated[
    str,
    fields.TextRule(
        r"[a-z0-9.-]+(:\d+)?/[a-z0-9._/-]+@sha256:[0-9a-f]{64}",
        "an image in ECR by its digest, …/my-repository@sha256:…; to find the digest of a tag: aws "
        "ecr describe-images --repository-name my-repository --image-ids imageTag=…",
        longest=512,
    ),
]
# The roles trust this branch and environment; scripts/setup/aws.yml accepts the same names.
Branch = Annotated[
    str,
    fields.TextRule(
        r"(?![-/.])(?!.*(\.\.|//|/\.|\.lock(/|$)))[A-Za-z0-9._/-]*[A-Za-z0-9_-]",
        "a branch name of letters, digits and . _ - /",
        longest=200,
    ),
]
Environment = Annotated[
    str,
    fields.TextRule(
        r"[A-Za-z0-9._-]+",
        "the name of a GitHub environment: at most 200 letters, digits and . _ -",
        longest=200,
    ),
]
Kit = Annotated[
    str,
    fields.TextRule(
        r"[A-Za-z0-9][A-Za-z0-9-]*/(?!\.{1,2}$)[A-Za-z0-9._-]+",
        "the kit's repository on GitHub, as owner/name, such as acme/matlab-sagemaker",
        longest=140,
    ),
]
Ref = Annotated[
    str,
    fields.TextRule(
        r"(?![0-9a-f]{7,39}$)(?!.*(\.\.|//))[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?",
        "a tag, a branch or all 40 digits of a commit",
        longest=255,
    ),
]
Products = Annotated[fields.Products, BeforeValidator(listed)]
Folders = Annotated[list[fields.Folder], BeforeValidator(listed)]
Tolerance = Annotated[fields.Tolerance, BeforeValidator(_number)]
Instance = Annotated[fields.TrainingInstance, fields.FOR_SERVING]
MaxRuntime = Annotated[str, AfterValidator(_time)]
Runner = Annotated[str, AfterValidator(_runner)]
Channels = Annotated[
    dict[fields.ChannelName, fields.ChannelSource],
    BeforeValidator(lambda value: pairs(value, "training")),
]
HyperParameters = Annotated[dict[fields.HyperParameterName, HyperParameter], BeforeValidator(typed)]
Directions = Annotated[
    dict[fields.MetricName, Literal["higher", "lower"]],
    BeforeValidator(lambda value: pairs(listed(value))),
]
Units = Annotated[
    dict[fields.MetricName, fields.Unit], BeforeValidator(lambda value: pairs(listed(value)))
]
MetricNames = Annotated[list[fields.MetricName], BeforeValidator(listed)]
Metrics = Annotated[dict[fields.MetricName, fields.MetricPattern], BeforeValidator(pairs)]
