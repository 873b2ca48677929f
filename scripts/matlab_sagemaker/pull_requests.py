"""The comment in a pull request: written once, found again and updated. The only PyGithub."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import requests
from github import Auth, Github, GithubException, UnknownObjectException

from matlab_sagemaker.errors import GitHubError, ReadOnlyTokenError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from github.Issue import Issue
    from github.IssueComment import IssueComment
    from github.NamedUser import NamedUser

TIMEOUT_S = 20
WAITS_S = (1, 2, 4)  # before asking again where GitHub fails
LONGEST_WAIT_S = 60  # that GitHub may ask for
_WHOSE = "query { viewer { login } }"  # REST tells a person's token only, not an app's


@dataclass(frozen=True, kw_only=True)
class Place:
    """A pull request, and who writes to it."""

    api: str  # address of the API
    token: str
    repository: str  # owner/name
    number: int
    commit: str  # the newest one of the pull request, when the run began


@dataclass(frozen=True)
class Text:
    """A comment's text: how it is known among others, and what it becomes."""

    is_it: Callable[[str], bool]
    compose: Callable[[str], str]  # from the text that is there, or none


@dataclass(frozen=True)
class Written:
    """A comment that says what it should."""

    url: str
    changed: bool


class _BusyError(Exception):
    """GitHub could not answer now."""

    def __init__(self, error: GitHubError, wait_s: float | None = None) -> None:
        super().__init__(str(error))
        self.error, self.wait_s = error, wait_s


def put(place: Place, text: Text, log: Callable[[str], None]) -> Written:
    """Let the token's own comment say `text`; asks again, from the beginning, while GitHub is busy.

    Each time it looks first: a comment whose writing was not confirmed is found, not repeated.
    """
    for wait_s in (*WAITS_S, None):
        try:
            with _explained(place):
                return _put(place, text, log)
        except _BusyError as busy:
            asked = wait_s if busy.wait_s is None else busy.wait_s
            if wait_s is None or asked is None or asked > LONGEST_WAIT_S:
                raise busy.error from busy
            log(f"{str(busy.error).splitlines()[0]} Asking again in {asked:.0f} s.")
            time.sleep(asked)
    raise AssertionError("the last wait is none")


def _put(place: Place, text: Text, log: Callable[[str], None]) -> Written:
    client = Github(
        auth=Auth.Token(place.token),
        base_url=place.api,
        timeout=TIMEOUT_S,
        retry=None,
        seconds_between_requests=None,
        per_page=100,
        lazy=True,
    )
    with contextlib.closing(client):
        login = client.requester.graphql_query(_WHOSE, {})[1]["data"]["viewer"]["login"]
        repository = client.get_repo(place.repository)
        if repository.get_pull(place.number).head.sha != place.commit:
            log(f"Pull request #{place.number} has a newer commit: its run writes the comment.")
            return Written("", changed=False)
        issue = repository.get_issue(place.number)
        found = _own(issue, login, text)
        made = None if found else issue.create_comment(text.compose(""))
        # Another run may have made one at the same moment: all keep the first.
        first, *others = found or _own(issue, login, text) or filter(None, [made])
        for other in others:
            with contextlib.suppress(UnknownObjectException):
                other.delete()
        return Written(first.html_url, changed=_update(first, text) or bool(made))


def _own(issue: Issue, login: str, text: Text) -> list[IssueComment]:
    """Return the comments that this token's owner has made of `text`; others' are not believed."""
    found = [c for c in issue.get_comments() if _author(c) == login and text.is_it(c.body or "")]
    return sorted(found, key=lambda comment: comment.id)


def _author(comment: IssueComment) -> str | None:
    """Return a comment's author; None where there is no such account any more."""
    user = cast("NamedUser | None", comment.user)
    return user.login if user else None


def _update(comment: IssueComment, text: Text) -> bool:
    wanted, there = text.compose(comment.body), comment.body
    if wanted.split() == there.split():  # GitHub may end its lines otherwise
        return False
    comment.edit(wanted)
    return True


@contextlib.contextmanager
def _explained(place: Place) -> Iterator[None]:
    """Turn PyGithub's errors inside into GitHubError: what happened, and what to do."""
    what = f"pull request #{place.number} of {place.repository}"
    try:
        yield
    except requests.RequestException as error:
        raise _BusyError(
            GitHubError(
                f"GitHub cannot be reached at {place.api}.",
                why=type(error).__name__,
                do="Check the runner's network; GitHub says at githubstatus.com when it is down.",
            )
        ) from error
    except GithubException as error:
        if (wait_s := _wait_s(error)) is not None:
            raise _BusyError(
                GitHubError(
                    f"GitHub has had too many requests of this token ({error.status}).",
                    why=_said(error),
                    do=f"Run again in {wait_s:.0f} s.",
                ),
                wait_s,
            ) from error
        if error.status >= 500:
            raise _BusyError(
                GitHubError(f"GitHub answered {error.status}.", _said(error), "Run again later.")
            ) from error
        raise _refusal(error, what) from error


def _refusal(error: GithubException, what: str) -> GitHubError:
    refused = f"GitHub refused the comment on {what} ({error.status})."
    match error.status:
        case 401:
            return GitHubError(
                "GitHub does not know the token (401).",
                why=_said(error),
                do="Leave out the input 'token', or give one that has not expired.",
            )
        case 403:
            return ReadOnlyTokenError(
                refused,
                why=_said(error),
                do="Give the job `permissions: pull-requests: write`; a pull request from a fork "
                "has a token that can only read, whatever the permissions say.",
            )
        case 404:
            return GitHubError(
                f"There is no {what} for this token (404).",
                do="Give the job `permissions: pull-requests: write`, and let 'token' be one of "
                "this repository.",
            )
    return GitHubError(refused, why=_said(error))


def _wait_s(error: GithubException) -> float | None:
    """Return how long GitHub wants to be left alone, if it has had too many requests.

    Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    if error.status not in (403, 429):
        return None
    if headers.get("retry-after", "").isdecimal():
        return float(headers["retry-after"])
    if headers.get("x-ratelimit-remaining") == "0" and "x-ratelimit-reset" in headers:
        return max(float(headers["x-ratelimit-reset"]) - time.time(), 0) + 1
    limited = error.status == 429 or "rate limit" in _said(error).lower()
    return float(LONGEST_WAIT_S) if limited else None


def _said(error: GithubException) -> str:
    data: Any = error.data
    return str(data.get("message", "")) if isinstance(data, dict) else str(data or "")
