"""The training part of SageMaker's API: checks requests, keeps the jobs and starts them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from emulator.containers.images import ImageNotFoundError, InvalidUriError
from emulator.errors import ResourceInUseError, ValidationError, left_out
from emulator.sagemaker import listing
from emulator.sagemaker.execution_roles import check_role

from .job import TrainingJob
from .run import run

if TYPE_CHECKING:
    from emulator.cloud import Scope
    from emulator.sagemaker.world import World

_LONGEST_S = 28 * 24 * 3600
_ECR = "ecr:BatchCheckLayerAvailability, ecr:BatchGetImage, ecr:GetDownloadUrlForLayer"


class Training:
    """The training jobs of all accounts and regions."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._jobs: dict[tuple[Scope, str], TrainingJob] = {}
        self._lock = threading.Lock()

    @property
    def busy(self) -> bool:
        """Whether any job is running."""
        return any(not job.ended for job in list(self._jobs.values()))

    def create_training_job(self, scope: Scope, request: dict[str, Any]) -> dict[str, Any]:
        """Start a job."""
        if request["ResourceConfig"].get("InstanceType") is None:
            raise left_out("ResourceConfig without InstanceType")
        _check_runtime(request["StoppingCondition"])
        check_role(self._world.cloud, scope, request["RoleArn"])
        self._check_image(scope, request)
        job = TrainingJob(scope, request)
        with self._lock:
            if (scope, job.name) in self._jobs:
                raise ResourceInUseError(
                    "Training job names must be unique within an AWS account and region, and a "
                    f"training job with this name already exists ({job.arn})"
                )
            self._jobs[scope, job.name] = job
        threading.Thread(target=run, args=(self._world, job), name=job.name, daemon=True).start()
        return {"TrainingJobArn": job.arn}

    def describe_training_job(self, scope: Scope, request: dict[str, Any]) -> dict[str, Any]:
        """Describe a job."""
        return self._job(scope, request).describe()

    def list_training_jobs(self, scope: Scope, request: dict[str, Any]) -> dict[str, Any]:
        """List jobs."""
        jobs = [job.summary() for (where, _), job in list(self._jobs.items()) if where == scope]
        kind, key = "TrainingJob", "TrainingJobSummaries"
        return listing.page(key, kind, jobs, request, order="Ascending")

    def stop_training_job(self, scope: Scope, request: dict[str, Any]) -> dict[str, Any]:
        """Stop a job."""
        self._job(scope, request).stop()
        return {}

    def delete_training_job(self, scope: Scope, request: dict[str, Any]) -> dict[str, Any]:
        """Delete a job that has ended."""
        job = self._job(scope, request)
        if not job.ended:
            raise ResourceInUseError(f"Training job {job.arn} is still running. Stop it first.")
        del self._jobs[scope, job.name]
        return {}

    def exists(self, arn: str) -> bool:
        """Whether a job has this ARN."""
        return any(job.arn == arn for job in list(self._jobs.values()))

    def _job(self, scope: Scope, request: dict[str, Any]) -> TrainingJob:
        job = self._jobs.get((scope, request["TrainingJobName"]))
        if job is None:
            raise ValidationError("Requested resource not found.")
        return job

    def _check_image(self, scope: Scope, request: dict[str, Any]) -> None:
        """Check the image as CreateTrainingJob does, with its error messages.

        Sources: https://github.com/aws/sagemaker-python-sdk/issues/2063,
        https://github.com/aws/amazon-sagemaker-examples/issues/2534 and /1476
        """
        uri = request["AlgorithmSpecification"].get("TrainingImage", "")
        try:
            self._world.images.find(uri, scope, request["RoleArn"])
        except InvalidUriError as error:
            raise ValidationError(
                "Invalid training image. Please provide a valid Amazon Elastic Container Registry "
                "path of the Docker image to run."
            ) from error
        except ImageNotFoundError as error:
            if error.missing_repository is None:
                raise ValidationError(f"Cannot find the requested image: {uri}") from error
            raise ValidationError(
                f"Cannot find repository: {error.missing_repository} in registry ID: "
                f"{error.account} Please check if your ECR repository exists and role "
                f"{request['RoleArn']} has proper pull permissions for SageMaker: {_ECR}"
            ) from error


def _check_runtime(condition: dict[str, Any]) -> None:
    """Check the only limit that is not in the service model.

    Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StoppingCondition.html
    """
    seconds = condition.get("MaxRuntimeInSeconds", 0)
    if seconds > _LONGEST_S:
        raise ValidationError(
            f"1 validation error detected: Value '{seconds}' at "
            "'stoppingCondition.maxRuntimeInSeconds' failed to satisfy constraint: "
            f"Member must have value less than or equal to {_LONGEST_S}"
        )
