"""The answers that a sagemaker.yml holds which stands there already. Pure.

It is a source of defaults, not checked here: what is wrong in it is told as any answer's fault.
"""

from __future__ import annotations

from typing import Any

from matlab_sagemaker import yamlfile
from matlab_sagemaker.errors import InputError


def answers(text: str) -> dict[str, Any]:
    """Return the answers in a project's text by name; none where it cannot be read."""
    try:
        project = yamlfile.parse(text, "").value
    except InputError:
        return {}
    if not isinstance(project, dict):
        return {}
    matlab, training, inference, aws = (
        part if isinstance(part := project.get(name), dict) else {}
        for name in ("matlab", "training", "inference", "aws")
    )
    found = {
        "name": project.get("name"),
        **{name: matlab.get(name) for name in ("engine", "release", "products")},
        "batch_token_secret": matlab.get("batch_token_secret"),
        "function": _file(training, "function"),
        "data": _pairs(training.get("channels")),
        "hyperparameter": _pairs(training.get("hyperparameters")),
        "metric": _pairs(training.get("metrics")),
        "instance_type": training.get("instance_type"),
        "max_runtime": training.get("max_runtime") and str(training["max_runtime"]),
        "handler": _file(inference, "handler"),
        "region": aws.get("region"),
    }
    return {name: value for name, value in found.items() if value}


def _file(section: dict[str, Any], key: str) -> str:
    """Return the file of a function or class: the packages that it is in are folders."""
    if not section.get(key):
        return ""
    *packages, name = str(section[key]).split(".")
    folders = "".join(f"+{package}/" for package in packages)
    return f"{section.get('code', '.')}/{folders}{name}.m"


def _pairs(values: Any) -> list[str]:
    """Return a mapping as NAME=VALUE texts, each value as YAML writes it where it is no text."""
    if not isinstance(values, dict):
        return []
    return [
        f"{name}={value if isinstance(value, str) else yamlfile.scalar(value)}"
        for name, value in values.items()
    ]
