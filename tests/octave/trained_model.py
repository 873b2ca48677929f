"""The example's model, trained as its training function trains it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from inference_container import EXAMPLE, ROOT

if TYPE_CHECKING:
    from pathlib import Path

STATEMENT = """
warning('off', 'Octave:shadowed-function');
addpath('{compat}', '{matlab}');
model = fitctree(readtable('{data}'), 'species');
save('{model}', 'model', '-v7');
"""


def train_model(base: Path) -> None:
    """Put model.mat into <base>/model, as SageMaker does before a container starts."""
    (base / "model").mkdir(parents=True)
    statement = STATEMENT.format(
        compat=ROOT / "docker/octave/compat",
        matlab=ROOT / "matlab",
        data=EXAMPLE / "data/training/iris.csv",
        model=base / "model/model.mat",
    )
    subprocess.run(
        ["octave-cli", "--norc", "--no-history", "--quiet", "--eval", statement], check=True
    )
