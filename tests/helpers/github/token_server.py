"""GitHub's token endpoint for one job, and the keys with which its tokens are checked.

It behaves like GitHub's: a request with the job's own secret and an audience gets a signed token
whose claims say what runs. All servers of a process sign with one key, so one of them
can be the issuer for all: `emulator --issuer SERVER.url`.
Source: https://docs.github.com/actions/reference/security/oidc
"""

import functools
import json
import threading
import time
import uuid
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

ISSUER = "https://token.actions.githubusercontent.com"
_KEY_ID = "tests"


@dataclass(frozen=True, kw_only=True)
class Job:
    """What runs, as GitHub knows it."""

    repository: str = "acme/pumps"
    repository_id: str = "2"
    repository_owner_id: str = "1"
    ref: str = "refs/heads/main"
    event: str = "push"
    environment: str = ""
    workflow: str = "train"
    actor: str = "octocat"
    actor_id: str = "3"
    immutable_sub: bool = False  # the form of repositories created since July 2026

    @property
    def sub(self):
        owner, name = self.repository.split("/")
        if self.immutable_sub:
            owner, name = f"{owner}@{self.repository_owner_id}", f"{name}@{self.repository_id}"
        context = f"ref:{self.ref}"
        if self.event == "pull_request":
            context = "pull_request"
        if self.environment:
            context = f"environment:{self.environment.replace(':', '%3A')}"
        return f"repo:{owner}/{name}:{context}"

    def claims(self):
        owner = self.repository.split("/")[0]
        shown = ("repository", "repository_id", "repository_owner_id", "ref", "workflow", "actor")
        claims = {name: getattr(self, name) for name in (*shown, "actor_id")}
        claims |= {"sub": self.sub, "repository_owner": owner, "event_name": self.event}
        return claims | ({"environment": self.environment} if self.environment else {})


@dataclass(frozen=True)
class Answer:
    """An answer instead of a token."""

    status: int
    body: bytes = b"{}"


class TokenServer:
    """A context manager; `job`, `life_s` and `failures` may be changed while it runs."""

    def __init__(self, job=None, *, life_s=300):
        self.job = job or Job()
        self.life_s = life_s
        self.issuer = ISSUER
        self.request_token = uuid.uuid4().hex
        self.failures = []  # an Answer for each of the next requests
        self.requests = 0
        self.tokens = []  # all that were given, in order
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def environment(self):
        """Return what GitHub gives to a job with `permissions: id-token: write`."""
        return {
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{self.url}/token?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": self.request_token,
        }

    def fail(self, status, body=b"{}", times=1000):
        """Answer the next requests with these."""
        self.failures = [Answer(status, body)] * times

    def token(self, audience, **changed):
        """Return a token; `changed` replaces claims of the job."""
        now = int(time.time())
        times = {"iat": now, "nbf": now - 5, "exp": now + self.life_s, "jti": uuid.uuid4().hex}
        claims = {**self.job.claims(), "iss": self.issuer, "aud": audience, **times, **changed}
        return jwt.encode(claims, _key(), algorithm="RS256", headers={"kid": _KEY_ID})

    def answer(self, path, authorization, client):  # noqa: ARG002 (subclasses use it)
        """Return the status and the body of an answer; `client` is the address that asks."""
        parts = urlsplit(path)
        if parts.path == "/.well-known/openid-configuration":
            return _json({"issuer": self.issuer, "jwks_uri": f"{self.url}/.well-known/jwks"})
        if parts.path == "/.well-known/jwks":
            public = jwt.algorithms.RSAAlgorithm.to_jwk(_key().public_key(), as_dict=True)
            return _json({"keys": [{**public, "kid": _KEY_ID, "alg": "RS256", "use": "sig"}]})
        if parts.path == "/token":
            return self._token(parse_qs(parts.query), authorization)
        return Answer(404)

    def _token(self, query, authorization):
        self.requests += 1
        if self.failures:
            return self.failures.pop(0)
        if authorization.lower() != f"bearer {self.request_token}":
            return Answer(401, b'{"message": "Bad credentials"}')
        if query.get("api-version") != ["2.0"]:
            return Answer(400, b'{"message": "no api-version"}')
        default = f"https://github.com/{self.job.repository.split('/')[0]}"
        self.tokens.append(self.token(query.get("audience", [default])[0]))
        return _json({"count": len(self.tokens[-1]), "value": self.tokens[-1]})

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()


@functools.cache
def _key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _json(value):
    return Answer(200, json.dumps(value).encode())


def _handler(server):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            authorization = self.headers.get("Authorization", "")
            answer = server.answer(self.path, authorization, self.client_address)
            self.send_response_only(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_):
            pass

    return Handler
