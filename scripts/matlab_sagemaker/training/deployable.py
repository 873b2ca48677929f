"""Which model to deploy: the one that sagemaker.yml names, or the one that a job has trained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matlab_sagemaker.aws import bucket_rules
from matlab_sagemaker.aws.signin import NamedProject
from matlab_sagemaker.errors import InputError, MissingStepError
from matlab_sagemaker.project.build_context import RELEASE
from matlab_sagemaker.project.content import GivenProject
from matlab_sagemaker.training import attempts, cards, derived, given, model, project_jobs
from matlab_sagemaker.training.deployable_model import DeployableModel
from matlab_sagemaker.training.job import seal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.aws.signin import Target
    from matlab_sagemaker.github.run import Run
    from matlab_sagemaker.project.content import AnyProject, TrainedProject
    from matlab_sagemaker.training.job import Job
    from matlab_sagemaker.training.plan import FoundJob
    from matlab_sagemaker.training.takeover import WantedJob


def require(
    run: Run, project: AnyProject, target: Target, released: Mapping[str, str]
) -> DeployableModel:
    """Return the model to serve: the one that sagemaker.yml names, or what a job has trained.

    `released` says which image the job must have run on (ecr_images.find_released). Raises a
    KitError if there is no such model, or if the bucket does not protect it from changes.
    """
    if isinstance(project, GivenProject):
        if given.is_sealed_here(run, project, target):
            return _deployable(_require_sealed(project, target))
        return given.require(target.aws, target.bucket, project)
    return _deployable(_require_job(run, project, target, released))


def find(
    run: Run, project: AnyProject, target: Target, released: Mapping[str, str]
) -> DeployableModel | None:
    """Return the model that `require` would serve now; None if it does not exist yet.

    This reads only what a pull request may read; `require` also checks the bucket's rules.
    """
    if isinstance(project, GivenProject):
        if given.is_sealed_here(run, project, target):
            return _deployable(_find_sealed(project, target))
        return given.find(target.aws, target.bucket, project)
    _, found, place = _find_trained(run, project, target, released)
    job = found.trained and cards.sealed(target.aws, place, found.trained)
    return _deployable(job) if job and job.is_sealed else None


def _deployable(job: Job) -> DeployableModel:
    return DeployableModel(
        data=job.model_data, training_job=job.name, metrics=job.metrics, missing=job.missing
    )


def _require_sealed(project: GivenProject, target: Target) -> Job:
    """Return the job that has sealed the project's model; raise a KitError as `require` does."""
    job = _find_sealed(project, target)
    model.require_model_file(project, job)
    bucket_rules.require(target.aws, seal(target.bucket, project.name))
    return job


def _find_sealed(project: GivenProject, target: Target) -> Job:
    """Return the job that has sealed the project's model; raise InputError if none has."""
    uri, place = project.model.source, seal(target.bucket, project.name)
    named = NamedProject(name=project.name, aws=target.aws, bucket=target.bucket)
    name = uri.removeprefix(f"{place}/").partition("/")[0]
    job = project_jobs.describe(named, project_jobs.find(named, name))
    if not (job.is_sealed and job.model_data == uri):
        raise InputError(
            f"The training job {job.name} has not sealed {uri}.",
            why=f"It has sealed {job.model_data}." if job.is_sealed else f"It is {job.status}.",
            do=f"Use the model that the job has sealed: `job {job.name}` shows it as model-data.",
            place=project.place("model"),
        )
    return job


def _find_trained(
    run: Run, project: TrainedProject, target: Target, released: Mapping[str, str]
) -> tuple[WantedJob, FoundJob, str]:
    """Find the job that a deployment needs; return it, the attempt found, and the cards' prefix.

    Raises InputError if its image is neither the kit's nor derived from it.
    """
    desired = model.describe(project, target)
    if desired.own_image:
        derived.require(project, target.aws, desired.own_image)
    digest = released.get(project.training_image.tag)
    image = desired.own_image or (digest and f"{RELEASE}@{digest}")
    wanted = model.expected(project, target, desired, image)
    found = attempts.find_now(target.aws, wanted)
    if found.foreign:
        run.warn(found.warning)
    return wanted, found, desired.seal


def _require_job(
    run: Run, project: TrainedProject, target: Target, released: Mapping[str, str]
) -> Job:
    """Return the job that has trained exactly this; raise MissingStepError if there is none.

    No earlier run's finding counts: AWS is asked now, and the image must have the same digest.
    Raises InputError if the job has sealed nothing, or if its image is neither the kit's nor
    derived from it; NotReadyError if the bucket does not protect what it has sealed from changes.
    """
    wanted, found, place = _find_trained(run, project, target, released)
    if not found.trained:
        image = "" if wanted.image else "build-training-image --repository release, then "
        state = f"Its latest attempt, {found.name}, is {found.status}."
        raise MissingStepError(
            "No training job has trained a model from these files, data and settings.",
            why=state if found.attempt else found.warning or "No job has tried to.",
            do=f"Run {image}train first. Nothing was changed.",
        )
    job = cards.sealed(target.aws, place, found.trained)
    if not job.is_sealed:
        raise derived.sealed_nothing(job)
    model.require_model_file(project, job)
    model.require_metrics(project, job)
    bucket_rules.require(target.aws, place)
    return job
