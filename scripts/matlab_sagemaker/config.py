"""The user's sagemaker.yml: typed, and validated whole before the first request to AWS. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from matlab_sagemaker import folders, kinds, problems, yamlfile
from matlab_sagemaker.errors import InputError, Place
from matlab_sagemaker.hyperparameters import HyperParameter  # noqa: TC001 (pydantic reads it)

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_ROLE = "matlab-sagemaker-execution"


class Section(BaseModel):
    """A mapping of sagemaker.yml: no other keys than its own, and no silent conversions."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Matlab(Section):
    """What runs the .m files."""

    engine: Literal["matlab", "octave"] = Field(
        "matlab",
        description="matlab: production. octave: GNU Octave, without a licence, for pipelines, "
        "tests and models that need no toolbox.",
    )
    release: kinds.Release = Field("R2026a", description="MATLAB release of the images.")
    base_image: kinds.ImageReference | None = Field(
        None,
        description="What the images are built on, but for an inference image with the engine "
        "matlab; default: MathWorks' or Debian's own.",
    )
    batch_token_secret: kinds.SecretName | None = Field(
        None, description="Secrets Manager secret with the batch token: name or ARN."
    )
    products: Annotated[list[kinds.Product], AfterValidator(kinds.products_that_fit)] = Field(
        default=[], description="Products that the training needs beside MATLAB."
    )


class Training(Section):
    """One training job: code, data and the instance it runs on."""

    function: kinds.FunctionName = Field(description="Training function: f(env, varargin).")
    code: kinds.RelativePath = Field(description="Folder with the training code.")
    channels: Annotated[
        dict[kinds.ChannelName, kinds.Source], Field(min_length=1, max_length=19)
    ] = Field(description="Input channels: a folder of the repository, or an S3 folder.")
    hyperparameters: Annotated[
        dict[kinds.HyperParameterName, HyperParameter], Field(max_length=98)
    ] = Field(default={}, description="Name-value arguments of the training function.")
    instance_type: kinds.InstanceType = Field("ml.m5.large", description="Training instance.")
    instance_count: kinds.InstanceCount = Field(1, description="Number of training instances.")
    volume_gb: kinds.VolumeSize = Field(30, description="Storage of each instance, in GB.")
    max_runtime: kinds.Duration = Field(
        86400, description="Longest run before SageMaker stops the job: 3600, 90m, 2h, 1d."
    )
    metrics: Annotated[dict[kinds.MetricName, kinds.MetricPattern], Field(max_length=40)] = Field(
        default={}, description="Metrics, read from the log by regular expressions."
    )


class Inference(Section):
    """The handler that answers the endpoint's requests."""

    handler: kinds.ClassName = Field(
        description="Handler class, derived from sagemaker_inference.DefaultInferenceHandler."
    )
    code: kinds.RelativePath = Field(description="Folder with the handler's code.")


class Endpoint(Section):
    """The endpoint and its one production variant."""

    name: kinds.ResourceName | None = Field(None, description="Default: the project's name.")
    instance_type: kinds.InstanceType = Field("ml.m5.large", description="Serving instance.")
    instance_count: kinds.InstanceCount = Field(1, description="Number of serving instances.")


class Aws(Section):
    """Where it runs. Each can be given to a verb as well, which then counts."""

    region: kinds.Region | None = Field(None, description="Default: the AWS configuration's.")
    role: kinds.Role = Field(
        DEFAULT_ROLE, description="Execution role of jobs and endpoints: ARN or name."
    )
    bucket: kinds.BucketName | None = Field(
        None, description="Default: matlab-sagemaker-<account>-<region>, made when it is missing."
    )


class Project(Section):
    """One sagemaker.yml."""

    name: kinds.ProjectName = Field(description="Begins the name of everything that is made.")
    matlab: Matlab = Matlab.model_construct()
    training: Training
    inference: Inference | None = Field(
        None, description="The handler; needed as soon as there is an endpoint to be deployed."
    )
    endpoint: Endpoint = Endpoint.model_construct()
    aws: Aws = Aws.model_construct()

    @property
    def endpoint_name(self) -> str:
        """The endpoint's name."""
        return self.endpoint.name or self.name


@dataclass(frozen=True)
class Loaded:
    """A valid project and the folder that its paths are relative to."""

    project: Project
    root: Path
    file: str

    def folder(self, path: str) -> Path:
        """Return a folder of the repository that sagemaker.yml names."""
        return self.root / path


def load(path: Path) -> Loaded:
    """Read and check `path`; raise InputError that names everything that is wrong with it."""
    return parse(_read(path), path)


def parse(text: str, path: Path) -> Loaded:
    """Check `text` as what stands in `path`, whether or not it is written there yet."""
    document = yamlfile.parse(text, str(path))
    return Loaded(_validate(document, path.parent), path.parent, str(path))


def _read(path: Path) -> str:
    file = str(path)
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise InputError(
            f"There is no file {file}.",
            why=_similar(path),
            do="Run this in the folder that holds sagemaker.yml, or name it with --config; "
            "`scripts/run init` writes one.",
        ) from error
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not UTF-8 text.", do="Save it as UTF-8.") from error


def _similar(path: Path) -> str:
    twin = path.with_suffix({".yml": ".yaml", ".yaml": ".yml"}.get(path.suffix, path.suffix))
    return f"There is a {twin.name}, but no {path.name}." if twin.is_file() else ""


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of sagemaker.yml, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Project.model_json_schema(),
    }


def _validate(document: yamlfile.Document, root: Path) -> Project:
    value = document.value if document.value is not None else {}
    found = folders.problems(value, root)
    project = None
    try:
        project = Project.model_validate(value)
    except ValidationError as error:
        found = problems.from_pydantic(error, Project) + found
    if project and not found:
        return project
    raise InputError(
        problems.as_text(found, document),
        do="Nothing was sent to AWS.",
        place=Place(document.file, min(document.line(problem.location) for problem in found)),
    )
