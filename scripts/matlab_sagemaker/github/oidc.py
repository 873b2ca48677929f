"""GitHub's identity tokens: a fresh one whenever it is asked for, never written anywhere.

A token lives for minutes, so none is kept.
Source: https://docs.github.com/actions/reference/security/oidc
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import urllib3

from matlab_sagemaker.errors import SignInError
from matlab_sagemaker.github import api

_FAILURES = frozenset({408, 429, 500, 502, 503, 504})
_TIMEOUT = urllib3.Timeout(connect=5, read=15)
_PERMISSION = (
    "Give the job `permissions: id-token: write`. A pull request from a fork, or by Dependabot, "
    "cannot have it."
)


@dataclass(frozen=True)
class TokenEndpoint:
    """Where a job asks GitHub who it is, and the word that lets it ask."""

    url: str
    request_token: str = field(repr=False)
    ca_bundle: str = ""  # a file of the authorities to trust in place of the system's

    def token(self, audience: str) -> str:
        """Return a fresh token for `audience`; raise SignInError where there is none."""
        answer = self._ask(audience)
        if answer.status != 200:
            raise self._refused(answer)
        try:
            return str(answer.json()["value"])
        except (ValueError, KeyError, TypeError) as error:
            raise SignInError(
                "GitHub's token endpoint answered without a token.", do="Run the job again."
            ) from error

    def _ask(self, audience: str) -> urllib3.BaseHTTPResponse:
        mark = "&" if urlsplit(self.url).query else "?"
        words = {"Authorization": f"bearer {self.request_token}", "Accept": "application/json"}
        try:
            with api.pool(self.url, self.ca_bundle) as pool:
                return pool.request(
                    "GET",
                    f"{self.url}{mark}{urlencode({'audience': audience})}",
                    headers=words,
                    retries=_patience(),
                    timeout=_TIMEOUT,
                    redirect=False,
                )
        except urllib3.exceptions.HTTPError as error:
            raise SignInError(
                f"GitHub's token endpoint, {urlsplit(self.url).netloc}, does not answer.",
                why=api.cause(error),
                do="Let the runner reach it; where it does, run the job again.",
            ) from error

    def _refused(self, answer: urllib3.BaseHTTPResponse) -> SignInError:
        # What was sent to it is a secret: an answer that repeats it is not shown as it came.
        said = answer.data.decode(errors="replace").replace(self.request_token, "***").strip()
        busy = answer.status in _FAILURES
        return SignInError(
            f"GitHub's token endpoint {'failed' if busy else 'refused'} with {answer.status}.",
            why=" ".join(said.split())[:200],
            do="Run the job again when GitHub is well (githubstatus.com)." if busy else _PERMISSION,
        )


def missing_permission() -> SignInError:
    """Return the error for a job that may not ask for tokens."""
    return SignInError(
        "GitHub gives this job no identity token, so it cannot assume the role.",
        why="It has no ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN.",
        do=_PERMISSION,
    )


def _patience() -> urllib3.Retry:
    """Ask five times within about eight seconds."""
    return urllib3.Retry(
        total=4,
        backoff_factor=0.5,
        backoff_jitter=0.5,
        status_forcelist=_FAILURES,
        raise_on_status=False,
        retry_after_max=30,
    )
