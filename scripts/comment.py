"""Say in the pull request how it ended, in one comment that every run updates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from matlab_sagemaker import comments, github, pull_requests
from matlab_sagemaker.errors import InputError, ReadOnlyTokenError

if TYPE_CHECKING:
    from matlab_sagemaker import events


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """The inputs of action/comment."""

    body: str
    verdict: str
    metrics: str
    title: str
    key: str
    token: str


def main(run: github.Run) -> None:
    """Read, compose, write where there is a pull request."""
    inputs, where = run.inputs(Inputs), run.repository
    news = comments.News(
        title=inputs.title,
        verdict=comments.worst(inputs.verdict),
        body=inputs.body,
        metrics=comments.metrics(inputs.metrics),
    )
    text = pull_requests.Text(
        is_it=partial(comments.is_about, key=inputs.key),
        compose=partial(comments.compose, inputs.key, news, where),
    )
    if where.pull_request is None:
        run.log("This run is not about a pull request: there is nothing to comment on.")
        written = pull_requests.Written("", changed=False)
    else:
        written = write(run, text, inputs.token, where.pull_request)
    run.outputs({"comment-url": written.url, "changed": written.changed})


def write(
    run: github.Run, text: pull_requests.Text, token: str, about: events.PullRequest
) -> pull_requests.Written:
    """Write the comment; the report of a fork's pull request goes to the summary instead."""
    if not token:
        raise InputError("Input 'token' is empty.", do="Leave it out, or give a token.")
    api, name = run.repository.api, run.repository.name
    place = pull_requests.Place(
        api=api, token=token, repository=name, number=about.number, commit=about.commit
    )
    try:
        return pull_requests.put(place, text, run.log)
    except ReadOnlyTokenError as error:
        if not about.is_from_fork:
            raise
        run.warn(f"{error}\nThe report is in the summary of this job instead.")
        run.summary(text.compose(""))
        return pull_requests.Written("", changed=False)


if __name__ == "__main__":
    github.run(main, __file__)
