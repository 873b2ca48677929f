"""The answers that `init` needs about a user's repository, each checked by its type. Pure.

Some answers become part of a workflow, so every answer must be one line and must not contain `${{`,
which starts an expression that GitHub would evaluate.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from matlab_sagemaker.errors import InputError
from matlab_sagemaker.init import answer_fields  # noqa: TC001 (pydantic reads it)
from matlab_sagemaker.project import aws_names, fields, folders, problems, sources

if TYPE_CHECKING:
    from collections.abc import Collection

NONE = Literal[""]
TRAINING = (
    "function",
    "data",
    "hyperparameter",
    "metric",
    "better",
    "unit",
    "optional",
    "image",
)  # not used if the project has a model
BY_METRIC = ("better", "unit", "optional")  # they name metrics


class Answers(BaseModel):
    """The answers; each description is both the question and the help text of the option."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    config: answer_fields.ConfigFile = Field(
        "sagemaker.yml", description="Path of the project's file"
    )
    name: fields.ProjectName = Field(description="Project name; all other names start with it")
    engine: Literal["matlab", "octave"] = Field("matlab", description="Engine, matlab or octave")
    release: fields.Release | NONE = Field("", description="MATLAB release; by default the kit's")
    batch_token_secret: fields.SecretName | NONE = Field(
        "matlab-sagemaker-batch-token",
        description="Name of the AWS secret with MATLAB's batch token (only for the engine matlab)",
    )
    model: sources.ModelSource | NONE = Field(
        "",
        description="Existing model, instead of training one: a .mat file with the variable "
        "model, a folder, a .tar.gz or s3://….tar.gz",
    )
    function: answer_fields.MatlabFile | None = Field(
        None,
        description="File of the training function f(env, varargin); not with --model",
    )
    data: answer_fields.Channels = Field(
        default={},
        description="Training data: a folder or s3://…; use NAME=… for a channel other than "
        "training",
    )
    hyperparameter: answer_fields.HyperParameters = Field(
        default={}, description="Argument of the training function, as NAME=VALUE"
    )
    metric: answer_fields.Metrics = Field(
        default={}, description="Metric in the log, as NAME=REGULAR EXPRESSION with one group"
    )
    better: answer_fields.Directions = Field(
        default={},
        description="Which values of a metric are better: NAME=higher or NAME=lower",
    )
    unit: answer_fields.Units = Field(
        default={}, description="Unit of a metric, for display: NAME=UNIT"
    )
    optional: answer_fields.MetricNames = Field(
        default=[],
        description="Metrics that a training need not print, by name (required: false)",
    )
    instance_type: answer_fields.Instance = Field(
        "ml.m5.large", description="Instance type for training and for the endpoint"
    )
    image: answer_fields.Image | NONE = Field(
        "", description="Your own training image in ECR, by its digest"
    )
    max_runtime: answer_fields.MaxRuntime = Field(
        "1d", description="Time limit for a training, such as 90m, 2h or 1d"
    )
    handler: answer_fields.Handler | NONE = Field(
        description="Handler class: a file, or sagemaker_inference.DefaultInferenceHandler (for a "
        "function handle, a struct with predictFcn, or an object with predict)"
    )
    products: answer_fields.Products = Field(
        default=[],
        description="Products that training and handler need in addition to MATLAB, separated by "
        "commas (for example Statistics and Machine Learning Toolbox)",
    )
    shared: answer_fields.Folders = Field(
        default=[],
        description="Folders with more code for training and handler, separated by commas",
    )
    region: aws_names.Region | NONE = Field("", description="AWS Region")
    branch: answer_fields.Branch = Field(
        description="Branch that pull requests are merged into and that is deployed"
    )
    environment: answer_fields.Environment = Field(
        "production", description="GitHub environment to deploy to"
    )
    request: fields.SampleFile | NONE = Field(
        "", description="Request file to test the endpoint with"
    )
    expected: fields.SampleFile | NONE = Field("", description="File with the expected answer")
    tolerance: answer_fields.Tolerance | None = Field(
        None, description="Largest relative difference between numbers that count as equal"
    )
    runner: answer_fields.Runner | NONE = Field(
        "", description="Label of the runner, or a JSON array of labels"
    )
    matlab_runner: answer_fields.Runner | NONE = Field(
        "", description="Label, or array of labels, of the runner that compiles with MATLAB"
    )
    setup_matlab: bool = Field(
        default=False, description="Install MATLAB on that runner first (GitHub's ubuntu-24.04)"
    )
    kit: answer_fields.Kit = Field(
        description="The kit's copy on GitHub, owner/name (not yet there? Type the name that it "
        "will have)"
    )
    ref: answer_fields.Ref = Field(
        "v1", description="Tag or commit of the kit that the workflows call"
    )

    @field_validator("*", mode="before")
    @classmethod
    def _one_line(cls, value: Any) -> Any:
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and not (text.isprintable() and text == text.strip()):
                raise ValueError("text on one line, without blanks around it")
            if isinstance(text, str) and "${{" in text:
                raise ValueError("text without '${{', which starts a GitHub expression")
        return value

    @field_validator(*TRAINING)
    @classmethod
    def _no_model(cls, value: Any, info: ValidationInfo) -> Any:
        if value and info.data.get("model"):
            raise ValueError("nothing together with --model: an existing model is not trained")
        return value

    @property
    def serves(self) -> bool:
        """Whether there is an endpoint; always if there is an existing model."""
        return bool(self.handler or self.model)

    @property
    def handler_file(self) -> str:
        """The file of the user's own handler; empty for one of the kit's, or for none."""
        return "" if self.handler in folders.KITS_HANDLERS else self.handler


