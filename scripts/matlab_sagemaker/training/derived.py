"""A training image of the user's own: whether what it has trained can be deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matlab_sagemaker.aws import ecr_images
from matlab_sagemaker.errors import InputError

if TYPE_CHECKING:
    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.project.content import TrainedProject
    from matlab_sagemaker.training.job import Job


def require(project: TrainedProject, aws: Aws, own: str) -> None:
    """Raise InputError for an image whose jobs need not have written their cards themselves.

    A job proves its inputs and seals its result by the kit's entrypoint. Without that, the place of
    the card is still free when the job has Completed, for the code of any pull request's job.
    """
    if why := ecr_images.why_not_derived(aws, own):
        raise InputError(
            "What training.image has trained is not deployed: it is not derived FROM the kit's "
            "training image.",
            why=f"{why} Without the kit's entry point, which seals what a job has made, another "
            "job could seal something else in its name.",
            do=f"{ecr_images.DERIVE} Then train again. To deploy the model as it is, name it: "
            "model, in place of training.",
            place=project.place("training", "image"),
        )


def sealed_nothing(job: Job) -> InputError:
    """Return the error for a job that has left no model of which it is known who has made it."""
    return InputError(
        f"The training job {job.name} has sealed no model.",
        why="Its image is without the kit's entrypoint, which proves what the job was given "
        "and seals what it has made.",
        do="Derive the image FROM the kit's, and train again; nothing was changed.",
    )
