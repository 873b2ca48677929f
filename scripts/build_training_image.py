"""Build the training image, or find the one made of exactly this."""

from __future__ import annotations

from dataclasses import dataclass

from matlab_sagemaker import github, images, opening, publish


@dataclass(frozen=True, kw_only=True)
class Inputs(opening.Inputs):
    """The inputs of action/build-training-image."""

    builder: images.Builder


def main(run: github.Run) -> None:
    """Read, describe, find, build and push, report."""
    inputs = run.inputs(Inputs)
    opened = opening.open_project(inputs)
    publish.publish(run, opened.aws, opened.training_context())


if __name__ == "__main__":
    github.run(main, __file__)
