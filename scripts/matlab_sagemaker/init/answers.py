"""What `init` needs to know about a user's repository: the answers, each checked by its type. Pure.

Some answers become part of a workflow. So none may hold more than one line, or the characters that
begin an expression: GitHub evaluates them anywhere in a value.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any, Literal

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
from matlab_sagemaker.project import aws_names, fields, folders, places, problems

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
)  # of no use for a model


class Answers(BaseModel):
    """All that the files are made from; a description is the question and the option's help."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    config: answer_fields.ConfigFile = Field(
        "sagemaker.yml", description="Where the project's file goes"
    )
    name: fields.ProjectName = Field(description="Project name, which begins all other names")
    engine: Literal["matlab", "octave"] = Field("matlab", description="Engine, matlab or octave")
    release: fields.Release | NONE = Field("", description="MATLAB release; by default the kit's")
    batch_token_secret: fields.SecretName | NONE = Field(
        "matlab-sagemaker-batch-token",
        description="AWS secret with MATLAB's batch token (for jobs; the engine matlab)",
    )
    model: places.ModelSource | NONE = Field(
        "",
        description="Existing model, which is not trained: a .mat file with the variable "
        "model, a folder, a .tar.gz or s3://….tar.gz",
    )
    function: answer_fields.MatlabFile | None = Field(
        None,
        description="File of the training function f(env, varargin); not with --model",
    )
    data: answer_fields.Channels = Field(
        default={},
        description="Training data: a folder or s3://…; NAME=… for another channel than training",
    )
    hyperparameter: answer_fields.HyperParameters = Field(
        default={}, description="Argument of the training function, as NAME=VALUE"
    )
    metric: answer_fields.Metrics = Field(
        default={}, description="Metric in the log, as NAME=REGULAR EXPRESSION with a group"
    )
    better: answer_fields.Directions = Field(
        default={},
        description="Which values of metrics are the better ones: NAME=higher or NAME=lower",
    )
    unit: answer_fields.Units = Field(
        default={}, description="Units of metrics, for people: NAME=UNIT"
    )
    optional: answer_fields.MetricNames = Field(
        default=[],
        description="Metrics that a training need not print, by name (required: false)",
    )
    instance_type: answer_fields.Instance = Field(
        "ml.m5.large", description="Instance to train and to serve on"
    )
    image: answer_fields.Image | NONE = Field(
        "", description="Training image of your own in ECR, by its digest"
    )
    max_runtime: answer_fields.MaxRuntime = Field(
        "1d", description="Longest training, such as 90m, 2h or 1d"
    )
    handler: answer_fields.Handler | NONE = Field(
        description="File of the handler class, or sagemaker_inference.DefaultInferenceHandler, "
        "which needs no code; without one, models are trained and not deployed"
    )
    products: answer_fields.Products = Field(
        default=[],
        description="Products that training and handler need besides MATLAB, separated by commas "
        "(Statistics and Machine Learning Toolbox, say)",
    )
    shared: answer_fields.Folders = Field(
        default=[],
        description="Folder with further code, for training and handler; several between commas",
    )
    region: aws_names.Region | NONE = Field(
        "", description="AWS Region; by default the repository's variable AWS_REGION"
    )
    branch: answer_fields.Branch = Field(
        description="Branch that pull requests are for and that is deployed"
    )
    environment: answer_fields.Environment = Field(
        "production", description="GitHub environment to deploy to"
    )
    request: fields.SampleFile | NONE = Field(
        "", description="Request file that the endpoint is tried with"
    )
    expected: fields.SampleFile | NONE = Field(
        "", description="File with the answer that is expected"
    )
    tolerance: answer_fields.Tolerance | None = Field(
        None, description="Relative difference up to which two numbers count as the same"
    )
    runner: answer_fields.Runner | NONE = Field(
        "", description="Label of the runner, or a JSON array of labels"
    )
    matlab_runner: answer_fields.Runner | NONE = Field(
        "", description="The same for the runner that compiles with MATLAB"
    )
    setup_matlab: bool = Field(
        default=False, description="Install MATLAB on that runner first (GitHub's ubuntu-24.04)"
    )
    kit: answer_fields.Kit = Field(description="The kit's repository on GitHub, as owner/name")
    ref: answer_fields.Ref = Field(
        "v1", description="Tag or commit of the kit that the workflows call"
    )

    @field_validator("*", mode="before")
    @classmethod
    def _one_line(cls, value: Any) -> Any:
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and not (text.isprintable() and text == text.strip()):
                raise ValueError("text on one line, with no blanks around it")
            if isinstance(text, str) and "${{" in text:
                raise ValueError("text without '${{', with which GitHub's expressions begin")
        return value

    @field_validator(*TRAINING)
    @classmethod
    def _no_model(cls, value: Any, info: ValidationInfo) -> Any:
        if value and info.data.get("model"):
            raise ValueError("nothing with --model: an existing model is not trained")
        return value

    @property
    def serves(self) -> bool:
        """Whether there is an endpoint; a model that exists is for nothing else."""
        return bool(self.handler or self.model)

    @property
    def handler_file(self) -> str:
        """The file of the user's own handler; nothing where the kit's own answers, or none."""
        return "" if self.handler in folders.KITS_HANDLERS else self.handler


def option(name: str) -> str:
    """Return the option that gives the answer `name`."""
    return "--" + name.replace("_", "-")


def wrong(values: dict[str, Any]) -> dict[str, str]:
    """Find what is wrong with the answers `values`, by name; what is missing is not wrong."""
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
    """Raise InputError that names all that was `found` to be wrong, if anything was."""
    if found:
        lines = [f"{option(name)}: {text}" for name, text in found.items()]
        raise InputError("\n".join(lines), do="Nothing was written.")


def checked(values: dict[str, Any]) -> Answers:
    """Check the answers; raise InputError that names everything that is wrong with them."""
    refuse(wrong(values))
    return Answers.model_validate(values)


def place(file: str) -> tuple[str, str]:
    """Return the folder to name in sagemaker.yml, and the function or class, of a MATLAB file."""
    path = PurePosixPath(file)
    folders = list(path.parts[:-1])
    packages: list[str] = []
    while folders and folders[-1].startswith("+"):
        packages.insert(0, folders.pop()[1:])
    return "/".join(folders) or ".", ".".join([*packages, path.stem])
