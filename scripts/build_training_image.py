"""Build the training image, or find the existing one for exactly these files and settings."""

from __future__ import annotations

from dataclasses import dataclass

from matlab_sagemaker.aws import secrets, signin
from matlab_sagemaker.github.run import Run, run_verb
from matlab_sagemaker.images import buildx, publish


@dataclass(frozen=True, kw_only=True)
class Inputs(publish.StagedBuildInputs):
    """The inputs of action/build-training-image; the batch token is in MLM_LICENSE_TOKEN."""

    store_token: bool


def main(run: Run) -> None:
    """Read, describe, find, build and push, store the token if asked, report."""
    inputs, token = run.inputs(Inputs), run.secret(buildx.TOKEN)
    project, target = signin.open_project(run, inputs)
    if inputs.find_only:
        run.outputs(publish.find_training(run, target.aws, project, inputs.repository))
        return
    matlab = project.settings.matlab
    secret = matlab.batch_token_secret
    if inputs.store_token:
        secrets.require_storable(secret, token, buildx.TOKEN)
    settings = publish.BuildSettings(inputs.builder, inputs.repository, token)
    image = publish.publish_training(run, target.aws, project, settings)
    if inputs.store_token and secret:
        # Only now, so that a token that fails the image's build does not replace a valid one.
        checked = image["changed"] and matlab.engine == "matlab"
        run.log(secrets.store(target.aws, secret, token, checked=checked))
    run.outputs(image)


if __name__ == "__main__":
    run_verb(main, __file__)
