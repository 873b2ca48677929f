"""The client of GitHub's API, for what the tests of `comment` do not show."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from helpers.github.api import GitHubApi
from matlab_sagemaker.errors import GitHubError
from matlab_sagemaker.github import api


@pytest.fixture
def server():
    """Return the address of a server that echoes the target of each GET, as a proxy gets it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Echo(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps([self.path, self.headers["Proxy-Authorization"]]).encode()
        body = b"<html>sign in" if self.path == "/page" else body
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.mark.parametrize(
    ("form", "password"),
    [
        ("http://{}", None),
        ("{}", None),
        ("http://me:a%40b@{}", "Basic bWU6YUBi"),  # me:a@b
    ],
)
def test_the_machines_proxy_is_asked(server, monkeypatch, form, password):
    monkeypatch.setenv("http_proxy", form.format(server))
    monkeypatch.setenv("no_proxy", "other.example")
    asked = api.Client("http://api.github.example", "token").get("/a")
    assert asked == ["http://api.github.example/a", password]


def test_a_host_that_needs_no_proxy_is_asked_itself(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert api.Client(f"http://{server}", "token").get("/a") == ["/a", None]


def test_an_error_in_the_answer_to_a_query_is_a_refusal():
    with GitHubApi() as github:
        client = api.Client(github.url, github.token())
        with pytest.raises(api.RefusedError, match="Cannot query field 'nobody'"):
            client.graphql("query { nobody }")


def test_what_somebody_else_has_deleted_is_deleted():
    with GitHubApi() as github:
        api.Client(github.url, github.token()).delete("/repos/acme/flowers/issues/comments/1")
    assert [status for *_, status in github.requests] == [404]


def test_a_page_in_place_of_githubs_answer_is_told(server):
    with pytest.raises(GitHubError, match="not JSON") as caught:
        api.Client(f"http://{server}", "token").get("/page")
    assert "<html>sign in" in str(caught.value)
