"""Prepare a project for the emulator, where it runs without MATLAB and without an AWS account.

A pull request from a fork gets no secrets, so it can neither assume a role nor use a licence. Its
code, data and settings are still tried: GNU Octave runs them on an emulated SageMaker.
"""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from matlab_sagemaker.project.content import AnyProject, Project

FILE = "sagemaker.rehearsal.yml"  # beside sagemaker.yml, because the paths in it are relative


def rehearsed(document: dict[str, Any]) -> dict[str, Any]:
    """Change a valid sagemaker.yml to the engine octave, and remove what needs an account.

    The expected answer is removed because it may be MATLAB's, and the user's own training image
    because it is in the AWS account.
    """
    changed = copy.deepcopy(document)
    changed.pop("aws", None)
    for section, key in (("inference", "expected"), ("training", "image")):
        (changed.get(section) or {}).pop(key, None)
    changed["matlab"] = {"engine": "octave"}
    return changed


def write(project: Project) -> Path:
    """Write the changed sagemaker.yml beside the project's own, and return its path."""
    file = project.folders.root / FILE
    file.write_text(json.dumps(rehearsed(project.document.value), indent=2), encoding="utf-8")
    return file


def outputs(project: AnyProject) -> dict[str, bool | str]:
    """Return whether training and serving can be rehearsed, and the path of the request.

    Neither can if something is in S3, which only the project's own account can read.
    """
    trains, section = not project.away, project.settings.inference
    request = section.request or "" if section else ""
    return {"trains": trains, "serves": trains and section is not None, "request": request}


def as_markdown(project: AnyProject) -> str:
    """Write the summary that introduces the rehearsal."""
    text = "### 🎭 Rehearsal: an emulated SageMaker, GNU Octave in place of MATLAB\n\n" + _WHY
    if project.away:
        names = ", ".join(f"`{name}`" for name in project.away)
        text += (
            f"\n⚠️ Nothing can be tried: {names} is in S3, which this run cannot read. "
            "A maintainer can try it from a branch of this repository.\n"
        )
    return text


_WHY = """\
This pull request comes from a fork or from Dependabot. GitHub gives such a run no secrets, so it
uses neither AWS nor a MATLAB licence. It shows whether code, data and settings get through all
steps. The metrics are Octave's; code that calls functions that only MATLAB has cannot be checked.
"""
