"""What `init` has to know of a user's repository: each answer is checked alone, by its kind. Pure.

Some of it becomes part of a workflow. So no answer may hold more than one line, nor the sign that
begins an expression: GitHub would evaluate it, wherever in a value it stands.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from matlab_sagemaker import answer_kinds, kinds, problems
from matlab_sagemaker.errors import InputError

NONE = Literal[""]


class Answers(BaseModel):
    """All that the files are made of; a description is the question, and the option's help."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    config: answer_kinds.ConfigFile = Field(
        "sagemaker.yml", description="Where the project's file goes"
    )
    name: kinds.ProjectName = Field(description="Project name, which begins all other names")
    engine: Literal["matlab", "octave"] = Field("matlab", description="Engine, matlab or octave")
    release: kinds.Release | NONE = Field("", description="MATLAB release; by default the kit's")
    products: answer_kinds.Products = Field(
        default=[],
        description="Products that the training needs beside MATLAB, separated by commas "
        "(Statistics and Machine Learning Toolbox, say)",
    )
    batch_token_secret: kinds.SecretName | NONE = Field(
        "matlab-sagemaker-batch-token",
        description="AWS secret with MATLAB's batch token (for jobs; the engine matlab)",
    )
    function: answer_kinds.MatlabFile = Field(
        description="File of the training function f(env, varargin)"
    )
    data: answer_kinds.Channels = Field(
        description="Training data: a folder or s3://…; NAME=… for another channel than training"
    )
    hyperparameter: answer_kinds.HyperParameters = Field(
        default={}, description="Argument of the training function, as NAME=VALUE"
    )
    metric: answer_kinds.Metrics = Field(
        default={}, description="Metric in the log, as NAME=REGULAR EXPRESSION with a group"
    )
    instance_type: kinds.InstanceType = Field(
        "ml.m5.large", description="Instance to train and to serve on"
    )
    max_runtime: answer_kinds.MaxRuntime = Field(
        "1d", description="Longest training, such as 90m, 2h or 1d"
    )
    handler: answer_kinds.MatlabFile | NONE = Field(
        description="File of the handler class; without one, models are trained and not deployed"
    )
    region: kinds.Region | NONE = Field(
        "", description="AWS Region; by default the repository's variable AWS_REGION"
    )
    branch: answer_kinds.Branch = Field(
        description="Branch that pull requests are for and that is deployed"
    )
    environment: answer_kinds.Environment = Field(
        "production", description="GitHub environment to deploy to"
    )
    request: answer_kinds.RequestFile | NONE = Field(
        "", description="Request file that the endpoint is tried with"
    )
    expected: answer_kinds.RequestFile | NONE = Field(
        "", description="File with the answer that it has to give"
    )
    runner: answer_kinds.Runner | NONE = Field(
        "", description="Label of the runner, or a JSON array of labels"
    )
    matlab_runner: answer_kinds.Runner | NONE = Field(
        "", description="The same of the runner that compiles with MATLAB"
    )
    setup_matlab: bool = Field(
        default=False, description="Install MATLAB on that runner first (GitHub's ubuntu-24.04)"
    )
    kit: answer_kinds.Kit = Field(description="The kit's repository on GitHub, as owner/name")
    ref: answer_kinds.Ref = Field(
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


def option(name: str) -> str:
    """Return the option that gives the answer `name`."""
    return "--" + name.replace("_", "-")


def wrong(values: dict[str, Any]) -> dict[str, str]:
    """Return what is wrong with the answers `values`, by name; what is missing is not wrong."""
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
    """Return the answers; raise InputError that names everything that is wrong with them."""
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
