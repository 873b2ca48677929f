"""Report in the pull request how training and deployment ended, in one comment."""

from __future__ import annotations

from dataclasses import dataclass

from matlab_sagemaker.github import comment, comment_writer, facts
from matlab_sagemaker.github.run import Run, run_verb


@dataclass(frozen=True, kw_only=True)
class Inputs(facts.FactsInputs):
    """The inputs of action/comment."""

    body: str
    verdict: str
    title: str
    key: str
    token: str


def main(run: Run) -> None:
    """Read, compose, write if there is a pull request, report."""
    inputs = run.inputs(Inputs)
    content = comment.CommentContent(
        title=inputs.title,
        verdict=comment.worst(inputs.verdict),
        body=inputs.body,
        facts=inputs.told,
    )
    text = comment_writer.comment_text(inputs.key, content, run.repository)
    written = comment_writer.write(run, text, inputs.token)
    run.outputs({"comment-url": written.url, "changed": written.changed})


if __name__ == "__main__":
    run_verb(main, __file__)
