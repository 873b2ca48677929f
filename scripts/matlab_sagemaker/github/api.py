"""A client of GitHub's API: answers become Python values, refusals become errors.

It never retries, because only the caller knows which requests may be repeated.
Source: https://docs.github.com/rest/using-the-rest-api, https://docs.github.com/graphql
"""

from __future__ import annotations

import itertools
import time
import urllib.request
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import urllib3

from matlab_sagemaker.errors import GitHubError

if TYPE_CHECKING:
    from collections.abc import Iterator

_TIMEOUT_S = 20
_PAUSE_S = 60.0  # after too many requests, if GitHub does not say how long
_HEADERS = {"Accept": "application/vnd.github+json", "User-Agent": "matlab-sagemaker"}
# A repository that has been renamed answers with its new address.
_ONCE = urllib3.Retry(None, connect=0, read=0, status=0, other=0, redirect=3)


class RefusedError(GitHubError):
    """GitHub refused a request and would refuse it again."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(f"GitHub refused a request ({status}).", why=said)
        self.status = status


class BusyError(GitHubError):
    """GitHub cannot answer now; `wait_s` is the pause in seconds that it asks for, or 0."""

    def __init__(self, what: str, why: str, do: str, wait_s: float = 0) -> None:
        super().__init__(what, why, do)
        self.wait_s = wait_s


class Client:
    """The API at `url`. Paths start with a slash; each method raises BusyError or RefusedError."""

    def __init__(self, url: str, token: str, ca_bundle: str = "") -> None:
        self._url = url
        self._headers = {**_HEADERS, "Authorization": f"Bearer {token}"}
        self._pool = pool(url, ca_bundle)

    def get(self, path: str) -> Any:
        """Get the resource at `path`."""
        return self._read("GET", self._url + path)

    def pages(self, path: str) -> Iterator[Any]:
        """Yield each item of the list at `path`, from all its pages."""
        for number in itertools.count(1):
            answer = self._ask("GET", f"{self._url}{path}?per_page=100&page={number}")
            yield from _json(answer)
            if 'rel="next"' not in answer.headers.get("Link", ""):
                return

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Create a resource from `body` and return it."""
        return self._read("POST", self._url + path, body)

    def patch(self, path: str, body: dict[str, Any]) -> Any:
        """Change the resource at `path` and return it."""
        return self._read("PATCH", self._url + path, body)

    def delete(self, path: str) -> None:
        """Delete the resource at `path`; it is no error if it does not exist."""
        try:
            self._ask("DELETE", self._url + path)
        except RefusedError as error:
            if error.status != 404:
                raise

    def graphql(self, query: str) -> Any:
        """Run a GraphQL query and return its data."""
        # An Enterprise Server has https://HOST/api/v3 and https://HOST/api/graphql.
        url = self._url.removesuffix("/v3") + "/graphql"
        answer = self._read("POST", url, {"query": query})
        if "errors" in answer:  # with status 200
            raise RefusedError(400, answer["errors"][0]["message"])
        return answer["data"]

    def _read(self, method: str, url: str, body: dict[str, Any] | None = None) -> Any:
        return _json(self._ask(method, url, body))

    def _ask(
        self, method: str, url: str, body: dict[str, Any] | None = None
    ) -> urllib3.BaseHTTPResponse:
        try:
            answer = self._pool.request(
                method, url, json=body, headers=self._headers, retries=_ONCE, timeout=_TIMEOUT_S
            )
        except urllib3.exceptions.HTTPError as error:
            raise BusyError(
                f"Cannot reach GitHub at {self._url}.",
                why=cause(error),
                do="Check the runner's network, and githubstatus.com for an outage.",
            ) from error
        if answer.status >= 400:
            raise _error(answer)
        return answer


def _json(answer: urllib3.BaseHTTPResponse) -> Any:
    """Parse an answer; anything but JSON, such as a proxy's page, is not from GitHub."""
    try:
        return answer.json()
    except ValueError as error:
        raise GitHubError(
            f"The answer ({answer.status}) is not from GitHub: it is not JSON.",
            why=answer.data[:200].decode(errors="replace"),
            do="Check the API's address, and any proxy between it and this machine.",
        ) from error


def pool(url: str, ca_bundle: str) -> urllib3.PoolManager:
    """Create a connection pool that uses the machine's proxy, as the requests to AWS do.

    `ca_bundle` is a file of certificate authorities to trust instead of the system's, or empty.
    """
    parts = urlsplit(url)
    proxy = urllib.request.getproxies().get(parts.scheme)
    if not proxy or urllib.request.proxy_bypass(parts.hostname or ""):
        return urllib3.PoolManager(ca_certs=ca_bundle or None)
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    user = unquote(urlsplit(proxy).netloc.rpartition("@")[0])
    headers = urllib3.make_headers(proxy_basic_auth=user or None)
    return urllib3.ProxyManager(proxy, proxy_headers=headers, ca_certs=ca_bundle or None)


def cause(error: urllib3.exceptions.HTTPError) -> str:
    """Name the reason for a missing answer: the class of the underlying error."""
    return type(getattr(error, "reason", None) or error).__name__


def _error(answer: urllib3.BaseHTTPResponse) -> GitHubError:
    status, said = answer.status, _said(answer)
    if (wait_s := _wait_s(answer, said)) is not None:
        what = f"GitHub limits this token's requests ({status})."
        return BusyError(what, said, f"Run again in {wait_s:.0f} s.", wait_s)
    if status >= 500:
        return BusyError(f"GitHub answered {status}.", said, "Run again later.")
    return RefusedError(status, said)


def _said(answer: urllib3.BaseHTTPResponse) -> str:
    """Return GitHub's message; empty if something else answered."""
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return ""


def _wait_s(answer: urllib3.BaseHTTPResponse, said: str) -> float | None:
    """Return the seconds to wait after too many requests; None for any other answer.

    Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    headers = answer.headers
    if answer.status not in (403, 429):
        return None
    if headers.get("retry-after", "").isdecimal():
        return float(headers["retry-after"])
    if headers.get("x-ratelimit-remaining") == "0" and "x-ratelimit-reset" in headers:
        return max(float(headers["x-ratelimit-reset"]) - time.time(), 0) + 1
    return _PAUSE_S if answer.status == 429 or "rate limit" in said.lower() else None
