"""An image from its context to ECR: the way that both verbs go which make one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matlab_sagemaker import images, opening, report
from matlab_sagemaker.aws import registry
from matlab_sagemaker.errors import ImageError

if TYPE_CHECKING:
    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.contexts import Context
    from matlab_sagemaker.github import Run


@dataclass(frozen=True, kw_only=True)
class Inputs(opening.Inputs):
    """The inputs of both."""

    builder: images.Builder


def publish(run: Run, aws: Aws, context: Context) -> None:
    """Find the image of `context`, or build and push it; report either."""
    image = registry.find(aws, context.repository, context.tag)
    changed = image is None
    if image is None:
        image = _build(run, aws, context)
    else:
        run.log(f"{context.repository}:{context.tag} is there already: nothing to do.")
    title = f"{context.purpose.capitalize()} image"
    run.summary(report.image(title, image.uri, context.tag, changed=changed))
    run.outputs({"image": image.uri, "tag": context.tag, "changed": changed})


def _build(run: Run, aws: Aws, context: Context) -> registry.Image:
    with run.group(f"Building {context.repository}:{context.tag}"):
        built = images.build_folder(context)
        registry.push_folder(aws, context.repository, context.tag, built)
        run.log(f"{len(context.files)} files, {len(built.layer)} bytes pushed")
    image = registry.find(aws, context.repository, context.tag)
    if image is None:
        raise ImageError(
            f"{context.repository}:{context.tag} was pushed, but ECR does not show it.",
            do="Run again; if it stays so, look at the repository in the ECR console.",
        )
    return image
