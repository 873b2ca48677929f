"""The comment in a pull request: one, kept up to date; each refusal is told with its fix."""

import json
import re
import time

import pytest

from github_api import BOT, GitHubApi
from harness import Project

HEAD = "0123456789abcdef0123456789abcdef01234567"
REPORT = "### ✅ Trained `flowers-1`\n\n| metric | value |\n| --- | --- |\n| accuracy | 0.9 |\n"


class PullRequest:
    """Runs of the verb about pull request 7 of acme/flowers."""

    def __init__(self, api, folder):
        self.api, self.folder = api, folder
        (folder / "repository").mkdir()
        self.project = Project(folder / "repository", "http://127.0.0.1:1")
        self.token = api.token()
        self.event("acme/flowers")

    def event(self, source, commit=HEAD, **other):
        head = {"sha": commit, "repo": {"full_name": source}}
        event = other or {"pull_request": {"number": 7, "head": head}}
        (self.folder / "event.json").write_text(json.dumps(event))

    def start(self, verdict="success", body=REPORT, **settings):
        inputs = {"token": self.token, "verdict": verdict, "body": body, "title": "flowers"}
        given = {**inputs, **{name: text for name, text in settings.items() if name.islower()}}
        return self.project.start(
            "comment",
            **{
                "GITHUB_API_URL": self.api.url,
                "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
                "GITHUB_REPOSITORY": "acme/flowers",
                "GITHUB_RUN_ID": "5",
                **{f"INPUT_{name.upper()}": text for name, text in given.items()},
                **{name: text for name, text in settings.items() if name.isupper()},
            },
        )

    def run(self, verdict="success", body=REPORT, **settings):
        return self.project.finish(self.start(verdict, body, **settings))

    @property
    def comments(self):
        return self.api.comments(7)

    @property
    def methods(self):
        return [method for method, path, _ in self.api.requests if "/graphql" not in path]


@pytest.fixture(scope="module", autouse=True)
def _environment(tmp_path_factory):
    """Make the verb's environment before any time is measured."""
    with GitHubApi() as api:
        PullRequest(api, tmp_path_factory.mktemp("first")).run(GITHUB_EVENT_PATH="")


@pytest.fixture
def api():
    with GitHubApi("acme/flowers", pull_requests=(7,)) as started:
        yield started


@pytest.fixture
def pull_request(api, tmp_path):
    return PullRequest(api, tmp_path)


def test_a_comment_is_written_once_and_then_updated(pull_request):
    first = pull_request.run(metrics='{"accuracy": 0.9}')
    (comment,) = pull_request.comments
    assert first.outputs == {
        "comment-url": f"{pull_request.api.root}/acme/flowers/pull/7#issuecomment-{comment.id}",
        "changed": "true",
    }
    assert comment.login == BOT
    assert "## ✅ flowers: success\n\n`0123456`" in comment.body
    assert "[the run](https://github.com/acme/flowers/actions/runs/5)" in comment.body
    pull_request.event("acme/flowers", commit="fedcba9876")
    second = pull_request.run(metrics='{"accuracy": 0.95}', body="")
    assert pull_request.comments == [comment]
    assert second.outputs == first.outputs
    assert "| accuracy | 0.9 | 0.95 | +0.05 |" in comment.body
    assert "`fedcba9`" in comment.body


def test_the_same_text_is_not_written_again(pull_request):
    pull_request.run(metrics='{"accuracy": 0.9}')
    again = pull_request.run(metrics='{"accuracy": 0.9}')
    assert again.outputs["changed"] == "false"
    assert again.outputs["comment-url"]
    assert pull_request.methods.count("POST") == 1
    assert "PATCH" not in pull_request.methods


def test_a_failed_training_says_why(pull_request):
    body = "### ❌ Training failed: train\n\nIn `code/train.m:3`\n\n```text\na:b: no rows\n```"
    result = pull_request.run("success failure", body)
    assert result.code == 0
    (comment,) = pull_request.comments
    assert "## ❌ flowers: Training failed: train\n" in comment.body
    assert comment.body.rstrip().endswith(body)


def test_its_own_comment_is_found_among_many(pull_request):
    for _ in range(130):
        pull_request.api.write(7, "somebody", "words")
    pull_request.run()
    for _ in range(130):
        pull_request.api.write(7, "somebody", "words")
    pull_request.run("failure")
    (own,) = [c for c in pull_request.comments if c.login == BOT]
    assert own.edits == 1
    pages = [path for method, path, _ in pull_request.api.requests if method == "GET"]
    assert len(pages) > 4


