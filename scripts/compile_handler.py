"""Compile the handler into an inference image, or find the one made of exactly this."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from matlab_sagemaker import github, opening, publish
from matlab_sagemaker.images import build, microservice


@dataclass(frozen=True, kw_only=True)
class Inputs(publish.Inputs):
    """The inputs of action/compile-handler."""

    find_only: bool


def main(run: github.Run) -> None:
    """Read, describe, find, compile where the engine is MATLAB, build and push, report."""
    inputs, token = run.inputs(Inputs), run.secret(build.TOKEN)
    opened = opening.open_project(run, inputs)
    context, inference = opened.inference_context(), opened.inference
    if inputs.find_only:
        run.outputs(publish.look(run, opened.aws, context))
        return
    prepare = None
    if context.engine == "matlab":
        code, name = opened.loaded.folder(inference.code), f"matlab-microservice:{context.key}"
        prepare = partial(microservice.compile_handler, inference.handler, code, name, token)
    making = publish.Making(inputs.builder, prepare=prepare)
    run.outputs({"found": True, **publish.publish(run, opened.aws, context, making)})


if __name__ == "__main__":
    github.run(main, __file__)
