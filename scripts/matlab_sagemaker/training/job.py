"""A training job as it should be: its channels, its key, its attempts' names and requests. Pure.

SageMaker never frees a training job's name. So a name ends in the key of everything that the model
depends on, and the number of the attempt.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from matlab_sagemaker import digest
from matlab_sagemaker.aws.s3 import Upload
from matlab_sagemaker.errors import InputError
from matlab_sagemaker.project import build_context
from matlab_sagemaker.training import inputs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.aws.plan import ApiRequest
    from matlab_sagemaker.aws.s3 import ChannelContent
    from matlab_sagemaker.digest import FileDigest, MeasuredBytes, MeasuredFolder
    from matlab_sagemaker.project.config import MatlabSection
    from matlab_sagemaker.project.content import TrainedProject

CODE_CHANNEL = "code"
CODE_FILE = "code.tar.gz"
ENDED = ("Completed", "Failed", "Stopped")
# Bytes. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
_LONGEST_KEY = 1024


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One input channel: where it is in S3, and what identifies its content."""

    name: str
    uri: str
    content: Any
    uploads: tuple[Upload, ...] = ()  # empty: the user put it there
    written: float = 0  # when the user last wrote there, in seconds since 1970

    @property
    def request(self) -> ApiRequest:
        """The channel's entry in InputDataConfig."""
        source = {
            "S3DataType": "S3Prefix",
            "S3Uri": self.uri,
            "S3DataDistributionType": "FullyReplicated",
        }
        return {"ChannelName": self.name, "DataSource": {"S3DataSource": source}}


def folder_channel(bucket: str, prefix: str, name: str, folder: MeasuredFolder) -> Channel:
    """Describe the channel of a local folder, which is stored under a key of its content.

    Raises InputError for a file whose S3 key would be too long.
    """
    place = f"data/{prefix}/{name}/{folder.key}/"
    for path, file in folder.paths.items():
        if (size := len((place + path).encode())) > _LONGEST_KEY:
            raise InputError(
                f"The path {file} is too long for S3.",
                why=f"Its key would have {size} bytes; S3 allows {_LONGEST_KEY}.",
                do="Shorten the names of the file and of the folders that it is in.",
            )
    uploads = tuple(
        Upload(bucket=bucket, key=place + path, body=folder.paths[path], measured=measured)
        for path, measured in folder.measures.items()
    )
    return Channel(name=name, uri=f"s3://{bucket}/{place}", content=folder.digests, uploads=uploads)


def listed_channel(name: str, uri: str, found: ChannelContent) -> Channel:
    """Describe the channel of files that the user has put in S3."""
    return Channel(name=name, uri=uri, content=found.objects, written=found.written)


def code_channel(
    bucket: str,
    prefix: str,
    content: Mapping[str, str],
    bundle: MeasuredBytes,
    proof: MeasuredBytes,
) -> Channel:
    """Describe the channel `code`: the bundle of the user's code, and inputs.json as its proof."""
    place = f"code/{prefix}/{proof.measured.sha256}/"
    uploads = tuple(
        Upload(bucket=bucket, key=place + name, body=file.data, measured=file.measured)
        for name, file in ((CODE_FILE, bundle), (inputs.FILE, proof))
    )
    return Channel(
        name=CODE_CHANNEL, uri=f"s3://{bucket}/{place}", content=content, uploads=uploads
    )


@dataclass(frozen=True, kw_only=True)
class TrainingJob:
    """A training job as wanted, without the number of an attempt."""

    project: str
    image_key: str  # not the kit image's digest, so that rebuilding it does not train again
    function: str
    hyperparameters: Mapping[str, str]
    channels: tuple[Channel, ...]
    products: tuple[str, ...]
    instance_type: str
    instance_count: int
    volume_gb: int
    metrics: Mapping[str, str]  # the pattern of each
    max_runtime: int  # seconds; not part of the key: it does not change the model
    max_wait: int = 0  # seconds, for spot training; 0: on demand; not part of the key
    vpc: ApiRequest | None = None  # not part of the key
    tags: Mapping[str, str] = field(default_factory=dict)  # the user's; not part of the key
    role: str  # ARN
    output: str  # s3:// prefix
    seal: str  # s3:// prefix below which the job stores its model and card
    variables: Mapping[str, str] = field(default_factory=dict)  # the user's; no secrets
    environment: Mapping[str, str] = field(default_factory=dict)  # the kit's; not part of the key
    repositories: tuple[str, ...] = (build_context.RELEASE,)  # where its image may be, in order
    own_image: str = ""  # the user's own, by digest; empty: the kit's
    prefix: str = ""  # before the attempt's number, if the job only tries; not part of the key
    words: tuple[str, str] = ("trained", "training")  # what it has done or is doing, for people
    key: str = field(init=False)  # the digest of everything that its model depends on
    stem: str = field(init=False)  # of all attempts' names; the number of the attempt follows

    def __post_init__(self) -> None:
        """Compute the key and the stem."""
        variables = {"environment": dict(self.variables)} if self.variables else {}
        key, short = digest.keys(
            {
                **variables,
                "image": self.image_key,
                "function": self.function,
                "hyperparameters": dict(self.hyperparameters),
                "channels": {channel.name: channel.content for channel in self.channels},
                "products": sorted(self.products),
                "instances": [self.instance_type, self.instance_count, self.volume_gb],
                "metrics": dict(self.metrics),
            }
        )
        object.__setattr__(self, "key", key)  # the way to set a field of a frozen dataclass
        object.__setattr__(self, "stem", f"{self.project}-{short}-{self.prefix}")

    def name(self, attempt: int) -> str:
        """Compose the name of an attempt, counted from 1."""
        return f"{self.stem}{attempt}"

    @property
    def uploads(self) -> tuple[Upload, ...]:
        """The files that must be in S3 before the job can start."""
        return tuple(upload for channel in self.channels for upload in channel.uploads)

    def request(self, attempt: int, image: str) -> ApiRequest:
        """Compose an attempt's CreateTrainingJob request; `image` is a URI with a digest.

        Tags are not in it: others can change them, so jobs are not compared by them.
        """
        definitions = [{"Name": n, "Regex": r} for n, r in self.metrics.items()]
        algorithm: ApiRequest = {"TrainingImage": image, "TrainingInputMode": "File"}
        if definitions:
            algorithm["MetricDefinitions"] = definitions
        request: ApiRequest = {
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
        }
        if self.max_wait:
            request["StoppingCondition"]["MaxWaitTimeInSeconds"] = self.max_wait
            request["EnableManagedSpotTraining"] = True
        if self.vpc:
            request["VpcConfig"] = self.vpc
        environment = {**self.variables, **self.environment}
        return {**request, "Environment": environment} if environment else request