@pytest.mark.parametrize("login", ["mallory", "github-actions", "other-app[bot]", None])
def test_a_marker_that_others_have_planted_is_not_believed(pull_request, login):
    pull_request.run()
    (own,) = pull_request.comments
    planted = pull_request.api.write(7, login, own.body)
    del pull_request.api._comments[own.id]
    pull_request.run("failure")
    assert planted.edits == 0
    assert [c.login for c in pull_request.comments] == [login, BOT]


@pytest.mark.parametrize("login", ["a-person", "our-app[bot]"])
def test_a_token_of_ones_own_finds_its_own_comment(pull_request, login):
    pull_request.run()
    for _ in range(2):
        pull_request.run("failure", token=pull_request.api.token(login))
    assert [c.login for c in pull_request.comments] == [BOT, login]


def test_each_project_of_a_repository_has_a_comment(pull_request):
    for _ in range(2):
        for key in ("", "a/sagemaker.yml", "b/sagemaker.yml"):
            pull_request.run(key=key)
    assert len(pull_request.comments) == 3


def test_a_memory_that_was_edited_away_does_no_harm(pull_request):
    pull_request.run(metrics='{"accuracy": 0.9}')
    (comment,) = pull_request.comments
    comment.body = re.sub(r'"metrics": \{[^}]*\}', '"metrics": {"accuracy": "<b>"}', comment.body)
    assert pull_request.run("failure").code == 0
    assert pull_request.comments == [comment]
    assert "<b>" not in comment.body


def test_two_runs_at_the_same_moment_leave_one_comment(pull_request):
    pull_request.api.meet("GET", 2)
    runs = [pull_request.start(verdict) for verdict in ("success", "failure")]
    results = [pull_request.project.finish(run) for run in runs]
    assert [result.code for result in results] == [0, 0]
    assert pull_request.methods.count("POST") == 2, "both have found none"
    (comment,) = pull_request.comments
    assert {result.outputs["comment-url"].rpartition("-")[2] for result in results} <= {
        str(comment.id),
        str(comment.id + 1),
    }


def test_comments_that_a_killed_run_has_left_are_cleared(pull_request):
    pull_request.run()
    (first,) = pull_request.comments
    pull_request.api.write(7, BOT, first.body)
    pull_request.api.write(7, "somebody", first.body)
    pull_request.run()
    assert [c.login for c in pull_request.comments] == [BOT, "somebody"]
    assert pull_request.comments[0] is first


def test_an_enterprise_server_has_its_own_address(tmp_path):
    with GitHubApi(prefix="/api/v3") as api:
        pull_request = PullRequest(api, tmp_path)
        pull_request.run(GITHUB_SERVER_URL="https://github.example")
        (comment,) = pull_request.comments
    assert "https://github.example/acme/flowers/actions/runs/5" in comment.body


def test_where_there_is_no_pull_request_there_is_nothing_to_do(pull_request):
    pull_request.event("", ref="refs/heads/main")
    result = pull_request.run()
    assert result.code == 0
    assert result.outputs == {"comment-url": "", "changed": "false"}
    assert "not about a pull request" in result.stdout
    assert pull_request.api.requests == []


def test_a_text_that_is_too_long_is_cut(pull_request):
    assert pull_request.run(body="é\n" * 40_000).code == 0
    (comment,) = pull_request.comments
    assert comment.body.endswith("shows all of it)\n")


def test_hostile_text_commands_nobody(pull_request):
    hostile = "`$(touch pwned)`\n::error::forged\n::set-output name=comment-url::evil\n-->"
    result = pull_request.run("failure", hostile, title=hostile, key=hostile)
    assert result.code == 0
    assert result.outputs["comment-url"].startswith(pull_request.api.root)
    assert result.annotations == []
    assert not list(pull_request.project.root.iterdir())
    pull_request.run("failure", hostile, title=hostile, key=hostile)
    assert len(pull_request.comments) == 1


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
    assert "Trained `flowers-1`" in result.summary


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
    assert "Asking again in 1 s" in result.stdout
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
    assert "GitHub cannot be reached at http://127.0.0.1:1" in result.annotations[0]


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"verdict": "good"}, "Input 'verdict' is 'good'"),
        ({"metrics": "{"}, "Input 'metrics' is no JSON"),
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
