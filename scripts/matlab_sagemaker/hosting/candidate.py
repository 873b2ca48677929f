"""The model and image to deploy: `require` demands both, `find` takes what exists so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matlab_sagemaker.aws import ecr_images
from matlab_sagemaker.hosting import deployment
from matlab_sagemaker.project.content import TrainedProject
from matlab_sagemaker.training import deployable
from matlab_sagemaker.training.deployable_model import DeployableModel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.aws.signin import Target
    from matlab_sagemaker.github.run import Run
    from matlab_sagemaker.hosting.deployment import Deployment
    from matlab_sagemaker.project.content import AnyProject

NOTHING = DeployableModel(data="")


def require(
    run: Run, project: AnyProject, target: Target, own: str
) -> tuple[Deployment, DeployableModel]:
    """Describe the deployment and its model; `own` is the user's own inference image, if any.

    Raises a KitError if an earlier step has not run, or if its result cannot be deployed.
    """
    aws = target.aws
    released = ecr_images.find_released(aws, project, own)
    served = deployable.require(run, project, target, released)
    image = ecr_images.require_inference(aws, project, own, released)
    return deployment.describe(project, target.serving_role, image, served, run.commit), served


def find(
    run: Run, project: AnyProject, target: Target, own: str
) -> tuple[Deployment, DeployableModel, dict[str, bool]]:
    """Describe the same from what exists so far; also map each needed image's tag to its presence.

    An image or model data that does not exist yet is empty. In a pull request, so is the commit:
    the merge creates it.
    """
    aws = target.aws
    released = ecr_images.find_released(aws, project, own)
    served = deployable.find(run, project, target, released) or NOTHING
    is_there = own or project.inference_image.tag in released
    image = ecr_images.require_inference(aws, project, own, released) if is_there else ""
    commit = "" if run.repository.pull_request else run.commit
    desired = deployment.describe(project, target.serving_role, image, served, commit)
    return desired, served, _images(project, own, released)


def _images(project: AnyProject, own: str, released: Mapping[str, str]) -> dict[str, bool]:
    tags = [] if own else [project.inference_image.tag]
    if isinstance(project, TrainedProject) and not project.training.image:
        tags.insert(0, project.training_image.tag)
    return {tag: tag in released for tag in tags}
