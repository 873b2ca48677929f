"""What a project is on the emulator: the same project, without MATLAB and without an account.

A pull request from a fork gets no secrets, so it can neither assume a role nor use a licence. Its
code, data and settings are tried all the same: GNU Octave runs them, on an emulated SageMaker.
"""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from matlab_sagemaker.project.content import AnyProject, Project

FILE = "sagemaker.rehearsal.yml"  # beside sagemaker.yml: what it names is relative to that


def rehearsed(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document of a valid sagemaker.yml with Octave as its engine, and no account.

    The answer that is expected may be MATLAB's, and an image of its own lies in its account.
    """
    changed = copy.deepcopy(document)
    changed.pop("aws", None)
    for section, key in (("inference", "expected"), ("training", "image")):
        (changed.get(section) or {}).pop(key, None)
    changed["matlab"] = {"engine": "octave"}
    return changed


def write(project: Project) -> Path:
    """Write the project's document for the emulator beside its sagemaker.yml; return the file."""
    file = project.folders.root / FILE
    file.write_text(json.dumps(rehearsed(project.document.value), indent=2), encoding="utf-8")
    return file


def outputs(project: AnyProject) -> dict[str, bool | str]:
    """Return whether the project's training and its serving can be rehearsed, and its request.

    What lies in S3 can only be read by the project's own account.
    """
    trains, section = not project.away, project.settings.inference
    request = section.request or "" if section else ""
    return {"trains": trains, "serves": trains and section is not None, "request": request}


def as_markdown(project: AnyProject) -> str:
    """Return what is to be said about the rehearsal, before it begins."""
    text = "### 🎭 Rehearsal: an emulated SageMaker, GNU Octave in place of MATLAB\n\n" + _WHY
    if project.away:
        names = ", ".join(f"`{name}`" for name in project.away)
        text += (
            f"\n⚠️ Nothing is tried: what {names} names lies in S3, which this run cannot read. "
            "A maintainer can try it from a branch of this repository.\n"
        )
    return text


_WHY = """\
This pull request comes from a fork or from Dependabot. GitHub gives such a run no secrets, so it
asks nothing of AWS and needs no licence: what it shows is that code, data and settings go through
all steps. Metrics are those of Octave; code that calls what only MATLAB has is not judged.
"""
