"""What an image is made of: every file that goes in, its settings, and the key of it. Pure."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from matlab_sagemaker import digest

if TYPE_CHECKING:
    from matlab_sagemaker.config import Inference, Matlab

KIT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Context:
    """A build context: the files below the image's root, by path, and what runs them."""

    purpose: str  # training or inference: the last part of the repository's name
    engine: str
    files: digest.Files
    environment: dict[str, str]
    requirements: Path | None = None  # a lock file, whose packages lie in the image's site/
    settings: dict[str, object] = field(default_factory=dict)  # what else the result depends on

    @property
    def repository(self) -> str:
        """The ECR repository's name; one for each purpose, shared by all projects of an account."""
        return f"matlab-sagemaker/{self.purpose}"

    @cached_property
    def key(self) -> str:
        """The content key of the image."""
        lock = {"lock": self.requirements} if self.requirements else {}
        return digest.key(
            {
                "files": digest.file_digests({**self.files, **lock}),
                "environment": self.environment,
                "settings": self.settings,
            }
        )

    @property
    def tag(self) -> str:
        """The image's tag: its engine, for people, and its key."""
        return f"{self.engine}-{self.key}"


def training(matlab: Matlab) -> Context:
    """Return the build context of the training image."""
    return Context(
        purpose="training",
        engine=matlab.engine,
        files={
            **_below("docker/common"),
            **_below("docker/training", only=(".py", "run")),
            **_below("matlab/+sagemaker_training", "matlab/+sagemaker_training"),
            **_engine_files(matlab),
        },
        environment=_environment(matlab),
        settings=_settings(matlab),
    )


def inference(matlab: Matlab, inference: Inference, code: Path) -> Context:
    """Return the build context of the inference image; `code` is the folder with the handler."""
    return Context(
        purpose="inference",
        engine=matlab.engine,
        files={
            "run": KIT / "docker/octave/run",
            "worker.m": KIT / "docker/octave/worker.m",
            **_below("docker/common"),
            **_below("docker/octave/server", "server"),
            **_below("matlab/+sagemaker_inference", "matlab/+sagemaker_inference"),
            **_engine_files(matlab),
            **{f"handler/{name}": path for name, path in digest.folder_files(code).items()},
        },
        environment={
            **_environment(matlab),
            "SAGEMAKER_INFERENCE_HANDLER": inference.handler,
        },
        requirements=KIT / "docker/octave/requirements.txt",
        settings=_settings(matlab),
    )


def lay_out(files: digest.Files, folder: Path) -> None:
    """Copy the files of a context to where they are in the image, below `folder`."""
    for name, path in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)


def _engine_files(matlab: Matlab) -> digest.Files:
    return _below("docker/octave/compat", "compat") if matlab.engine == "octave" else {}


def _environment(matlab: Matlab) -> dict[str, str]:
    return {"MATLAB_SAGEMAKER_ENGINE": matlab.engine}


def _settings(matlab: Matlab) -> dict[str, object]:
    if matlab.engine == "octave":
        return {}  # Octave has neither MATLAB's releases nor its products
    return {"release": matlab.release, "products": sorted(matlab.products)}


def _below(folder: str, where: str = "", only: tuple[str, ...] = ("",)) -> digest.Files:
    """Return the kit's files below `folder` whose names end in one of `only`, placed at `where`."""
    prefix = f"{where}/" if where else ""
    found = digest.folder_files(KIT / folder)
    return {prefix + name: path for name, path in found.items() if name.endswith(only)}
