"""GitHub's API for a pull request's comments: over HTTP, with state, and strict.

    with GitHubApi("acme/flowers", pull_requests=(7,)) as api:
        token = api.token(may_write=True)  # what a job with `pull-requests: write` has
        ...                                # GITHUB_API_URL is api.url
        api.comments(7), api.requests

Requests and answers are checked against GitHub's own descriptions; any difference is an
AssertionError at the end.
"""

import itertools
import re
import threading
from dataclasses import dataclass, field

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from helpers.github.answers import Forms, json_answer, refused

BOT = "github-actions[bot]"
LONGEST = 65536  # characters of a comment
LIST = re.compile(r"/repos/([^/]+/[^/]+)/issues/(\d+)/comments")
ONE = re.compile(r"/repos/([^/]+/[^/]+)/issues/comments/(\d+)")
PULL = re.compile(r"/repos/([^/]+/[^/]+)/pulls/(\d+)")


@dataclass(frozen=True)
class Token:
    """Whose a token is, and whether it may write (`pull-requests: write`)."""

    login: str
    may_write: bool


@dataclass
class Comment:
    """A comment: what its reader sees of it."""

    id: int
    pull_request: int
    login: str
    body: str
    edits: int = 0


@dataclass
class Failure:
    """How the next requests fail; with `then`, only after GitHub has done them."""

    status: int
    message: str
    method: str
    path: str  # a part of it
    times: int
    headers: dict = field(default_factory=dict)
    then: bool = False


class GitHubApi:
    """The fake. `prefix` is `/api/v3` on an Enterprise Server, `head` all pull requests' commit.

    With `tls`, the files of a certificate for localhost and of its key, it speaks HTTPS.
    """

    def __init__(
        self, repository="acme/flowers", pull_requests=(7,), prefix="", head="0" * 40, tls=None
    ):
        self.repository, self.prefix, self._tls = repository, prefix, tls
        self.requests = []  # (method, path, status)
        self.faults = []
        self._pull_requests = dict.fromkeys(pull_requests, head)
        self._tokens, self._comments, self._failures = {}, {}, []
        self._ids = itertools.count(1001)
        self._lock, self._meetings = threading.RLock(), {}

    def __enter__(self):
        self._server = make_server(
            "127.0.0.1", 0, self, threaded=True, request_handler=_Silent, ssl_context=self._tls
        )
        host = "https://localhost" if self._tls else "http://127.0.0.1"
        self.root = f"{host}:{self._server.server_port}"
        self.url = self.root + self.prefix
        from helpers.github.contract import Contract  # noqa: PLC0415 (takes long)

        self._contract = Contract(self.url)
        self._forms = Forms(self.repository, self.root, self.url)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, kind, *_):
        self._server.shutdown()
        self._server.server_close()
        assert kind or not self.faults, self.faults

    def token(self, login=BOT, *, may_write=True):
        """Return a new token."""
        text = f"ghs_{len(self._tokens):036d}"
        self._tokens[text] = Token(login, may_write)
        return text

    def comments(self, number):
        """Return the comments of a pull request, in GitHub's order."""
        return [c for _, c in sorted(self._comments.items()) if c.pull_request == number]

    def push(self, number, commit):
        """Make `commit` the newest one of a pull request."""
        self._pull_requests[number] = commit

    def write(self, number, login, body):
        """Write a comment as somebody else."""
        comment = Comment(next(self._ids), number, login, body)
        self._comments[comment.id] = comment
        return comment

    def fail(self, status, message="", *, method="", path="", times=1, then=False, **headers):
        """Make the next `times` requests (of `method`, to `path`) fail, with `retry_after=2`."""
        names = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        self._failures.append(Failure(status, message, method, path, times, names, then))

    def meet(self, method, path, count):
        """Answer the next `count` requests of a method, to `path`, together."""
        self._meetings[method, path] = threading.Barrier(count), itertools.count(1)

    def __call__(self, environ, start_response):
        request = Request(environ)
        try:
            answer = self._answer(request)
        except Exception as error:
            self.faults.append(repr(error))
            raise
        self.requests.append((request.method, request.path, answer.status_code))
        return answer(environ, start_response)

    def _answer(self, request):
        token = self._tokens.get(request.headers.get("Authorization", "").partition(" ")[2])
        failure = self._next_failure(request)
        if failure and not failure.then:
            return refused(failure.status, failure.message, failure.headers)
        if token is None:
            return refused(401, "Bad credentials")
        if request.path == self.prefix.removesuffix("/v3") + "/graphql":
            return json_answer(200, self._contract.ask(request.get_json()["query"], token.login))
        self.faults += self._contract.faults_of_request(request)
        with self._lock:
            answer = self._do(request, token)
        self._wait_for_others(request.method, request.path.removeprefix(self.prefix))
        self.faults += self._contract.faults_of_answer(request, answer)
        return refused(failure.status, failure.message, failure.headers) if failure else answer

    def _next_failure(self, request):
        for failure in self._failures:
            if (
                failure.times
                and failure.method in ("", request.method)
                and failure.path in request.path
            ):
                failure.times -= 1
                return failure
        return None

    def _wait_for_others(self, method, path):
        barrier, arrivals = self._meetings.get((method, path), (None, None))
        if barrier and next(arrivals) <= barrier.parties:
            barrier.wait(20)

    def _do(self, request, token):
        path = request.path.removeprefix(self.prefix)
        pull, of_all, of_one = (form.fullmatch(path) for form in (PULL, LIST, ONE))
        repository, number = (pull or of_all or of_one).groups()
        known = self._comments if of_one else self._pull_requests
        if repository != self.repository or int(number) not in known:
            return refused(404, "Not Found")
        if pull:
            head = self._pull_requests[int(number)]
            return json_answer(200, self._forms.pull_request(int(number), head))
        if request.method == "GET":
            return self._page(request, int(number))
        if not token.may_write:
            return refused(403, "Resource not accessible by integration")
        return self._change(request, token.login, int(number))

    def _change(self, request, login, number):
        if request.method == "DELETE":
            del self._comments[number]
            return Response(status=204)
        body = request.get_json()["body"]
        if len(body) > LONGEST:
            return refused(422, f"body is too long (maximum is {LONGEST} characters)")
        if request.method == "POST":
            return json_answer(201, self._forms.comment(self.write(number, login, body)))
        comment = self._comments[number]
        comment.body, comment.edits = body, comment.edits + 1
        return json_answer(200, self._forms.comment(comment))

    def _page(self, request, number):
        size = min(int(request.args.get("per_page", 30)), 100)
        page = int(request.args.get("page", 1))
        found = self.comments(number)
        shown = found[(page - 1) * size : page * size]
        more = len(found) > page * size
        address = f"{self.root}{request.path}?per_page={size}&page={page + 1}"
        headers = {"Link": f'<{address}>; rel="next"'} if more else {}
        return json_answer(200, [self._forms.comment(comment) for comment in shown], headers)


class _Silent(WSGIRequestHandler):
    def log_request(self, *_):
        pass
