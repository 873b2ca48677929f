"""The failure file, which SageMaker shows as FailureReason; one written by MATLAB code is kept.

Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-output.html
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MAX_CHARACTERS = 1024  # SageMaker shows no more of the file


class JobError(Exception):
    """The job cannot run: what happened, why, and what to do about it."""

    def __init__(self, identifier: str, what: str, why: str, do: str) -> None:
        super().__init__(f"{identifier}: {what}\n{why}\n{do}")


def write_failure(base: Path, text: str) -> bool:
    """Print `text` to the log, and write it to <base>/output/failure unless that file exists.

    Returns whether the file was written.
    """
    print(text, file=sys.stderr, flush=True)
    path = base / "output/failure"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text[:MAX_CHARACTERS])
    except FileExistsError:
        return False
    return True


def mask_failure(base: Path, mask: Callable[[str], str]) -> None:
    """Mask secrets in the failure file, which DescribeTrainingJob shows."""
    path = base / "output/failure"
    if path.is_file():
        text = path.read_text(encoding="utf-8", errors="replace")
        if mask(text) != text:
            path.write_text(mask(text), encoding="utf-8")
