"""How a repository's workflows call those of the kit that deploy: the branches and environments.

A file that cannot be read is ignored; the value of an expression is unknown.
Source: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matlab_sagemaker.errors import InputError
from matlab_sagemaker.project import yaml12

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER = ".github/workflows"
ENVIRONMENT = "production"  # the default of the kit's own workflows
_KITS = re.compile(r"[^/\s]+/[^/\s]+/\.github/workflows/(?:deploy|operate)\.yml@\S+")
_PLAIN = re.compile(r"[^*?+!\[\]]+")  # a branch's name, not a pattern
ANY = "*"


@dataclass(frozen=True, kw_only=True)
class Calls:
    """What the calls that pass a role say; * means unknown."""

    files: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()  # pushes to them are deployed
    environments: tuple[str, ...] = ()


def find(root: Path, config: str) -> Calls:
    """Find the calls for the project in `config` in the workflows of the repository at `root`."""
    files: list[str] = []
    branches: list[str] = []
    environments: list[str] = []
    for file in sorted((root / FOLDER).glob("*.y*ml")):
        flow = _read(file)
        for inputs in _inputs(flow):
            if posixpath.normpath(str(inputs.get("config", "sagemaker.yml"))) == config:
                files.append(file.name)
                branches += _pushed(flow)
                environments.append(_known(inputs.get("environment", ENVIRONMENT)))
    return Calls(
        files=_unique(files), branches=_unique(branches), environments=_unique(environments)
    )


def _read(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        flow = yaml12.parse(file.read_text(encoding="utf-8"), "").value
    except (InputError, OSError, UnicodeDecodeError):
        return {}
    return _mapping(flow)


def _inputs(flow: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the inputs of each call that passes a role to assume."""
    for job in map(_mapping, _mapping(flow.get("jobs")).values()):
        inputs = _mapping(job.get("with"))
        if _KITS.fullmatch(str(job.get("uses", ""))) and inputs.get("role-to-assume"):
            yield inputs


def _pushed(flow: dict[str, Any]) -> list[str]:
    """List the branches whose pushes run a workflow; * for a pattern or an expression."""
    branches = _mapping(_mapping(flow.get("on")).get("push")).get("branches", [])
    listed = branches if isinstance(branches, list) else [branches]
    return [_known(name) if _PLAIN.fullmatch(str(name)) else ANY for name in listed]


def _known(value: Any) -> str:
    return ANY if "${{" in str(value) else str(value)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _unique(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
