"""Makes the folder of a rehearsal, laid out like /opt/ml.

    rehearsal.json    instructions for sagemaker.internal.rehearse, which documents them
    code/  handler/   copies of the project's code, with the same files as in the images
    input/config/     SageMaker's three files; input/data/<channel>: links to the project's data
    model/  output/   what training and handler write

In a running MATLAB session (`live`), the project's own files are used instead of copies, so that
breakpoints work.
"""

from __future__ import annotations

import json
import shutil
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matlab_sagemaker.errors import InputError, NotJudgedError, Place
from matlab_sagemaker.project import build_context
from source_path import source_folders
from unpacking import unpack

if TYPE_CHECKING:
    from pathlib import Path

    from matlab_sagemaker.project.comparison import Expected
    from matlab_sagemaker.project.config import MetricSection, TrainingSection
    from matlab_sagemaker.project.content import AnyProject
    from matlab_sagemaker.project.request import Request
    from matlab_sagemaker.rehearsal.parts import Part

PLAN = "rehearsal.json"
SAVE = "save(fullfile(env.ModelFolder, 'model.mat'), 'model', '-v7');"


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """What to rehearse: the training, the handler, or both."""

    project: AnyProject
    training: Part | None  # None: nothing is trained
    handler: Part | None  # None: no request is sent
    model: Path | None = None  # an existing one: a .mat file, a folder or a model.tar.gz
    request: Request | None = None
    expected: Expected | None = None
    maker: Part | None = None  # the training that made the model, if it is not rehearsed

    @property
    def metrics(self) -> dict[str, MetricSection]:
        """The metrics that the training should print."""
        section = self.project.settings.training
        return section.metrics if section and self.training else {}

    @property
    def data(self) -> dict[str, Path]:
        """The folder of each channel that the training reads."""
        section, root = self.project.settings.training, self.project.folders.root
        channels = section.channels if section and self.training else {}
        return {name: root / folder for name, folder in channels.items()}

    @property
    def names_model(self) -> bool:
        """Whether the model is the one in sagemaker.yml, not one from an option."""
        own = self.project.settings.model
        return own is not None and self.model == self.project.folders.root / own

    @property
    def model_place(self) -> Place | None:
        """Where the model comes from: the training function, a key in sagemaker.yml, or a file."""
        if made_by := self.training or self.maker:
            return made_by.definition()
        if self.names_model:
            return self.project.place("model")
        return Place(str(self.model)) if self.model else None

    @property
    def model_cure(self) -> str:
        """What to do if the model cannot be read."""
        if self.training or self.maker:
            return f"Let the training save it: {SAVE}"
        if self.names_model:
            return (
                "Set `model` to a .mat file with the variable model, or to a folder or .tar.gz "
                "that contains one as model.mat; or write load_model in your own handler."
            )
        return "Set --model to a .mat file with the variable model, or to a model.tar.gz."

    def require_data(self) -> None:
        """Raise NotJudgedError if something that is needed is in S3."""
        if self.project.away and not self.model:
            names = ", ".join(self.project.away)
            sample = "Rehearse "
            if self.project.settings.training:
                sample += "with a folder of sample data in training.channels, or "
            raise NotJudgedError(
                f"The project cannot be rehearsed: {names} in sagemaker.yml refers to S3.",
                why="A rehearsal sends nothing to AWS.",
                do=f"{sample}the handler only: --model FILE.",
                place=Place(self.project.file),
            )


def lay_out(rehearsal: Rehearsal, base: Path, *, live: bool = False) -> None:
    """Fill the empty folder `base`; raise InputError if the model cannot be read."""
    for name in ("code", "handler", "input/config", "input/data", "model", "output/data"):
        (base / name).mkdir(parents=True)
    training, handler = rehearsal.training, rehearsal.handler
    none = dict.fromkeys(("handler", "request", "contentType", "accept"), "")
    plan: dict[str, Any] = {"trains": training is not None, "names": [], "values": [], **none}
    plan["engine"] = rehearsal.project.settings.matlab.engine
    code = _place_code(training, base / "code", live=live)
    answering = _place_code(handler, base / "handler", live=live)
    if training and (section := rehearsal.project.settings.training):
        plan |= _lay_out_training(section, rehearsal.project.folders.root, base)
    if handler:
        plan |= _asked(handler, rehearsal.request, base)
    plan |= {"code": str(code[0]), "codePath": _paths(code), "handlerPath": _paths(answering)}
    _write(base / PLAN, plan)
    if rehearsal.model:
        _place_model(rehearsal, rehearsal.model, base / "model")


def _place_code(part: Part | None, copy: Path, *, live: bool) -> list[Path]:
    """Return the folders with a part's code: the user's own, or one copy of all of them."""
    if part is None:
        return [copy]
    if live:
        return part.folders
    build_context.lay_out(part.files, copy)
    return [copy]


def _lay_out_training(training: TrainingSection, root: Path, base: Path) -> dict[str, Any]:
    """Write SageMaker's files and link the data; return the job's environment variables."""
    config = base / "input/config"
    hyperparameters = {**training.hyperparameters, "sagemaker_program": training.function}
    _write(config / "hyperparameters.json", hyperparameters)
    _write(config / "resourceconfig.json", {"current_host": "algo-1", "hosts": ["algo-1"]})
    channel = {"TrainingInputMode": "File", "S3DistributionType": "FullyReplicated"}
    _write(config / "inputdataconfig.json", dict.fromkeys(training.channels, channel))
    for name, folder in training.channels.items():
        source, place = root / folder, base / "input/data" / name
        try:
            place.symlink_to(source.resolve(), target_is_directory=True)
        except OSError:  # on Windows, most users may not make links
            shutil.copytree(source, place)
    variables = training.environment
    return {"names": list(variables), "values": list(variables.values())}


def _asked(handler: Part, request: Request | None, base: Path) -> dict[str, Any]:
    if request is None:
        return {"handler": handler.entry}
    file = base / "request"
    file.write_bytes(request.body)
    types = {"contentType": request.content_type, "accept": request.accept}
    return {"handler": handler.entry, "request": str(file), **types}


def _paths(folders: list[Path]) -> list[str]:
    return [str(each) for folder in folders for each in source_folders(folder)]


def _place_model(rehearsal: Rehearsal, model: Path, folder: Path) -> None:
    if not model.exists():
        what = f"There is no {model}."
        raise InputError(what, do=rehearsal.model_cure, place=rehearsal.model_place)
    is_archive = model.name.endswith((".tar.gz", ".tgz"))
    if not (model.is_dir() or is_archive or model.suffix.lower() == ".mat"):
        what = f"The model {model} cannot be read: it is no .mat file, folder or .tar.gz."
        raise InputError(what, do=rehearsal.model_cure, place=rehearsal.model_place)
    try:
        if model.is_dir():
            shutil.copytree(model, folder, dirs_exist_ok=True)
        elif is_archive:
            unpack(model, folder, "r:gz")
        else:
            shutil.copy(model, folder / "model.mat")
    except (OSError, tarfile.TarError) as error:
        raise InputError(
            f"The model {model} cannot be read: {error}.",
            do=rehearsal.model_cure,
            place=rehearsal.model_place,
        ) from error


def _write(file: Path, value: Any) -> None:
    file.write_text(json.dumps(value), encoding="utf-8")


def strays(rehearsal: Rehearsal, base: Path) -> list[str]:
    """List the .mat files that the training left in its current folder, next to the code."""
    known = rehearsal.training.files if rehearsal.training else {}
    return [p.name for p in sorted((base / "code").glob("*.mat")) if p.name not in known]
