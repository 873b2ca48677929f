"""What should exist: frozen descriptions that know their names and their API requests. Pure.

SageMaker never frees a training job's name and never changes a model or an endpoint configuration:
each name ends in the key of its content, so the same content has the same name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from matlab_sagemaker import digest, tags

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Request = dict[str, Any]  # keyword arguments of one boto3 call, named as in the API

NAME_LIMIT = 63  # characters of a SageMaker resource's name
CODE_CHANNEL = "code"
CODE_FILE = "code.tar.gz"


@dataclass(frozen=True, kw_only=True)
class Upload:
    """One object that has to be in S3."""

    bucket: str
    key: str
    body: bytes | Path


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One input channel: where it lies in S3, and what identifies its content."""

    name: str
    uri: str
    content: Any
    uploads: tuple[Upload, ...] = ()  # empty: the user put it there

    @property
    def request(self) -> Request:
        """The channel's entry in InputDataConfig."""
        source = {
            "S3DataType": "S3Prefix",
            "S3Uri": self.uri,
            "S3DataDistributionType": "FullyReplicated",
        }
        return {"ChannelName": self.name, "DataSource": {"S3DataSource": source}}


def folder_channel(bucket: str, prefix: str, name: str, files: Mapping[str, Path]) -> Channel:
    """Return the channel of a local folder; it is stored below a prefix named by its content."""
    content = digest.file_digests(files)
    place = f"{prefix}/data/{name}/{digest.key(content)}/"
    uploads = tuple(Upload(bucket=bucket, key=place + n, body=p) for n, p in files.items())
    return Channel(name=name, uri=f"s3://{bucket}/{place}", content=content, uploads=uploads)


def code_channel(bucket: str, prefix: str, files: Mapping[str, Path]) -> Channel:
    """Return the channel `code`: the user's code folder as one bundle."""
    content = digest.file_digests(files)
    place = f"{prefix}/code/{digest.key(content)}/"
    body = digest.compress(digest.tar(files))
    upload = Upload(bucket=bucket, key=place + CODE_FILE, body=body)
    return Channel(
        name=CODE_CHANNEL, uri=f"s3://{bucket}/{place}", content=content, uploads=(upload,)
    )


@dataclass(frozen=True, kw_only=True)
class TrainingJob:
    """One training job, whatever its attempts are."""

    project: str
    image_key: str  # not its digest: an image that was rebuilt does not train again
    function: str
    hyperparameters: Mapping[str, str]
    channels: tuple[Channel, ...]
    products: tuple[str, ...]
    instance_type: str
    instance_count: int
    volume_gb: int
    metrics: Mapping[str, str]
    max_runtime: int  # seconds; not part of the key: it does not change the model
    role: str  # ARN
    output: str  # s3:// prefix
    environment: Mapping[str, str] = field(default_factory=dict)  # nor does this; no secrets in it

    @cached_property
    def key(self) -> str:
        """The content key of the job and so of its model."""
        return digest.key(
            {
                "image": self.image_key,
                "function": self.function,
                "hyperparameters": dict(self.hyperparameters),
                "channels": {channel.name: channel.content for channel in self.channels},
                "products": sorted(self.products),
                "instances": [self.instance_type, self.instance_count, self.volume_gb],
                "metrics": dict(self.metrics),
            }
        )

    def name(self, attempt: int) -> str:
        """Return the name of the job's `attempt` (from 1)."""
        return f"{self.project}-{self.key}-{attempt}"

    @property
    def uploads(self) -> tuple[Upload, ...]:
        """What has to be in S3 before the job can start."""
        return tuple(upload for channel in self.channels for upload in channel.uploads)

    def request(self, attempt: int, image: str) -> Request:
        """Return the CreateTrainingJob request of an attempt with `image`, named by digest."""
        definitions = [{"Name": n, "Regex": r} for n, r in self.metrics.items()]
        algorithm: Request = {"TrainingImage": image, "TrainingInputMode": "File"}
        if definitions:
            algorithm["MetricDefinitions"] = definitions
        request = {
            "TrainingJobName": self.name(attempt),
            "AlgorithmSpecification": algorithm,
            "HyperParameters": {**self.hyperparameters, "sagemaker_program": self.function},
            "RoleArn": self.role,
            "InputDataConfig": [channel.request for channel in self.channels],
            "OutputDataConfig": {"S3OutputPath": self.output},
            "ResourceConfig": {
                "InstanceType": self.instance_type,
                "InstanceCount": self.instance_count,
                "VolumeSizeInGB": self.volume_gb,
            },
            "StoppingCondition": {"MaxRuntimeInSeconds": self.max_runtime},
            "Tags": tags.of({"project": self.project, "key": self.key}),
        }
        return {**request, "Environment": dict(self.environment)} if self.environment else request


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """One endpoint that serves one model with one image."""

    project: str
    endpoint_name: str
    image: str  # named by digest
    model_data: str  # S3 URI of model.tar.gz
    training_job: str  # that made it
    role: str  # ARN
    instance_type: str
    instance_count: int
    commit: str = ""  # that is deployed; not part of any key

    @cached_property
    def model(self) -> Request:
        """The CreateModel request."""
        container = {"Image": self.image, "ModelDataUrl": self.model_data}
        return self._named(
            "ModelName", {"ExecutionRoleArn": self.role, "PrimaryContainer": container}
        )

    @cached_property
    def config(self) -> Request:
        """The CreateEndpointConfig request."""
        variant = {
            "VariantName": "main",
            "ModelName": self.model["ModelName"],
            "InstanceType": self.instance_type,
            "InitialInstanceCount": self.instance_count,
            "InitialVariantWeight": 1.0,
        }
        return self._named("EndpointConfigName", {"ProductionVariants": [variant]})

    @property
    def endpoint(self) -> Request:
        """The UpdateEndpoint request; CreateEndpoint's but for the tags."""
        return {
            "EndpointName": self.endpoint_name,
            "EndpointConfigName": self.config["EndpointConfigName"],
        }

    @property
    def facts(self) -> dict[str, str]:
        """What people want to know of it, named as the step's outputs."""
        return {
            "endpoint-name": self.endpoint_name,
            "endpoint-config": self.config["EndpointConfigName"],
            "model-name": self.model["ModelName"],
            "model-data": self.model_data,
            "training-job": self.training_job,
        }

    def _named(self, name: str, body: Request) -> Request:
        # The endpoint counts: of a long name only the stem is left, which another may share.
        key = digest.key([self.endpoint_name, body])
        facts = {
            "project": self.project,
            "endpoint": self.endpoint_name,
            "key": key,
            "training-job": self.training_job,
            **({"commit": self.commit} if self.commit else {}),
        }
        return {name: f"{stem(self.endpoint_name)}{key}", **body, "Tags": tags.of(facts)}


def stem(endpoint_name: str) -> str:
    """Return how the names begin of all that is made for an endpoint; the key follows."""
    return endpoint_name[: NAME_LIMIT - digest.KEY_LENGTH - 1].rstrip("-") + "-"
