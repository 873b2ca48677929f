"""A project's content, gathered once: its settings, its files, and what its images are built from.

All of sagemaker.yml is checked before the first request to AWS.
"""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from matlab_sagemaker import digest
from matlab_sagemaker.errors import InputError, Place
from matlab_sagemaker.project import (
    build_context,
    fields,
    folders,
    given_model,
    problems,
    yaml12,
)  # fmt: skip
from matlab_sagemaker.project.config import Settings, TrainingSection
from matlab_sagemaker.project.folders import Folders

if TYPE_CHECKING:
    from pathlib import Path

    from matlab_sagemaker.project.build_context import BuildContext
    from matlab_sagemaker.project.given_model import GivenModel

_COMMENT = re.compile(r"(?m)^\s*%.*$|\.\.\..*\n")  # or a continuation, which joins two lines
_DEFAULT_HANDLER = re.compile(
    rf"^\s*classdef\b[^\n]*[<&]\s*(?:{'|'.join(map(re.escape, folders.KITS_HANDLERS))})\b",
    re.MULTILINE,
)
_LOAD_MODEL = re.compile(r"^\s*function\b[^\n]*\bload_model\s*\(", re.MULTILINE)
# For each of the kit's handlers a class derived from it, which MATLAB compiles like a user's. The
# first is used if sagemaker.yml names no handler.
_OWN = build_context.KIT / "matlab/default_handler"
_OWN_HANDLERS = dict(
    zip(
        folders.KITS_HANDLERS,
        (_OWN / "DefaultHandler.m", _OWN / "DefaultTableHandler.m"),
        strict=True,
    )
)


@dataclass(frozen=True)
class Handler:
    """The class that answers requests, and the files that it needs."""

    name: str
    files: digest.Files


@dataclass(frozen=True, kw_only=True)
class Project:
    """A valid sagemaker.yml and its folders; a subclass for each way to get the model."""

    settings: Settings
    folders: Folders
    document: yaml12.Document

    @property
    def file(self) -> str:
        """The path of sagemaker.yml."""
        return self.document.file

    def place(self, *location: str) -> Place:
        """Find where in sagemaker.yml a key is."""
        return Place(self.file, self.document.line(location))

    @property
    def name(self) -> str:
        """The project's name, with which the names of its jobs and S3 folders begin."""
        return self.settings.name

    @property
    def endpoint_name(self) -> str:
        """The endpoint's name."""
        return self.settings.endpoint_name

    @property
    def handler_code(self) -> digest.Files:
        """The user's files of the handler's code, by their path in its image; may be empty."""
        return self.folders.code.get("inference", {})

    @property
    def handler(self) -> Handler:
        """The handler that answers requests; raises InputError without a section `inference`."""
        section = self.settings.inference
        if section is None:
            raise InputError(
                f"{self.file} has no section 'inference'.",
                do="Add it, with the handler's class and the folder of its code, or as "
                "`inference: {}` for DefaultInferenceHandler.",
                place=Place(self.file),
            )
        name = section.handler or folders.KITS_HANDLERS[0]
        own = _OWN_HANDLERS.get(name)
        if own is None:
            return Handler(name, self.handler_code)
        return Handler(own.stem, {**self.handler_code, own.name: own})

    @property
    def reads_model_mat(self) -> bool:
        """Whether the handler inherits load_model, and with it reads model.mat."""
        if self.settings.inference is None:
            return False
        handler = self.handler
        file = handler.files[folders.file_of(handler.name)]
        code = _COMMENT.sub(" ", digest.content(file).decode(errors="replace"))
        return bool(_DEFAULT_HANDLER.search(code)) and not _LOAD_MODEL.search(code)

    @cached_property
    def inference_image(self) -> BuildContext:
        """The inference image's build context; raises InputError without a handler."""
        handler = self.handler
        return build_context.inference(self.settings.matlab, handler.name, handler.files)


@dataclass(frozen=True, kw_only=True)
class TrainedProject(Project):
    """A project whose model a training job makes."""

    training: TrainingSection
    s3_channels: dict[str, str]  # the URIs of the training channels that are in S3, by name
    training_image: BuildContext

    @property
    def training_code(self) -> digest.Files:
        """The files of the training code, by their path in the job's code folder."""
        return self.folders.code["training"]

    @property
    def away(self) -> list[str]:
        """The keys of sagemaker.yml whose content is in S3."""
        return [f"training.channels.{name}" for name in self.s3_channels]


