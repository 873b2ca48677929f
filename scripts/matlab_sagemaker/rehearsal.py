"""What a project is on the emulator: the same project, without MATLAB and without an account. Pure.

A pull request from a fork gets no secrets, so it can neither assume a role nor use a licence. Its
code, data and settings are tried all the same: GNU Octave runs them, on an emulated SageMaker.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matlab_sagemaker.config import Project

FILE = "sagemaker.rehearsal.yml"  # beside sagemaker.yml: what it names is relative to that


def rehearsed(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document of a valid sagemaker.yml with Octave as its engine, and no account."""
    changed = copy.deepcopy(document)
    changed.pop("aws", None)
    changed["matlab"] = {"engine": "octave"}
    return changed


def unreachable(project: Project) -> list[str]:
    """Return the channels whose data only the project's own account can read."""
    return [n for n, source in project.training.channels.items() if source.startswith("s3://")]


def as_markdown(project: Project) -> str:
    """Return what is to be said about the rehearsal, before it begins."""
    text = "### 🎭 Rehearsal: an emulated SageMaker, GNU Octave in place of MATLAB\n\n" + _WHY
    if away := unreachable(project):
        names = ", ".join(f"`{name}`" for name in away)
        text += (
            f"\n⚠️ Nothing is trained: the data of {names} lies in S3, which this run cannot read. "
            "A maintainer can train it from a branch of this repository.\n"
        )
    return text


_WHY = """\
This pull request comes from a fork or from Dependabot. GitHub gives such a run no secrets, so it
asks nothing of AWS and needs no licence: what it shows is that code, data and settings go through
all steps. Metrics are those of Octave; a function that only MATLAB has fails here.
"""
