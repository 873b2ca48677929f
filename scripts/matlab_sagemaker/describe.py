"""From sagemaker.yml to what should exist: the one walk from a project to resources. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from matlab_sagemaker import contexts, digest, hyperparameters, resources

if TYPE_CHECKING:
    from collections.abc import Callable

    from matlab_sagemaker.aws.training import Job
    from matlab_sagemaker.config import Loaded, Matlab


@dataclass(frozen=True)
class Target:
    """Where it runs: a bucket and the execution role's ARN."""

    bucket: str
    role: str


class Account(Protocol):
    """An account in a Region, of one of AWS's partitions."""

    @property
    def account(self) -> str:
        """Its twelve digits."""

    @property
    def region(self) -> str:
        """Such as eu-west-1."""

    @property
    def partition(self) -> str:
        """Such as aws, or aws-cn."""


def target(loaded: Loaded, account: Account, *, role: str = "", bucket: str = "") -> Target:
    """Return where `loaded` runs: an input given to the verb counts before sagemaker.yml."""
    aws = loaded.project.aws
    name = role or aws.role
    arn = f"arn:{account.partition}:iam::{account.account}:role/{name}"
    return Target(
        bucket=bucket or aws.bucket or f"matlab-sagemaker-{account.account}-{account.region}",
        role=name if name.startswith("arn:") else arn,
    )


def training_job(
    loaded: Loaded, where: Target, list_channel: Callable[[str, str], Any]
) -> resources.TrainingJob:
    """Return the training job; `list_channel(name, uri)` tells what an S3 channel holds."""
    project, training = loaded.project, loaded.project.training
    code = digest.folder_files(loaded.folder(training.code))
    channels = [resources.code_channel(where.bucket, project.name, code)]
    for name, source in training.channels.items():
        if source.startswith("s3://"):
            content = list_channel(name, source)
            channels.append(resources.Channel(name=name, uri=source, content=content))
        else:
            files = digest.folder_files(loaded.folder(source))
            channels.append(resources.folder_channel(where.bucket, project.name, name, files))
    return resources.TrainingJob(
        project=project.name,
        image_key=contexts.training(project.matlab).key,
        function=training.function,
        hyperparameters={
            n: hyperparameters.hyperparameter_text(v) for n, v in training.hyperparameters.items()
        },
        channels=tuple(channels),
        products=tuple(project.matlab.products),
        instance_type=training.instance_type,
        instance_count=training.instance_count,
        volume_gb=training.volume_gb,
        metrics=training.metrics,
        max_runtime=training.max_runtime,
        role=where.role,
        environment=_environment(project.matlab),
        output=f"s3://{where.bucket}/{project.name}/jobs",
    )


def _environment(matlab: Matlab) -> dict[str, str]:
    if matlab.engine == "octave":
        return {}
    return {"MATLAB_REQUIRED_PRODUCTS": " ".join(contexts.products_of(matlab))}


def deployment(
    loaded: Loaded, where: Target, image: str, job: Job, commit: str = ""
) -> resources.Deployment:
    """Return the deployment of what `job` has trained with an inference image, by its digest."""
    endpoint = loaded.project.endpoint
    return resources.Deployment(
        project=loaded.project.name,
        endpoint_name=loaded.project.endpoint_name,
        image=image,
        model_data=job.model_data,
        training_job=job.name,
        role=where.role,
        instance_type=endpoint.instance_type,
        instance_count=endpoint.instance_count,
        commit=commit,
    )
