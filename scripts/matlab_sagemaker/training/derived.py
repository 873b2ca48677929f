"""A user's own training image: whether a model that it has trained can be deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matlab_sagemaker.aws import ecr_images
from matlab_sagemaker.errors import InputError

if TYPE_CHECKING:
    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.project.content import TrainedProject
    from matlab_sagemaker.training.job import Job


def require(project: TrainedProject, aws: Aws, own: str) -> None:
    """Raise InputError for an image that is not derived from the kit's training image.

    The kit's entrypoint proves a job's inputs and seals its result. Without it the card's place is
    still empty when the job has Completed, and any pull request's job could write a card there.
    """
    if why := ecr_images.why_not_derived(aws, own):
        raise InputError(
            "Cannot deploy a model that training.image has trained: the image is not derived FROM "
            "the kit's training image.",
            why=f"{why} The kit's entrypoint seals what a job has made; without it, another job "
            "could seal a different model in its name.",
            do=f"{ecr_images.DERIVE} Then train again. To deploy the model as it is, name its file "
            "under `model` in sagemaker.yml, in place of `training`.",
            place=project.place("training", "image"),
        )


def sealed_nothing(job: Job) -> InputError:
    """Make the error for a job that has Completed without sealing a model."""
    return InputError(
        f"The training job {job.name} has sealed no model.",
        why="Its image does not have the kit's entrypoint, which proves what the job was given "
        "and seals what it has made.",
        do="Derive the image FROM the kit's, and train again. Nothing was changed.",
    )
