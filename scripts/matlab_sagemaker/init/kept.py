"""Reads answers from an existing sagemaker.yml that init keeps, so that it need not ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matlab_sagemaker.project import content

if TYPE_CHECKING:
    from pathlib import Path

# Answers that only go into sagemaker.yml, which is kept.
_NOT_ASKED: dict[str, Any] = {
    "function": "kept.m",
    "data": ["kept"],
    "products": [],
    "model": "",
    "shared": [],
    "request": "",
    "expected": "",
}


def answers(file: Path) -> dict[str, Any]:
    """Read the answers that `file` contains; raise InputError if it is not valid."""
    settings = content.load(file).settings
    return {
        **_NOT_ASKED,
        "name": settings.name,
        "engine": settings.matlab.engine,
        "handler": "kept.m" if settings.inference or settings.model else "",
        "batch_token_secret": settings.matlab.batch_token_secret or "",
        "region": settings.aws.region or "",
    }
