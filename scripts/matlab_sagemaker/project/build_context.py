"""What an image is built from: all its files and settings, and the key of them. Reads the disk."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from matlab_sagemaker import digest, file_list

if TYPE_CHECKING:
    from matlab_sagemaker.project.config import MatlabSection

# The ECR repositories, shared by all projects of an account. Images of merged code go to the first,
# which no pull request can write to; those of pull requests to the second.
RELEASE = "matlab-sagemaker/release"
CANDIDATE = "matlab-sagemaker/candidate"
Stage = Literal["candidate", "release"]
# Where to look for an image, in this order; a new one is pushed to the last.
REPOSITORIES: dict[Stage, tuple[str, ...]] = {
    "candidate": (RELEASE, CANDIDATE),
    "release": (RELEASE,),
}
KIT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class BuildContext:
    """A build context: the files below the image's root, by path, and its settings."""

    purpose: str  # training or inference
    engine: str
    files: digest.Files
    environment: dict[str, str]
    ingredients: digest.Files = field(default_factory=dict)  # compiled before; part of the key
    requirements: Path | None = None  # a lock file, whose packages are in the image's site/
    build_arguments: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)  # other things that the image depends on
    expected_size: int = 0  # bytes on the container engine's disk, roughly
    holds: str = "GNU Octave"  # a description of its content, for people
    key: str = field(init=False)  # the digest of everything that the image depends on
    tag: str = field(init=False)  # the image's: its purpose, for people, and its key

    @property
    def takes_over(self) -> bool:
        """Whether its base is an image that MATLAB Compiler SDK has just made on this machine."""
        return (self.purpose, self.engine) == ("inference", "matlab")

    def __post_init__(self) -> None:
        """Read the files once, and compute key and tag."""
        lock = {"lock": self.requirements} if self.requirements else {}
        key = digest.key_of_files(
            {"files": {**self.files, **lock}, "ingredients": self.ingredients},
            {
                "environment": self.environment,
                "arguments": self.build_arguments,
                "settings": self.settings,
            },
        )
        object.__setattr__(self, "key", key)  # the way to set a field of a frozen dataclass
        object.__setattr__(self, "tag", f"{self.purpose}-{key}")


def training(matlab: MatlabSection) -> BuildContext:
    """Describe the build context of the training image."""
    octave = matlab.engine == "octave"
    found = _kit_files(
        ("", "docker/common"),
        ("", "docker/training"),
        ("matlab/+sagemaker_training/", "matlab/+sagemaker_training"),
        *(_COMPAT if octave else ()),
    )
    files = {name: path for name, path in found.items() if _goes_into_training(path)}
    if octave:
        return BuildContext(
            purpose="training",
            engine="octave",
            files={**files, "Dockerfile": KIT / "docker/octave/Dockerfile"},
            environment={"MATLAB_SAGEMAKER_ENGINE": "octave"},
            requirements=KIT / "docker/training/requirements.txt",
            build_arguments=_base(matlab),
            expected_size=_OCTAVE_SIZE,
        )
    products = products_of(matlab)
    return BuildContext(
        purpose="training",
        engine="matlab",
        files={**files, "Dockerfile": KIT / "docker/training/Dockerfile"},
        environment={"MATLAB_SAGEMAKER_ENGINE": "matlab"},
        build_arguments={
            "MATLAB_RELEASE": matlab.release,
            "MATLAB_PRODUCTS": " ".join(products),
            # MathWorks publishes base images for releases, not for their updates.
            "BASE_IMAGE": f"mathworks/matlab-deps:{matlab.release.partition('U')[0]}",
            **_base(matlab),
        },
        expected_size=_MATLAB_SIZE + len(products) * _PRODUCT_SIZE,
        holds=f"{matlab.release} with {', '.join(products)}",
    )


def _goes_into_training(path: Path) -> bool:
    """Return whether a file goes into the training image: its Dockerfile and sample job do not."""
    is_its_own = path.is_relative_to(KIT / "docker/training")
    return not is_its_own or path.name.endswith((".py", ".txt", "run"))


