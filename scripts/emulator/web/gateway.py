"""WSGI entry point: sends SageMaker's requests to the emulator, all others to moto's server."""

from __future__ import annotations

import io
import json
import re
import threading
import time
import uuid
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from moto.iam.models import get_account_id_from
from werkzeug.wrappers import Request, Response

from emulator.cloud import LOOPBACK, Scope
from emulator.ecr.api import BLOBS
from emulator.errors import ServiceError, left_out
from emulator.sagemaker.hosting.invoke import invoke

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from emulator.ecr.store import Store
    from emulator.iam.judge import Judge
    from emulator.iam.sessions import Sessions
    from emulator.sagemaker.api import Api

_TARGET = "SageMaker."
_CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
_BLOB = re.compile(BLOBS + "(sha256:[0-9a-f]{64})")
_RUNTIME = re.compile(r"/endpoints/(?P<name>[^/]+)/(?P<verb>[\w-]+)")


class Activity:
    """Knows when a user's last request was."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = 0
        self._last = time.monotonic()

    @contextmanager
    def request(self) -> Iterator[None]:
        """Count a request while it is being answered."""
        with self._lock:
            self._open += 1
        try:
            yield
        finally:
            with self._lock:
                self._open -= 1
                self._last = time.monotonic()

    @property
    def idle_s(self) -> float:
        """Seconds since the last request was answered."""
        with self._lock:
            return 0.0 if self._open else time.monotonic() - self._last


class Gateway:
    """Routes each request by the service in its signature."""

    def __init__(
        self,
        moto: WSGIApplication,
        activity: Activity,
        store: Store,
        sessions: Sessions,
        judge: Judge,
    ) -> None:
        self._moto = moto
        self._judge = judge
        self._sessions = sessions
        self._store = store
        self._activity = activity
        self._api: Api | None = None

    def open(self, api: Api) -> None:
        """Start to answer SageMaker's requests."""
        self._api = api

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if LOOPBACK in environ.get("HTTP_USER_AGENT", ""):
            return self._route(environ, start)
        with self._activity.request():
            return self._route(environ, start)

    def _route(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        if blob := _BLOB.fullmatch(request.path):
            return self._give(blob[1])(environ, start)
        if refusal := self._sessions.refusal(request) or self._judge.refusal(request):
            return refusal(environ, start)
        signed = _CREDENTIAL.search(request.headers.get("Authorization", ""))
        if self._api is None or signed is None or signed[3] != "sagemaker":
            return self._moto(environ, start)
        scope = Scope(_account(request, signed[1]), signed[2])
        runtime = _RUNTIME.fullmatch(request.path)
        try:
            if runtime:
                response = self._invoke(self._api, scope, runtime, request)
            else:
                answer = self._act(self._api, scope, request)
                if answer is None:
                    return self._moto(environ, start)
                response = answer
        except ServiceError as error:
            response = _refusal(error)
        response.headers["x-amzn-RequestId"] = str(uuid.uuid4())
        return response(environ, start)

    def _give(self, digest: str) -> Response:
        """Serve a blob of the registry, at the address that GetDownloadUrlForLayer gives."""
        path = self._store.blob(digest)
        return Response(path.read_bytes()) if path.is_file() else Response(status=404)

    def _invoke(self, api: Api, scope: Scope, match: re.Match[str], request: Request) -> Response:
        if match["verb"] != "invocations":
            raise left_out(f"{match['verb']} of endpoints")
        return invoke(api.hosting, scope, match["name"], request)

    def _act(self, api: Api, scope: Scope, request: Request) -> Response | None:
        """Do an action of the control plane; None: moto must do it, and can still read the body."""
        target = request.headers.get("X-Amz-Target", "")
        body = request.get_data()
        request.environ["wsgi.input"] = io.BytesIO(body)
        action = target.removeprefix(_TARGET)
        parameters = _parsed(body)
        if not target.startswith(_TARGET) or not api.does(action, parameters):
            return None
        return _json(api.call(action, scope, parameters))


def _account(request: Request, access_key: str) -> str:
    """Find the account of an access key as moto does."""
    return request.headers.get("x-moto-account-id") or get_account_id_from(access_key)


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body or b"{}")
    except ValueError as error:
        raise ServiceError("SerializationException", f"The body is not JSON: {error}") from error
    if not isinstance(parsed, dict):
        raise ServiceError("SerializationException", "The body is not a JSON object.")
    return parsed


def _json(answer: dict[str, Any]) -> Response:
    """Write an answer; fields without a value are left out, as on SageMaker."""
    kept = {key: value for key, value in answer.items() if value is not None and value != {}}
    text = json.dumps(kept, default=_epoch)
    return Response(text, content_type="application/x-amz-json-1.1")


def _epoch(value: object) -> float:
    if isinstance(value, datetime):
        return value.timestamp()
    raise TypeError(f"{value!r} cannot be written as JSON")


def _refusal(error: ServiceError) -> Response:
    text = json.dumps({"__type": error.code, "message": error.message})
    response = Response(text, error.status, content_type="application/x-amz-json-1.1")
    response.headers["x-amzn-ErrorType"] = error.code
    return response
