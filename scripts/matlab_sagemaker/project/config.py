"""The sections and keys of sagemaker.yml, their types and defaults. Pure."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from matlab_sagemaker.project import aws_names, fields, problems, sources, variables
from matlab_sagemaker.project.hyperparameters import (
    HyperParameterText,  # noqa: TC001 (pydantic reads it)
)

DEFAULT_RUNTIME = 86400  # seconds
DEFAULT_TRAINING_ROLE = "matlab-sagemaker-training"
DEFAULT_SERVING_ROLE = "matlab-sagemaker-serving"


class Section(BaseModel):
    """A mapping in sagemaker.yml: no unknown keys, and no silent conversions."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class MatlabSection(Section):
    """What runs the .m files."""

    engine: Literal["matlab", "octave"] = Field(
        "matlab",
        description="What runs the .m files. matlab: for production. octave: GNU Octave, without a "
        "licence, for pipelines, tests and models that need no toolbox.",
        examples=["octave"],
    )
    release: fields.Release = Field(
        "R2026a", description="MATLAB release of the images, R2023a or later."
    )
    base_image: fields.ImageReference | None = Field(
        None,
        description="Image that the kit's images are built on: Debian 12, Ubuntu 22.04 or newer, "
        "with Python 3.10 or newer. Default: MathWorks' or Debian's own. An inference image with "
        "the engine matlab is always built on MATLAB Compiler SDK's.",
        examples=["mathworks/matlab-deps:r2026a"],
    )
    batch_token_secret: fields.SecretName | None = Field(
        None,
        description="Secret in Secrets Manager with the batch token: name or ARN.",
        examples=["matlab-sagemaker-batch-token"],
    )
    products: fields.Products = Field(
        default=[],
        description="Products that the training needs in addition to MATLAB.",
        examples=[["Statistics and Machine Learning Toolbox"]],
    )


class SpotSection(Section):
    """Training on capacity that AWS can reclaim at any time; the job then starts again."""

    max_wait: fields.Duration = Field(
        description="Train on spot capacity. Longest time for waiting and running together; at "
        "least training.max_runtime.",
        examples=["4h"],
    )


class MetricSection(Section):
    """A number that the training prints. A plain pattern in its place is a required metric."""

    pattern: fields.MetricPattern = Field(
        description="Regular expression to find in the lines of the log, with a group around the "
        "number. If it is the only key, you can write it directly: name: pattern.",
        examples=["loss: ([0-9.e-]+)"],
    )
    required: bool = Field(
        default=True,
        description="Whether it is an error if the training does not print it.",
        examples=[False],
    )
    better: Literal["lower", "higher"] | None = Field(
        None, description="Which of two values is better, for reports.", examples=["lower"]
    )
    unit: fields.Unit | None = Field(
        None, description="Unit of the number, for reports.", examples=["m/s"]
    )


Metric = Annotated[MetricSection, fields.PATTERN_OR_SECTION]


class TrainingSection(Section):
    """The training job: its code, its data and the instances it runs on."""

    function: fields.FunctionName = Field(
        description="Training function f(env, varargin), without .m.",
        examples=["trainClassificationTree"],
    )
    code: fields.CodeFolders = Field(
        description="Folder with the training code, or a list of folders.", examples=["code"]
    )
    channels: Annotated[
        dict[fields.ChannelName, fields.ChannelSource], Field(min_length=1, max_length=19)
    ] = Field(
        description="Input data, 1 to 19 channels: a folder of the repository or an s3:// prefix.",
        examples=[{"training": "data/training"}],
    )
    hyperparameters: Annotated[
        dict[fields.HyperParameterName, HyperParameterText], Field(max_length=98)
    ] = Field(
        default={},
        description="Name-value arguments of the training function: number, text, true or false, "
        "or a list of these.",
        examples=[{"MinLeafSize": 1}],
    )
    environment: variables.Variables = Field(
        default={},
        description="Environment variables of the job. Do not put secrets here: AWS shows them.",
        examples=[{"NUMBER_OF_THREADS": "4"}],
    )
    instance_type: fields.TrainingInstance = Field("ml.m5.large", description="Training instance.")
    instance_count: fields.InstanceCount = Field(1, description="Number of training instances.")
    volume_gb: fields.VolumeSize = Field(30, description="Storage of each instance, in GB.")
    image: sources.TrainingImage | None = Field(
        None,
        description="Training image of your own in ECR, derived FROM the kit's, by digest or tag. "
        "Default: the kit's.",
        examples=["123456789012.dkr.ecr.eu-west-1.amazonaws.com/flowers:1"],
    )
    max_runtime: fields.Duration = Field(
        DEFAULT_RUNTIME,
        description="Longest time until SageMaker stops the job: seconds, or 90m, 2h, 1d.",
        examples=["2h"],
    )
    spot: SpotSection | None = Field(None, description="Managed spot training. Default: on demand.")
    metrics: Annotated[dict[fields.MetricName, Metric], Field(max_length=40)] = Field(
        default={}, description="Metrics that are read from the job's log; at most 40."
    )

    @field_validator("spot")
    @classmethod
    def _waits_long_enough(
        cls, spot: SpotSection | None, info: ValidationInfo
    ) -> SpotSection | None:
        longest = info.data.get("max_runtime", 0)
        if spot and spot.max_wait < longest:
            time = "1d (its default)" if longest == DEFAULT_RUNTIME else problems.duration(longest)
            raise ValueError(f"a max_wait of at least training.max_runtime, {time}")
        return spot


