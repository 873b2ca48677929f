"""The comment in a pull request: one, kept up to date; foreign texts in it have no effect."""

import pytest
from werkzeug.serving import make_ssl_devcert

from helpers.github.api import BOT, GitHubApi
from helpers.github.comment_runs import REPORT, PullRequest


def test_a_comment_is_written_once_and_then_updated(pull_request):
    first = pull_request.run()
    (comment,) = pull_request.comments
    assert first.outputs == {
        "comment-url": f"{pull_request.api.root}/acme/flowers/pull/7#issuecomment-{comment.id}",
        "changed": "true",
    }
    assert comment.login == BOT
    assert "## ✅ flowers: Trained\n\n`0123456`" in comment.body
    assert "[the run's log](https://github.com/acme/flowers/actions/runs/5)" in comment.body
    pull_request.event("acme/flowers", commit="fedcba9876")
    second = pull_request.run(body=REPORT.replace("0.9", "0.95"))
    assert pull_request.comments == [comment]
    assert second.outputs == first.outputs
    assert "| accuracy | 0.95 |" in comment.body
    assert "`fedcba9`" in comment.body


def test_the_same_text_is_not_written_again(pull_request):
    pull_request.run()
    again = pull_request.run()
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
    assert comment.body.rstrip().endswith(body.partition("\n\n")[2])
    assert comment.body.count("Training failed") == 1


def test_a_run_that_was_cancelled_takes_the_place_of_the_good_news_before_it(pull_request):
    pull_request.run()
    result = pull_request.run("cancelled", "")
    assert result.code == 0
    (comment,) = pull_request.comments
    assert "## ⚪ flowers: cancelled\n" in comment.body
    assert "✅" not in comment.body


@pytest.mark.parametrize("verdict", ["failure", "cancelled"])
def test_a_run_of_a_commit_that_is_no_longer_the_newest_says_nothing(pull_request, verdict):
    pull_request.run()
    (comment,) = pull_request.comments
    said = comment.body
    pull_request.api.push(7, "fedcba9876")
    result = pull_request.run(verdict, "### ❌ Training failed: train\n")
    assert result.code == 0
    assert result.outputs == {"comment-url": "", "changed": "false"}
    assert "has a newer commit" in result.stdout
    assert pull_request.comments == [comment]
    assert (comment.body, comment.edits) == (said, 0)


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


def test_two_runs_at_the_same_moment_leave_one_comment(pull_request):
    pull_request.api.meet("GET", "/repos/acme/flowers/issues/7/comments", 2)
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


@pytest.mark.parametrize(
    ("status", "method", "path"), [(301, "GET", "/pulls/7"), (307, "POST", "/issues/7/comments")]
)
def test_a_repository_that_has_been_renamed_is_followed(pull_request, status, method, path):
    new = f"{pull_request.api.url}/repos/acme/flowers{path}"
    pull_request.api.fail(status, "Moved", method=method, path=path, location=new)
    result = pull_request.run()
    assert result.code == 0
    assert "Trying again" not in result.stdout
    assert len(pull_request.comments) == 1


def test_an_authority_that_the_machine_names_is_trusted(tmp_path):
    certificate, key = make_ssl_devcert(str(tmp_path / "own"), cn="localhost")
    with GitHubApi(tls=(certificate, key)) as api:
        pull_request = PullRequest(api, tmp_path)
        assert pull_request.run(REQUESTS_CA_BUNDLE=certificate).code == 0
        assert len(pull_request.comments) == 1


def test_where_there_is_no_pull_request_there_is_nothing_to_do(pull_request):
    pull_request.event("", ref="refs/heads/main")
    result = pull_request.run()
    assert result.code == 0
    assert result.outputs == {"comment-url": "", "changed": "false"}
    assert "does not belong to a pull request" in result.stdout
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