def inference(matlab: MatlabSection, handler: str, code: digest.Files) -> BuildContext:
    """Describe the inference image of a handler class, whose files are in `code`."""
    files = {_HANDLER + name: path for name, path in code.items()}
    if matlab.engine == "matlab":
        return _microservice(matlab, handler, files)
    return BuildContext(
        purpose="inference",
        engine="octave",
        files={
            "run": KIT / "docker/octave/run",
            "worker.m": KIT / "docker/octave/worker.m",
            "requirements.txt": KIT / "docker/octave/requirements.txt",
            "Dockerfile": KIT / "docker/octave/Dockerfile",
            **_kit_files(
                ("", "docker/common"), ("server/", "docker/octave/server"), _GLUE, *_COMPAT
            ),
            **files,
        },
        environment={
            "MATLAB_SAGEMAKER_ENGINE": "octave",
            "SAGEMAKER_INFERENCE_HANDLER": handler,
        },
        requirements=KIT / "docker/octave/requirements.txt",
        build_arguments={"HANDLER": handler, **_base(matlab)},
        expected_size=_OCTAVE_SIZE,
    )


def handler_files(files: digest.Files) -> digest.Files:
    """Pick the handler's from an image's files or ingredients, named as `inference` got them."""
    own = {name: path for name, path in files.items() if name.startswith(_HANDLER)}
    return {name.removeprefix(_HANDLER): path for name, path in own.items()}


def handler_trial(code: digest.Files) -> digest.Files:
    """List the files for a training job that tries a handler; `code` has the handler's files.

    They are uploaded as the job's code. They are in no image, so that no image changes with them.
    """
    own = {name: KIT / folder / Path(name).name for folder, name in _TRIAL}
    glue = _kit_files(("+sagemaker_inference/", _GLUE[1]))
    return {**own, **glue, **{_HANDLER + name: path for name, path in code.items()}}


def _microservice(matlab: MatlabSection, handler: str, files: digest.Files) -> BuildContext:
    """Describe the inference image, built on the one that MATLAB Compiler SDK makes of `files`."""
    return BuildContext(
        purpose="inference",
        engine="matlab",
        files=_kit_files(("", "docker/common"), ("", "docker/inference")),
        ingredients={**files, **_kit_files(_GLUE, _COMPILATION)},
        environment={"MATLAB_SAGEMAKER_ENGINE": "matlab"},
        build_arguments={"HANDLER": handler},
        settings={"release": matlab.release, "archive": "handler"},  # the folder's name in it
        expected_size=_MICROSERVICE_SIZE,
        holds=f"{matlab.release} with the handler {handler}",
    )


def products_of(matlab: MatlabSection) -> list[str]:
    """List MATLAB and the products that the training needs, as mpm names them."""
    return sorted({"MATLAB", *(name.replace(" ", "_") for name in matlab.products)})


def _base(matlab: MatlabSection) -> dict[str, str]:
    return {"BASE_IMAGE": matlab.base_image} if matlab.base_image else {}


_HANDLER = "handler/"
# Places in an image, and the kit's folders that go there.
_TEXT = "matlab/+sagemaker_inference/+internal/+text"  # which the compat readtable uses
_COMPAT = (("compat/", "docker/octave/compat"), (f"{_TEXT}/", _TEXT))
_GLUE = ("matlab/+sagemaker_inference/", "matlab/+sagemaker_inference")
_COMPILATION = ("matlab/+sagemaker/+internal/+build/", "matlab/+sagemaker/+internal/+build")
_SHARED, _TRIAL_PLACE = "matlab/+sagemaker/+internal", "+sagemaker/+internal/"
_TRIAL = (
    ("matlab/trial", "tryHandler.m"),
    *((_SHARED, f"{_TRIAL_PLACE}{name}.m") for name in ("askHandler", "setVariables", "writeText")),
)
# Bytes on disk, roughly; a build does not start with less free space.
_OCTAVE_SIZE = 2_000_000_000
_MATLAB_SIZE = 8_000_000_000
_PRODUCT_SIZE = 1_000_000_000
_MICROSERVICE_SIZE = 5_000_000_000


def lay_out(files: digest.Files, folder: Path) -> None:
    """Copy the files of a context below `folder`, to the same places as in the image."""
    for name, path in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copy(path, place)
        except (FileNotFoundError, PermissionError) as error:
            raise digest.unreadable(path, error) from error


def _kit_files(*placed: tuple[str, str]) -> digest.Files:
    """List the kit's files in pairs of a place in the image and a folder of the kit."""
    return file_list.folders_files([(place, KIT / folder) for place, folder in placed])
