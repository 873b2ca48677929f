"""Compile the handler into an inference image, or find the one made of exactly this."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from matlab_sagemaker import config, contexts, github, opening, publish
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
    compiler = compiler_of(opened.loaded.project.matlab)
    if inputs.find_only:
        run.outputs({**publish.look(run, opened.aws, context), **compiler})
        return
    prepare = None
    if context.engine == "matlab":
        source = microservice.Source(
            handler=inference.handler,
            code=opened.loaded.folder(inference.code),
            release=opened.loaded.project.matlab.release,
            key=context.key,
        )
        prepare = partial(microservice.compiled, source, token)
    making = publish.Making(inputs.builder, prepare=prepare)
    image = publish.publish(run, opened.aws, context, making)
    run.outputs({"found": True, **image, **compiler})


def compiler_of(matlab: config.Matlab) -> dict[str, str]:
    """Return what a machine has to have that compiles, for a workflow that prepares it."""
    products = [name for name in contexts.products_of(matlab) if name != "MATLAB"]
    return {
        "engine": matlab.engine,
        "release": matlab.release,
        "products": " ".join(products),
    }


if __name__ == "__main__":
    github.run(main, __file__)
