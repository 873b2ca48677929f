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

NAMESPACE = "matlab-sagemaker"  # of the ECR repositories
KIT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Context:
    """A build context: the files below the image's root, by path, and what runs them."""

    purpose: str  # training or inference: the last part of the repository's name
    engine: str
    files: digest.Files
    environment: dict[str, str]
    ingredients: digest.Files = field(default_factory=dict)  # compiled before; they count as well
    requirements: Path | None = None  # a lock file, whose packages lie in the image's site/
    build_arguments: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)  # what else the result depends on
    expected_size: int = 0  # bytes on the engine's disk, roughly
    holds: str = "GNU Octave"  # what of sagemaker.yml is in it, for people

    @property
    def repository(self) -> str:
        """The ECR repository's name; one for each purpose, shared by all projects of an account."""
        return f"{NAMESPACE}/{self.purpose}"

    @property
    def takes_over(self) -> bool:
        """Whether its base is the image that MATLAB Compiler SDK has just made in the engine."""
        return (self.purpose, self.engine) == ("inference", "matlab")

    @cached_property
    def key(self) -> str:
        """The content key of the image."""
        lock = {"lock": self.requirements} if self.requirements else {}
        return digest.key(
            {
                "files": digest.file_digests({**self.files, **lock}),
                "ingredients": digest.file_digests(self.ingredients),
                "environment": self.environment,
                "arguments": self.build_arguments,
                "settings": self.settings,
            }
        )

    @property
    def tag(self) -> str:
        """The image's tag: its engine, for people, and its key."""
        return f"{self.engine}-{self.key}"


def training(matlab: Matlab) -> Context:
    """Return the build context of the training image."""
    files = {
        **_below("docker/common"),
        **_below("docker/training", only=(".py", ".txt", "run")),
        **_below("matlab/+sagemaker_training", "matlab/+sagemaker_training"),
    }
    if matlab.engine == "octave":
        return Context(
            purpose="training",
            engine="octave",
            files={**files, **_octave_files()},
            environment={"MATLAB_SAGEMAKER_ENGINE": "octave"},
            build_arguments=_base(matlab),
            expected_size=_OCTAVE_SIZE,
        )
    products = products_of(matlab)
    return Context(
        purpose="training",
        engine="matlab",
        files={**files, "Dockerfile": KIT / "docker/training/Dockerfile"},
        environment={"MATLAB_SAGEMAKER_ENGINE": "matlab"},
        build_arguments={
            "MATLAB_RELEASE": matlab.release,
            "MATLAB_PRODUCTS": " ".join(products),
            # An update has no base image of its own.
            "BASE_IMAGE": f"mathworks/matlab-deps:{matlab.release.partition('U')[0]}",
            **_base(matlab),
        },
        expected_size=_MATLAB_SIZE + len(products) * _PRODUCT_SIZE,
        holds=f"{matlab.release} with {', '.join(products)}",
    )


def inference(matlab: Matlab, inference: Inference, code: Path) -> Context:
    """Return the build context of the inference image; `code` is the folder with the handler."""
    handler = {f"handler/{name}": path for name, path in digest.folder_files(code).items()}
    if matlab.engine == "matlab":
        return _microservice(matlab, inference, handler)
    return Context(
        purpose="inference",
        engine="octave",
        files={
            "run": KIT / "docker/octave/run",
            "worker.m": KIT / "docker/octave/worker.m",
            "requirements.txt": KIT / "docker/octave/requirements.txt",
            **_below("docker/common"),
            **_below("docker/octave/server", "server"),
            **_below("matlab/+sagemaker_inference", "matlab/+sagemaker_inference"),
            **_octave_files(),
            **handler,
        },
        environment={
            "MATLAB_SAGEMAKER_ENGINE": "octave",
            "SAGEMAKER_INFERENCE_HANDLER": inference.handler,
        },
        requirements=KIT / "docker/octave/requirements.txt",
        build_arguments={"HANDLER": inference.handler, **_base(matlab)},
        expected_size=_OCTAVE_SIZE,
    )


def _microservice(matlab: Matlab, inference: Inference, handler: digest.Files) -> Context:
    """Return the context of the image that takes over what MATLAB Compiler SDK makes of these."""
    return Context(
        purpose="inference",
        engine="matlab",
        files={**_below("docker/common"), **_below("docker/inference")},
        ingredients={
            **handler,
            **_below("matlab/+sagemaker_inference", "matlab/+sagemaker_inference"),
            **_below("matlab/+sagemaker", "matlab/+sagemaker"),
        },
        environment={"MATLAB_SAGEMAKER_ENGINE": "matlab"},
        build_arguments={"HANDLER": inference.handler},
        settings={"release": matlab.release, "archive": "handler"},  # the folder's name in it
        expected_size=_MICROSERVICE_SIZE,
        holds=f"{matlab.release} with the handler {inference.handler}",
    )


def products_of(matlab: Matlab) -> list[str]:
    """Return MATLAB and the products that the training needs, as mpm names them."""
    return sorted({"MATLAB", *(name.replace(" ", "_") for name in matlab.products)})


def _octave_files() -> digest.Files:
    dockerfile = {"Dockerfile": KIT / "docker/octave/Dockerfile"}
    return {**dockerfile, **_below("docker/octave/compat", "compat")}


def _base(matlab: Matlab) -> dict[str, str]:
    return {"BASE_IMAGE": matlab.base_image} if matlab.base_image else {}


# Bytes on disk, roughly; a build that finds less free stops before it begins.
_OCTAVE_SIZE = 2_000_000_000
_MATLAB_SIZE = 8_000_000_000
_PRODUCT_SIZE = 1_000_000_000
_MICROSERVICE_SIZE = 5_000_000_000


def lay_out(files: digest.Files, folder: Path) -> None:
    """Copy the files of a context to where they are in the image, below `folder`."""
    for name, path in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)


def _below(folder: str, where: str = "", only: tuple[str, ...] = ("",)) -> digest.Files:
    """Return the kit's files below `folder` whose names end in one of `only`, placed at `where`."""
    prefix = f"{where}/" if where else ""
    found = digest.folder_files(KIT / folder)
    return {prefix + name: path for name, path in found.items() if name.endswith(only)}
