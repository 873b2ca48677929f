"""The folder image of a training container, and a fresh job in it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from matlab_sagemaker.project import build_context, config

sys.path.append(str(Path(__file__).parent))

from training_container import Container


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder image, with the kit's layout."""
    folder = tmp_path_factory.mktemp("image")
    build_context.lay_out(
        build_context.training(config.MatlabSection(engine="octave")).files, folder
    )
    return folder


@pytest.fixture
def container(image: Path, tmp_path: Path) -> Container:
    """A job that has no code yet."""
    base = tmp_path / "it's ml"
    for name in ("model", "output/data", "input/data"):
        (base / name).mkdir(parents=True)
    container = Container(image, base)
    container.configure(sagemaker_program="train")
    return container
