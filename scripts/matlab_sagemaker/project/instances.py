"""The instance types that SageMaker has, for training and for serving."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Literal

Use = Literal["training", "serving"]

# A line for each use and family, such as "training ml.m5 large xlarge", as in the locked boto3;
# tests/unit/project/test_instances.py rewrites the list if boto3 has others.
LIST = Path(__file__).parent / "instances.txt"
_ROWS = [line.split() for line in LIST.read_text(encoding="utf-8").splitlines()]

FAMILIES: dict[Use, dict[str, list[str]]] = {  # such as ml.m5, each with its sizes
    use: {family: sizes for kind, family, *sizes in _ROWS if kind == use}
    for use in ("training", "serving")
}
TYPES: dict[Use, list[str]] = {
    use: [f"{family}.{size}" for family, sizes in families.items() for size in sizes]
    for use, families in FAMILIES.items()
}


def allowed(name: str, use: Use) -> str:
    """Say what is allowed in place of an unknown type: the nearest one, and its family."""
    family = name.rpartition(".")[0]
    of_family = [known for known in TYPES[use] if known.rpartition(".")[0] == family]
    hint = ""
    if near := difflib.get_close_matches(name, of_family or TYPES[use], 1):
        family = near[0].rpartition(".")[0]
        sizes = ", ".join(FAMILIES[use][family])
        hint = f"; did you mean '{near[0]}'? {family} has {sizes}"
    newer = "for a type that is newer than this kit, update the kit"
    return f"an instance type of SageMaker for {use}{hint} ({newer})"
