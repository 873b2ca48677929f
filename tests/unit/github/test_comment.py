"""The comment: what it says, and that no text in it breaks its layout."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matlab_sagemaker.errors import InputError, KitError
from matlab_sagemaker.github import comment, markdown, tables
from matlab_sagemaker.github.comment import CommentContent
from matlab_sagemaker.github.repository import Repository

RUN = "https://github.com/acme/flowers/actions/runs/5"
HOSTILE = st.lists(
    st.sampled_from(
        ["-->", "<!--", "--!>", "```", "@team", "\n", "\r\n", "::set-output name=x::y", "### ❌ a"]
    )
    | st.text(max_size=5),
    max_size=8,
).map("".join)


def where(commit="a" * 40):
    return Repository(
        name="acme/flowers",
        server="https://github.com",
        api="",
        workspace=Path(),
        commit=commit,
        run="5",
        pull_request=None,
    )


def compose(previous="", commit="a" * 40, key="", verdict="success", body="", **content):
    told = CommentContent(**{"title": "flowers", "verdict": verdict, "body": body, **content})
    return comment.compose(key, told, where(commit), previous)


def test_it_says_what_how_of_which_commit_and_where():
    text = compose(body="### ✅ Trained\n\nTrained by this run.\n")
    assert text.splitlines()[1:] == [
        "## ✅ flowers: Trained",
        "",
        f"`aaaaaaa` · [the run's log]({RUN})",
        "",
        "Trained by this run.",
    ]


def test_a_failures_heading_says_why():
    body = tables.failure(KitError("what"), "train", "")
    text = compose(verdict="failure", body=body)
    assert "## ❌ flowers: Failed: train\n" in text
    assert text.count("Failed: train") == 1
    assert "## ❌ Failed: train\n" in compose(verdict="failure", body=body, title="")
    assert "## ❌ flowers: failure" in compose(verdict="failure", body="")
    assert "see the run's log" in compose(verdict="failure", body="")


def test_a_failure_after_another_report_keeps_its_place():
    body = "### Training image\n\nbuilt\n\n" + tables.failure(KitError("what"), "train", "")
    text = compose(verdict="failure", body=body)
    assert "## ❌ flowers: Failed: train\n" in text
    assert text.endswith(body)


@pytest.mark.parametrize("verdict", ["failure", "skipped", "cancelled"])
def test_a_report_of_another_end_keeps_its_heading(verdict):
    text = compose(verdict=verdict, body="### ✅ Trained\n")
    assert f" flowers: {verdict}\n" in text
    assert text.endswith("### ✅ Trained\n")


@pytest.mark.parametrize(
    ("verdicts", "verdict"),
    [
        ("success", "success"),
        ("success skipped", "success"),
        ("success, failure cancelled", "failure"),
        ("skipped cancelled success", "cancelled"),
        ("skipped", "skipped"),
    ],
)
def test_the_worst_verdict_counts(verdicts, verdict):
    assert comment.worst(verdicts) == verdict


@pytest.mark.parametrize("verdicts", ["", " ", "ok", "success ok", "Success"])
def test_what_is_no_verdict_is_refused(verdicts):
    with pytest.raises(InputError, match="'verdict'"):
        comment.worst(verdicts)


@given(HOSTILE, HOSTILE)
def test_a_comment_is_about_its_own_key(title, key):
    text = compose(key=key, commit="abc", title=title)
    assert comment.is_about(text, key)
    assert not comment.is_about(text, key + "x")


@given(HOSTILE, HOSTILE, HOSTILE)
def test_nothing_in_the_hidden_line_ends_it(key, title, body):
    hidden, heading = compose(key=key, title=title, body=body).splitlines()[:2]
    assert re.fullmatch(r"<!-- matlab-sagemaker [^>\n]* -->", hidden)
    assert heading.startswith("## ✅ ")
    assert not re.search(r"@\w|<", heading)


@given(HOSTILE)
def test_an_errors_text_stays_in_its_fence(text):
    body = tables.failure(KitError(text), "train", "")
    shown = compose(verdict="failure", body=body)
    assert shown.endswith(body.partition("\n\n")[2])
    assert "## ❌ flowers: Failed: train\n" in shown
    assert markdown._closing(shown) == ""


def test_a_text_that_is_too_long_is_cut_with_a_link_to_the_run():
    body = markdown.fenced("x" * 99 + "\n" + "y" * 100_000) + "end"
    text = compose(body=body)
    assert len(text.encode()) <= comment.LIMIT
    assert text.endswith(f"\n(cut: [the run's log]({RUN}) shows all of it)\n")
    assert markdown._closing(text) == ""


@pytest.mark.parametrize(
    "content",
    [
        {"title": "t" * 100_000},
        {"verdict": "failure", "body": "### ❌ " + "x" * 100_000},
    ],
    ids=["title", "failure"],
)
def test_nothing_makes_it_longer_than_github_takes(content):
    assert len(compose(**content).encode()) <= comment.LIMIT
