"""The example's model, trained as its training function trains it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from helpers.kit.inference_container import EXAMPLE
from helpers.kit.paths import KIT

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
        compat=KIT / "docker/octave/compat",
        matlab=KIT / "matlab",
        data=EXAMPLE / "data/training/iris.csv",
        model=base / "model/model.mat",
    )
    subprocess.run(
        ["octave-cli", "--norc", "--no-history", "--quiet", "--eval", statement], check=True
    )
