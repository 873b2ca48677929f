"""A comment that GitHub refuses, or cannot accept now: each message has the fix."""

import re
import time

import pytest

pytestmark = pytest.mark.slow


def test_a_token_that_github_does_not_know_is_told(pull_request):
    result = pull_request.run(token="ghs_unknown")
    assert result.code == 16
    assert "GitHub does not know the token (401)" in result.annotations[0]
    assert "ghs_unknown" not in result.stdout + result.stderr


def test_a_token_that_may_only_read_names_the_permission(pull_request):
    result = pull_request.run(token=pull_request.api.token(may_write=False))
    assert result.code == 16
    assert "Resource not accessible by integration" in result.annotations[0]
    assert "pull-requests: write" in result.annotations[0]


def test_a_forks_report_goes_to_the_summary_and_is_no_failure(pull_request):
    pull_request.event("mallory/flowers")
    result = pull_request.run("failure", token=pull_request.api.token(may_write=False))
    assert result.code == 0
    assert result.outputs == {"comment-url": "", "changed": "false"}
    assert "::warning::" in result.stdout
    assert "## ❌ flowers: failure" in result.summary
    assert "Trained by this run." in result.summary


def test_a_pull_request_that_is_not_there_is_told(pull_request):
    pull_request.api._pull_requests.clear()
    result = pull_request.run()
    assert result.code == 16
    assert "There is no pull request #7 of acme/flowers" in result.annotations[0]


def test_another_refusal_is_told_in_githubs_words(pull_request):
    pull_request.api.fail(422, "This conversation is locked", path="/comments", method="POST")
    result = pull_request.run()
    assert result.code == 16
    assert "This conversation is locked" in result.annotations[0]


def test_github_is_asked_again_when_it_stumbles(pull_request):
    pull_request.api.fail(502, times=2)
    result = pull_request.run()
    assert result.code == 0
    assert "Trying again in 1 s" in result.stdout
    assert len(pull_request.comments) == 1


def test_a_comment_whose_writing_was_not_confirmed_is_not_written_twice(pull_request):
    pull_request.api.fail(502, path="/comments", method="POST", then=True)
    assert pull_request.run().code == 0
    assert len(pull_request.comments) == 1


def test_github_that_stays_down_is_told(pull_request):
    pull_request.api.fail(503, "down", times=99)
    result = pull_request.run()
    assert result.code == 16
    assert "GitHub answered 503" in result.annotations[0]
    assert len(pull_request.api.requests) == 4


def test_a_pause_that_github_asks_for_is_kept(pull_request):
    pull_request.api.fail(403, "You have exceeded a secondary rate limit", retry_after=2)
    began = time.monotonic()
    assert pull_request.run().code == 0
    assert time.monotonic() - began > 2
    assert len(pull_request.comments) == 1


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (429, {"retry_after": 3000}),
        (403, {"x_ratelimit_remaining": 0, "x_ratelimit_reset": int(time.time()) + 3000}),
    ],
)
def test_a_pause_that_is_too_long_is_an_error_that_says_when(pull_request, status, headers):
    pull_request.api.fail(status, "API rate limit exceeded", times=9, **headers)
    result = pull_request.run()
    assert result.code == 16
    assert "API rate limit exceeded" in result.annotations[0]
    assert re.search(r"Run again in \d{4} s", result.annotations[0])
    assert len(pull_request.api.requests) == 1


def test_github_that_cannot_be_reached_is_told(pull_request):
    result = pull_request.run(GITHUB_API_URL="http://127.0.0.1:1")
    assert result.code == 16
    assert "Cannot reach GitHub at http://127.0.0.1:1" in result.annotations[0]


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"verdict": "good"}, "Input 'verdict' is 'good'"),
        ({"token": ""}, "Input 'token' is empty"),
    ],
)
def test_bad_inputs_are_told_before_anything_is_sent(pull_request, inputs, words):
    result = pull_request.run(**inputs)
    assert result.code == 2
    assert words in result.annotations[0]
    assert pull_request.api.requests == []


def test_help_shows_no_token(pull_request):
    process = pull_request.project.start("comment", "--help", INPUT_TOKEN="ghs_secret")
    stdout, _ = process.communicate(timeout=60)
    assert "--token" in stdout
    assert "ghs_secret" not in stdout
