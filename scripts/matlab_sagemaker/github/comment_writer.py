"""Write a pull request's comment: create it once, then find and update it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from matlab_sagemaker.errors import GitHubError, InputError
from matlab_sagemaker.github import api, comment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from matlab_sagemaker.github.comment import CommentContent
    from matlab_sagemaker.github.repository import PullRequest, Repository
    from matlab_sagemaker.github.run import Run

WAITS_S = (1, 2, 4)  # before a retry after GitHub failed
LONGEST_WAIT_S = 60  # the longest pause that GitHub may ask for
_WHOSE = "query { viewer { login } }"  # REST knows only the user of a person's token, not an app's


@dataclass(frozen=True)
class CommentText:
    """A comment's text: how to recognise it among others, and how to compose it."""

    is_it: Callable[[str], bool]
    compose: Callable[[str], str]  # from its current text, or an empty one


def comment_text(key: str, content: CommentContent, where: Repository) -> CommentText:
    """Define the text of the comment for `key`."""
    return CommentText(
        is_it=partial(comment.is_about, key=key),
        compose=partial(comment.compose, key, content, where),
    )


@dataclass(frozen=True)
class WrittenComment:
    """The comment after writing, and whether that changed it."""

    url: str
    changed: bool


def write(run: Run, text: CommentText, token: str) -> WrittenComment:
    """Write the comment if the run is about a pull request; raise GitHubError if GitHub refuses.

    A pull request from a fork has a read-only token, so its report goes to the summary instead.
    """
    where, about = run.repository, run.repository.pull_request
    if about is None:
        run.log("This run does not belong to a pull request, so there is nothing to comment on.")
        return WrittenComment("", changed=False)
    if not token:
        raise InputError("Input 'token' is empty.", do="Leave the input out, or set a token.")
    client = api.Client(where.api, token, run.ca_bundle)
    try:
        return _patiently(partial(_put, client, where.name, about, text, run.log), run.log)
    except api.RefusedError as error:
        refusal = _explained(error, f"pull request #{about.number} of {where.name}")
        if not (error.status == 403 and about.is_from_fork):
            raise refusal from error
        run.warn(f"{refusal}\nThe report is in the summary of this job instead.")
        run.summary(text.compose(""))
        return WrittenComment("", changed=False)


def _patiently(put: Callable[[], WrittenComment], log: Callable[[str], None]) -> WrittenComment:
    """Put the comment; start over while GitHub is busy.

    Each attempt looks for the comment first, so it is never written twice, even if GitHub did not
    confirm the first attempt.
    """
    for wait_s in WAITS_S:
        try:
            return put()
        except api.BusyError as busy:
            pause_s = busy.wait_s or wait_s
            if pause_s > LONGEST_WAIT_S:
                raise
            log(f"{busy.what} Trying again in {pause_s:.0f} s.")
            time.sleep(pause_s)
    return put()


def _put(
    client: api.Client,
    repository: str,
    about: PullRequest,
    text: CommentText,
    log: Callable[[str], None],
) -> WrittenComment:
    """Create or update the comment of the token's owner so that it says `text`."""
    login = client.graphql(_WHOSE)["viewer"]["login"]
    path = f"/repos/{repository}"
    if client.get(f"{path}/pulls/{about.number}")["head"]["sha"] != about.commit:
        log(f"Pull request #{about.number} has a newer commit: its run writes the comment.")
        return WrittenComment("", changed=False)
    comments = f"{path}/issues/{about.number}/comments"
    found = _own(client.pages(comments), login, text)
    made = None if found else client.post(comments, {"body": text.compose("")})
    # Another run may have created one at the same moment: all runs keep the first.
    first, *others = found or _own(client.pages(comments), login, text) or [made]
    for other in others:
        client.delete(f"{path}/issues/comments/{other['id']}")
    wanted = text.compose(first.get("body") or "")
    is_new = (
        wanted.split() != (first.get("body") or "").split()
    )  # GitHub may end its lines otherwise
    if is_new:
        client.patch(f"{path}/issues/comments/{first['id']}", {"body": wanted})
    return WrittenComment(first["html_url"], changed=is_new or bool(made))


def _own(comments: Iterable[Any], login: str, text: CommentText) -> list[Any]:
    """List the comments of this token's owner that are about `text`; ignore other people's."""
    # Comments of a deleted account have no user.
    known = (c for c in comments if c["user"] and c["user"]["login"] == login)
    return sorted((c for c in known if text.is_it(c.get("body") or "")), key=lambda own: own["id"])


def _explained(error: api.RefusedError, what: str) -> GitHubError:
    """Explain GitHub's refusal of the comment on `what`, and what to do."""
    refused = f"GitHub refused the comment on {what} ({error.status})."
    match error.status:
        case 401:
            return GitHubError(
                "GitHub does not know the token (401).",
                why=error.why,
                do="Leave out the input 'token', or set one that has not expired.",
            )
        case 403:
            return GitHubError(
                refused,
                why=error.why,
                do="Give the job `permissions: pull-requests: write`; a pull request from a fork "
                "has a token that can only read, whatever the permissions say.",
            )
        case 404:
            return GitHubError(
                f"There is no {what} for this token (404).",
                do="Give the job `permissions: pull-requests: write`, and use a 'token' of this "
                "repository.",
            )
    return GitHubError(refused, why=error.why)
