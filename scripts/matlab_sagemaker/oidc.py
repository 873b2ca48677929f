"""GitHub's identity tokens: a fresh one whenever it is asked for, never written anywhere.

The only urllib3 of the kit. A token lives for minutes, so none is kept.
Source: https://docs.github.com/actions/reference/security/oidc
"""

from __future__ import annotations

import base64
import json
import re
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3

from matlab_sagemaker.errors import SignInError

_FAILURES = frozenset({408, 429, 500, 502, 503, 504})
_TIMEOUT = urllib3.Timeout(connect=5, read=15)
_PERMISSION = (
    "Give the job `permissions: id-token: write`. A pull request from a fork, or by Dependabot, "
    "cannot have it."
)


@dataclass(frozen=True)
class Endpoint:
    """Where a job asks GitHub who it is, and the word that lets it ask."""

    url: str
    request_token: str = field(repr=False)

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
            with _pool(self.url) as pool:
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
                why=type(getattr(error, "reason", None) or error).__name__,
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


def claims(token: str) -> dict[str, Any]:
    """Return what a token says; nothing where it cannot be read. It is AWS that checks it."""
    try:
        payload = token.split(".")[1]
        said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def subjects(said: dict[str, Any]) -> list[str]:
    """Return both forms of a token's `sub`: GitHub's older one, and the one with ids.

    A trust policy has to name the form that the repository's tokens have: repositories that were
    made, renamed or transferred after July 2026 have the one with ids.
    """
    sub = re.fullmatch(r"repo:[^:]+:(.+)", str(said.get("sub", "")))
    owner, _, name = str(said.get("repository", "")).partition("/")
    if not (sub and name):
        return [str(said["sub"])] if "sub" in said else []
    forms = [f"repo:{owner}/{name}:{sub[1]}"]
    ids = said.get("repository_owner_id"), said.get("repository_id")
    if all(ids):
        forms.append(f"repo:{owner}@{ids[0]}/{name}@{ids[1]}:{sub[1]}")
    return forms


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


def _pool(url: str) -> urllib3.PoolManager:
    """Return a pool that goes through the machine's proxy, as all of AWS's requests do."""
    parts = urlsplit(url)
    proxy = urllib.request.getproxies().get(parts.scheme)
    if proxy and not urllib.request.proxy_bypass(parts.hostname or ""):
        return urllib3.ProxyManager(proxy)
    return urllib3.PoolManager()
