"""Compile the handler into an inference image, or find the existing one for these files."""

from __future__ import annotations

from dataclasses import dataclass

from matlab_sagemaker.aws import signin
from matlab_sagemaker.github.run import Run, run_verb
from matlab_sagemaker.images import buildx, matlab_compiler, publish


@dataclass(frozen=True, kw_only=True)
class Inputs(publish.BuildInputs):
    """The inputs of action/compile-handler."""


def main(run: Run) -> None:
    """Read, describe, find, compile if the engine is MATLAB, build and push, report."""
    inputs, token = run.inputs(Inputs), run.secret(buildx.TOKEN)
    project, target = signin.open_project(run, inputs)
    context = project.inference_image
    compiler = matlab_compiler.outputs(project.settings.matlab)
    if inputs.find_only:
        run.outputs({**publish.find(run, target.aws, context), **compiler})
        return
    prepare = matlab_compiler.preparation(project, token)
    settings = publish.BuildSettings(inputs.builder, prepare=prepare)
    image = publish.publish(run, target.aws, context, settings)
    run.outputs({**image, **compiler})


if __name__ == "__main__":
    run_verb(main, __file__)