@dataclass(frozen=True)
class Job:
    """A training job as SageMaker describes it."""

    name: str
    status: str
    secondary_status: str
    reason: str  # FailureReason; empty if there is none
    model_data: str  # S3 URI of model.tar.gz; empty if there is none
    metrics: dict[str, float]
    billable_s: int
    image: str = ""  # URI, by digest
    inputs: str = ""  # SHA-256 of inputs.json, as its request names it
    is_sealed: bool = False  # if so, model, metrics and the next three are those of its card
    missing: Mapping[str, str] = field(default_factory=dict)  # why a metric has no value, by name
    files: tuple[str, ...] = ()  # names at the top of its model folder
    archive: FileDigest | None = None  # size and digest of model_data
    training_s: int = 0  # how long it has trained, if SageMaker says so
    instance_type: str = ""
    instance_count: int = 0

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.status not in ENDED

    @property
    def warning(self) -> str:
        """A warning about metrics without a value; empty if all have one."""
        listed = "; ".join(f"{name}: {why}" for name, why in self.missing.items())
        return f"Not every metric of {self.name} has a value. {listed}" if listed else ""


def seal(bucket: str, project: str) -> str:
    """Return the s3:// prefix below which a project's jobs store their models and cards."""
    return f"s3://{bucket}/sealed/{project}"


def describe(
    project: TrainedProject,
    bucket: str,
    role: str,
    s3_content: Mapping[str, ChannelContent],
    repositories: tuple[str, ...] = (build_context.RELEASE,),
    own_image: str = "",
) -> TrainingJob:
    """Describe the training job of `project`; `role` is the training role's ARN.

    `own_image` is training.image with its digest, which is part of the key. `s3_content` lists
    what is in the channels that are in S3 (s3.list_channels).
    """
    settings, training = project.settings, project.training
    name, place = settings.name, seal(bucket, settings.name)
    channels, proof = _channels(project, bucket, s3_content, place)
    return TrainingJob(
        project=name,
        image_key=own_image.partition("@")[2] or project.training_image.key,
        function=training.function,
        hyperparameters=training.hyperparameters,
        channels=channels,
        products=tuple(settings.matlab.products),
        instance_type=training.instance_type,
        instance_count=training.instance_count,
        volume_gb=training.volume_gb,
        metrics={name: metric.pattern for name, metric in training.metrics.items()},
        max_runtime=training.max_runtime,
        max_wait=training.spot.max_wait if training.spot else 0,
        vpc=settings.aws.vpc.request if settings.aws.vpc else None,
        tags=settings.aws.tags,
        role=role,
        variables=training.environment,
        environment={inputs.VARIABLE: proof, **_environment(settings.matlab)},
        output=f"s3://{bucket}/jobs/{name}",
        seal=place,
        repositories=repositories,
        own_image=own_image,
    )


def _channels(
    project: TrainedProject, bucket: str, s3_content: Mapping[str, ChannelContent], place: str
) -> tuple[tuple[Channel, ...], str]:
    """Describe the channels, and return the SHA-256 of inputs.json; read each file only once."""
    training, prefix = project.training, project.settings.name
    files = project.folders.files
    local = {n: files[path] for n, path in training.channels.items() if n not in s3_content}
    folders, (content, bundle) = digest.measure_inputs(local, project.folders.code["training"])
    measures = {name: folder.measures for name, folder in folders.items()}
    proof = inputs.compose(
        {**measures, CODE_CHANNEL: {CODE_FILE: bundle.measured}},
        {name: (training.channels[name], found) for name, found in s3_content.items()},
        {name: metric.pattern for name, metric in training.metrics.items()},
        place,
    )
    code = code_channel(bucket, prefix, content, bundle, proof)
    data = (
        folder_channel(bucket, prefix, name, folders[name])
        if name in folders
        else listed_channel(name, source, s3_content[name])
        for name, source in training.channels.items()
    )
    return (code, *data), proof.measured.sha256


def _environment(matlab: MatlabSection) -> dict[str, str]:
    if matlab.engine == "octave":
        return {}
    return {"MATLAB_REQUIRED_PRODUCTS": " ".join(build_context.products_of(matlab))}