Rules = Field(min_length=1, max_length=40)
Gate = Annotated[dict[fields.MetricName, fields.Comparison], Rules]
Difference = Annotated[
    dict[Literal["at_least", "at_most"], fields.Difference], Field(min_length=1, max_length=1)
]
Champion = Annotated[dict[fields.MetricName, Difference], Rules]


class InferenceSection(Section):
    """The handler that answers the endpoint's requests."""

    handler: fields.ClassName | None = Field(
        None,
        description="Handler class, without .m, derived from the default: "
        "sagemaker_inference.DefaultInferenceHandler. That one and "
        "sagemaker_inference.TableModelHandler need no code.",
        examples=["ClassificationTreeInferenceHandler"],
    )
    code: fields.CodeFolders | None = Field(
        None,
        description="Folder with the handler's code, or a list of folders. Required with a handler "
        "of your own.",
        examples=["inference"],
    )
    request: fields.SampleFile | None = Field(
        None,
        description="File (.csv or .json) with a request. It is sent unless another one is given.",
        examples=["requests/three_flowers.csv"],
    )
    expected: fields.SampleFile | None = Field(
        None,
        description="File (.csv or .json) with the expected answer to that request; another answer "
        "is an error.",
        examples=["requests/expected.csv"],
    )
    tolerance: fields.Tolerance = Field(
        1e-6,
        description="Relative difference, below 1, up to which two numbers count as the same.",
        examples=[0.001],
    )


class EndpointSection(Section):
    """The endpoint and its one production variant."""

    name: fields.ResourceName | None = Field(
        None, description="Default: the project's name.", examples=["flowers-endpoint"]
    )
    instance_type: fields.ServingInstance = Field("ml.m5.large", description="Serving instance.")
    instance_count: fields.InstanceCount = Field(1, description="Number of serving instances.")


class VpcSection(Section):
    """The network of training jobs and endpoints."""

    subnets: aws_names.Subnets = Field(
        description="IDs of 1 to 16 subnets of one VPC.", examples=[["subnet-0a1b2c3d"]]
    )
    security_groups: aws_names.SecurityGroups = Field(
        description="IDs of 1 to 5 security groups of the same VPC.", examples=[["sg-0a1b2c3d"]]
    )

    @property
    def request(self) -> dict[str, list[str]]:
        """The section as SageMaker's VpcConfig."""
        return {"Subnets": self.subnets, "SecurityGroupIds": self.security_groups}


class AwsSection(Section):
    """Where everything runs. A step's inputs override region, roles and bucket."""

    region: aws_names.Region | None = Field(
        None, description="Default: that of the AWS configuration.", examples=["eu-west-1"]
    )
    training_role: aws_names.Role = Field(
        DEFAULT_TRAINING_ROLE, description="Role that training jobs run as: ARN or name."
    )
    serving_role: aws_names.Role = Field(
        DEFAULT_SERVING_ROLE, description="Role that endpoints run as: ARN or name."
    )
    bucket: aws_names.BucketName | None = Field(
        None,
        description="Bucket for code, data and models. Default: "
        "matlab-sagemaker-<account>-<region>, created if it is missing.",
        examples=["my-company-models"],
    )
    vpc: VpcSection | None = Field(
        None, description="Network of jobs and endpoints. Default: SageMaker's own."
    )
    tags: aws_names.Tags = Field(
        default={},
        description="Up to 40 tags of new jobs, models, configurations and endpoints.",
        examples=[{"team": "pumps"}],
    )


class Settings(Section):
    """One sagemaker.yml."""

    name: fields.ProjectName = Field(
        description="Start of the names of jobs and S3 folders: at most 32 lower-case letters, "
        "digits and hyphens.",
        examples=["flowers"],
    )
    matlab: MatlabSection = MatlabSection.model_construct()
    training: TrainingSection | None = Field(
        None,
        description="The training job that makes the model. Required, unless there is `model`.",
    )
    model: sources.ModelSource | None = Field(
        None,
        description="Instead of `training`, a model that exists: a .mat file with the variable "
        "model, a folder or a .tar.gz of the repository, or the s3:// URI of a .tar.gz.",
        examples=["models/pump.mat"],
    )
    gate: Gate | None = Field(
        None,
        description="Limits for metrics of training.metrics, in quotes. If the model breaks one, "
        "the pull request's check is red, and deploy refuses the model.",
        examples=[{"loss": "< 0.4"}],
    )
    champion: Champion | None = Field(
        None,
        description="Limits for how metrics differ from those of the model that serves now: the "
        "new value minus the serving one's, at_least or at_most a number.",
        examples=[{"loss": {"at_most": 0.01}}],
    )
    inference: InferenceSection | None = Field(
        None, description="The handler. Required to deploy; {} is the default handler."
    )
    endpoint: EndpointSection = EndpointSection.model_construct()
    aws: AwsSection = AwsSection.model_construct()

    @property
    def endpoint_name(self) -> str:
        """The endpoint's name."""
        return self.endpoint.name or self.name


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of sagemaker.yml, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:matlab-sagemaker:sagemaker.yml",
        **Settings.model_json_schema(),
        "oneOf": [{"required": ["training"]}, {"required": ["model"]}],
    }
