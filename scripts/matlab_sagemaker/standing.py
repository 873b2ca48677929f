"""What a sagemaker.yml holds which stands there already: answers, and settings beside them. Pure.

It is a source of defaults, not checked here: what is wrong in it is told as any answer's fault.
"""

from __future__ import annotations

import math
from typing import Any

from matlab_sagemaker import config, yamlfile
from matlab_sagemaker.errors import InputError


def answers(text: str) -> dict[str, Any]:
    """Return the answers in a project's text by name; none where it cannot be read."""
    project = _project(text)
    matlab, training, inference, aws = (
        _section(project, name) for name in ("matlab", "training", "inference", "aws")
    )
    found = {
        "name": project.get("name"),
        **{name: matlab.get(name) for name in ("engine", "release", "products")},
        "batch_token_secret": matlab.get("batch_token_secret"),
        "function": _file(training, "function"),
        "data": _pairs(training.get("channels")),
        "hyperparameter": _typed_pairs(training.get("hyperparameters")),
        "metric": _pairs(training.get("metrics")),
        "instance_type": training.get("instance_type"),
        "max_runtime": training.get("max_runtime") and str(training["max_runtime"]),
        "handler": _file(inference, "handler"),
        "region": aws.get("region"),
    }
    return {name: value for name, value in found.items() if value}


def settings(text: str) -> dict[str, dict[str, Any]]:
    """Return the settings in a project's text by section and key, so that none of them is lost.

    A key of the endpoint that says what an answer for another section says follows that answer:
    in place of its value stands None. Where no project stands, there is no section at all.
    """
    project = _project(text)
    found = {name: _settings(name, _section(project, name)) for name in _SECTIONS if project}
    made = {
        "name": project.get("name"),
        "instance_type": _section(project, "training").get("instance_type"),
    }
    for key, value in made.items():
        if value and found["endpoint"].get(key) == value:
            found["endpoint"][key] = None
    return found


_SECTIONS: dict[str, type[config.Section]] = {
    "matlab": config.Matlab,
    "training": config.Training,
    "endpoint": config.Endpoint,
    "aws": config.Aws,
}


def _settings(name: str, section: dict[str, Any]) -> dict[str, Any]:
    """Return the keys that are the section's own, with the values that can be written again."""
    known = _SECTIONS[name].model_fields
    return {key: value for key, value in section.items() if key in known and _is_setting(value)}


def _is_setting(value: Any) -> bool:
    """Tell whether a value is of a shape that sagemaker.yml has: on one line, or a mapping so."""
    parts = [*value, *value.values()] if isinstance(value, dict) else [value]
    return all(map(_is_on_one_line, parts))


def _is_on_one_line(value: Any) -> bool:
    items = value if isinstance(value, list) else [value]
    return all(
        isinstance(item, str | int) or (isinstance(item, float) and math.isfinite(item))
        for item in items
    )


def _project(text: str) -> dict[str, Any]:
    try:
        project = yamlfile.parse(text, "").value
    except InputError:
        return {}
    return project if isinstance(project, dict) else {}


def _section(project: dict[str, Any], name: str) -> dict[str, Any]:
    section = project.get(name)
    return section if isinstance(section, dict) else {}


def _file(section: dict[str, Any], key: str) -> str:
    """Return the file of a function or class: the packages that it is in are folders."""
    if not section.get(key):
        return ""
    *packages, name = str(section[key]).split(".")
    folders = "".join(f"+{package}/" for package in packages)
    return f"{section.get('code', '.')}/{folders}{name}.m"


def _pairs(values: Any) -> list[str]:
    """Return a mapping as NAME=VALUE texts, each value as YAML writes it where it is no text."""
    return [
        f"{name}={value if isinstance(value, str) else yamlfile.scalar(value)}"
        for name, value in _writable(values).items()
    ]


def _typed_pairs(values: Any) -> list[str]:
    """Return the same where texts are read as YAML as well: a text "5" is no number."""
    return _pairs({name: yamlfile.scalar(value) for name, value in _writable(values).items()})


def _writable(values: Any) -> dict[str, Any]:
    """Return what of a mapping can be written again; what sagemaker.yml cannot have is left out."""
    pairs = values.items() if isinstance(values, dict) else ()
    return {name: value for name, value in pairs if _is_on_one_line(value)}
