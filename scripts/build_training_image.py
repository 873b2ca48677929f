"""Build the training image, or find the one made of exactly this."""

from __future__ import annotations

from dataclasses import dataclass

from matlab_sagemaker import github, opening, publish
from matlab_sagemaker.aws import secrets
from matlab_sagemaker.errors import InputError
from matlab_sagemaker.images import build


@dataclass(frozen=True, kw_only=True)
class Inputs(publish.Inputs):
    """The inputs of action/build-training-image; the batch token comes by MLM_LICENSE_TOKEN."""

    find_only: bool
    store_token: bool


def main(run: github.Run) -> None:
    """Read, describe, find, build and push, store the token if asked, report."""
    inputs, token = run.inputs(Inputs), run.secret(build.TOKEN)
    opened = opening.open_project(run, inputs)
    if inputs.find_only:
        run.outputs(publish.look(run, opened.aws, opened.training_context()))
        return
    secret = opened.loaded.project.matlab.batch_token_secret
    if inputs.store_token and not (token and secret):
        raise InputError(
            "Input 'store-token' is true, but the token, or a place for it, is missing.",
            do=f"Set {build.TOKEN}, and matlab.batch_token_secret in sagemaker.yml.",
        )
    context, making = opened.training_context(), publish.Making(inputs.builder, token)
    image = publish.publish(run, opened.aws, context, making)
    if inputs.store_token and secret:
        # Only now: a token with which the image cannot be built replaces no good one.
        secrets.put(opened.aws, secret, token)
        checked = image["changed"] and context.engine == "matlab"
        run.log(f"The secret {secret} holds the batch token{'.' if checked else _UNCHECKED}")
    run.outputs({"found": True, **image})


_UNCHECKED = ", which nothing has checked: no image with MATLAB was built."


if __name__ == "__main__":
    github.run(main, __file__)
