"""Compile the handler into an inference image, or find the one made of exactly this."""

from __future__ import annotations

from matlab_sagemaker import github, opening, publish
from matlab_sagemaker.publish import Inputs


def main(run: github.Run) -> None:
    """Read, describe, find, build and push, report."""
    opened = opening.open_project(run.inputs(Inputs))
    publish.publish(run, opened.aws, opened.inference_context())


if __name__ == "__main__":
    github.run(main, __file__)