def option(name: str) -> str:
    """Name the command-line option for the answer `name`."""
    return "--" + name.replace("_", "-")


_EMPTY = {"handler": " to train only", "region": ": the repository's variable AWS_REGION"}


def described(name: str, typed: str = "empty", empty: str = "") -> str:
    """Describe the answer `name`; say what it means to type none, by default `empty`."""
    means = "" if wrong({name: ""}) else _EMPTY.get(name, empty)
    return f"{Answers.model_fields[name].description}{means and f' ({typed}{means})'}"


def wrong(values: dict[str, Any]) -> dict[str, str]:
    """Find what is wrong with the answers `values`, by name; missing answers are not wrong."""
    found: dict[str, str] = {}
    try:
        Answers.model_validate(values)
    except ValidationError as error:
        for details in error.errors():
            if details["type"] != "missing":
                reason = details.get("ctx", {}).get("error") or problems.plain(details["msg"])
                text = f"found {problems.shown(details['input'])}; allowed: {reason}"
                found.setdefault(str(details["loc"][0]), text)
    return found


def refuse(found: dict[str, str]) -> None:
    """Raise one InputError with everything in `found`, unless it is empty."""
    if found:
        lines = [f"{option(name)}: {text}" for name, text in found.items()]
        raise InputError("\n".join(lines), do="Nothing was written.")


def checked(values: dict[str, Any]) -> Answers:
    """Check the answers; raise one InputError with everything that is wrong."""
    refuse(wrong(values))
    made = Answers.model_validate(values)
    refuse(_unknown_metrics(made))
    return made


def _unknown_metrics(made: Answers) -> dict[str, str]:
    """Find the options that name a metric which is not there."""
    found = {n: unknown_metrics(getattr(made, n), made.metric) for n in BY_METRIC}
    return {name: text for name, text in found.items() if text}


def unknown_metrics(named: Collection[str], metrics: Collection[str]) -> str:
    """Say which of the names `named` are not in `metrics`; empty if all are."""
    unknown = ", ".join(name for name in named if name not in metrics)
    known = ", ".join(metrics) or "none"
    cure = f"Metrics: {known}; add one with --metric NAME=PATTERN"
    return f"found {unknown}, which is no metric. {cure}" if unknown else ""


def place(file: str) -> tuple[str, str]:
    """Split a MATLAB file's path into the folder and the function or class for sagemaker.yml."""
    path = PurePosixPath(file)
    folders = list(path.parts[:-1])
    packages: list[str] = []
    while folders and folders[-1].startswith("+"):
        packages.insert(0, folders.pop()[1:])
    return "/".join(folders) or ".", ".".join([*packages, path.stem])