@dataclass(frozen=True, kw_only=True)
class GivenProject(Project):
    """A project whose model exists already: nothing is trained."""

    model: GivenModel

    @property
    def away(self) -> list[str]:
        """The keys of sagemaker.yml whose content is in S3."""
        return ["model"] if self.model.is_in_s3 else []


AnyProject = TrainedProject | GivenProject


def load(path: Path) -> AnyProject:
    """Read and check `path`; raise an InputError that lists everything that is wrong with it."""
    return parse(_read(path), path)


def parse(text: str, path: Path) -> AnyProject:
    """Check `text` as the content of `path`, whether or not it is written there yet."""
    document = yaml12.parse(text, str(path))
    settings, folders = _check(document, path)
    if settings.training is None:
        model = given_model.of_path(str(settings.model), folders.root, folders.files)
        return GivenProject(settings=settings, folders=folders, document=document, model=model)
    channels = settings.training.channels.items()
    return TrainedProject(
        settings=settings,
        folders=folders,
        document=document,
        training=settings.training,
        s3_channels={name: uri for name, uri in channels if uri.startswith("s3://")},
        training_image=build_context.training(settings.matlab),
    )


def _read(path: Path) -> str:
    file = str(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait for its writer
            raise InputError(f"{file} is not a file.", do="Give the path of a sagemaker.yml.")
        data = path.read_bytes()
        return data.decode()
    except FileNotFoundError as error:
        raise InputError(
            f"There is no file {file}.",
            why=_similar(path),
            do="Run this in the folder that holds sagemaker.yml, or name it with --config; "
            "`scripts/run init` writes one.",
        ) from error
    except OSError as error:
        raise InputError(
            f"{file} cannot be read: {error.strerror}.", do="Correct its path or its permissions."
        ) from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{file}:{line}: this is not UTF-8 text.",
            do="Save it as UTF-8.",
            place=Place(file, line),
        ) from error


def _similar(path: Path) -> str:
    twin = path.with_suffix({".yml": ".yaml", ".yaml": ".yml"}.get(path.suffix, path.suffix))
    return f"There is a {twin.name}, but no {path.name}." if twin.is_file() else ""


def _check(document: yaml12.Document, path: Path) -> tuple[Settings, Folders]:
    value = document.value if document.value is not None else {}
    settings, wrong = fields.checked(Settings, value)
    found, missing = Folders.check(path, value, {problem.location for problem in wrong})
    wrong += missing + _source_problems(value) + _rule_problems(value)
    if settings and not wrong:
        return settings, found
    raise InputError(
        problems.as_text(wrong, document),
        do="Correct it there. Nothing has been done yet.",
        place=Place(document.file, min(document.line(problem.location) for problem in wrong)),
    )


def _source_problems(value: Any) -> list[problems.Problem]:
    """Check that the raw sagemaker.yml has either `training` or `model`, not both or neither."""
    given = value if isinstance(value, dict) else {}
    named = [key for key in ("training", "model") if given.get(key) is not None]
    if not named:
        return [problems.Problem(("training",), _NO_SOURCE)]
    if len(named) == 1:
        return []
    only = "nothing, because the section 'training' makes the model; keep only one of the two"
    return [problems.wrong(("model",), problems.shown(value["model"]), only)]


def _rule_problems(value: Any) -> list[problems.Problem]:
    """Find the rules of `gate` and `champion` that cannot fit training.metrics.

    They name a metric that is not there, or their limit lets only worse models pass. `value` is the
    raw sagemaker.yml, which may be anything.
    """
    metrics = _mapping(_mapping(_mapping(value).get("training")).get("metrics"))
    known = [str(name) for name in metrics]
    champion = _mapping(_mapping(value).get("champion"))
    turned = [
        problems.wrong(("champion", name, rule), rule, f"{other}, because its better is {better}")
        for better, rule, other in _TURNED
        for name, limits in champion.items()
        if rule in _mapping(limits) and _mapping(metrics.get(name)).get("better") == better
    ]
    return turned + [
        problems.Problem((section, name), _no_metric(section, name, known))
        for section in ("gate", "champion")
        for name in _mapping(_mapping(value).get(section))
        if isinstance(name, str) and name not in metrics
    ]


def _mapping(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _no_metric(section: str, name: str, known: list[str]) -> str:
    hint = problems.did_you_mean(name, known)
    there = f"{hint or ';'} it has: {', '.join(known)}" if known else ", which has none"
    return f"{section}.{name}: this metric is not in training.metrics{there}"


_TURNED = (("lower", "at_least", "at_most"), ("higher", "at_most", "at_least"))
_NO_SOURCE = "training is missing; it is required, unless `model` names a model that exists already"
