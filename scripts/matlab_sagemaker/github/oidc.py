"""GitHub's identity tokens: a fresh one for each call, never written anywhere.

A token is valid for minutes, so none is kept.
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
    """The endpoint that gives a job identity tokens, and the token that authorises the request."""

    url: str
    request_token: str = field(repr=False)
    ca_bundle: str = ""  # a file of certificate authorities to trust instead of the system's

    def token(self, audience: str) -> str:
        """Fetch a fresh token for `audience`; raise SignInError if GitHub gives none."""
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
                do="Make sure that the runner can reach it, and run the job again.",
            ) from error

    def _refused(self, answer: urllib3.BaseHTTPResponse) -> SignInError:
        # The request token is a secret, and an answer may repeat it.
        said = answer.data.decode(errors="replace").replace(self.request_token, "***").strip()
        busy = answer.status in _FAILURES
        return SignInError(
            f"GitHub's token endpoint {'failed' if busy else 'refused'} with {answer.status}.",
            why=" ".join(said.split())[:200],
            do="Run the job again when GitHub works (githubstatus.com)." if busy else _PERMISSION,
        )


def missing_permission() -> SignInError:
    """Create the error for a job that may not request tokens."""
    return SignInError(
        "GitHub gives this job no identity token, so it cannot assume the role.",
        why="It has no ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN.",
        do=_PERMISSION,
    )


def _patience() -> urllib3.Retry:
    """Allow five attempts within about eight seconds."""
    return urllib3.Retry(
        total=4,
        backoff_factor=0.5,
        backoff_jitter=0.5,
        status_forcelist=_FAILURES,
        raise_on_status=False,
        retry_after_max=30,
    )
