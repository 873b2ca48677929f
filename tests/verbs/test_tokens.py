"""GitHub's token endpoint: the step retries, and says why there is no token."""

import pytest

from helpers.github.token_server import TokenServer
from matlab_sagemaker.errors import SignInError
from matlab_sagemaker.github import claims, oidc

pytestmark = pytest.mark.slow


@pytest.fixture
def server():
    with TokenServer() as started:
        yield started


@pytest.fixture
def endpoint(server):
    environment = server.environment()
    return oidc.TokenEndpoint(
        environment["ACTIONS_ID_TOKEN_REQUEST_URL"], environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]
    )


def test_each_token_is_a_fresh_one_for_the_audience(server, endpoint):
    first, second = endpoint.token("sts.amazonaws.com"), endpoint.token("a b&c=d")
    assert first != second
    assert claims.read(first)["aud"] == "sts.amazonaws.com"
    assert claims.read(second)["aud"] == "a b&c=d"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_endpoint_is_asked_again(server, endpoint, status):
    server.fail(status, times=2)
    assert endpoint.token("x") == server.tokens[0]
    assert server.requests == 3


def test_an_endpoint_that_stays_busy_is_told(server, endpoint):
    server.fail(503, b"try later")
    with pytest.raises(SignInError, match=r"failed with 503.\ntry later\n.*githubstatus"):
        endpoint.token("x")
    assert server.requests == 5


def test_a_refusal_is_not_repeated_and_does_not_show_what_was_sent(server, endpoint):
    server.fail(403, f"no: bearer {server.request_token}".encode())
    with pytest.raises(SignInError, match=r"no: bearer \*\*\*\n.*id-token: write") as caught:
        endpoint.token("x")
    assert server.requests == 1
    assert server.request_token not in str(caught.value)


def test_the_word_that_lets_a_job_ask_is_not_in_its_text(endpoint, server):
    assert server.request_token not in repr(endpoint)


@pytest.mark.parametrize("body", [b"<html>", b"{}", b"[]", b"null"])
def test_an_answer_without_a_token_is_told(server, endpoint, body):
    server.fail(200, body)
    with pytest.raises(SignInError, match="without a token"):
        endpoint.token("x")


def test_a_redirection_is_not_followed(server, endpoint):
    server.fail(302)
    with pytest.raises(SignInError, match="refused with 302"):
        endpoint.token("x")


def test_an_endpoint_that_does_not_answer_is_named(server, endpoint):
    server.close()
    with pytest.raises(SignInError, match=r"127.0.0.1:.*does not answer") as caught:
        endpoint.token("x")
    assert server.request_token not in str(caught.value)
