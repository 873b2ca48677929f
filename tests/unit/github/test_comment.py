"""The comment: what it says, what it remembers, and that no text in it breaks its layout."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matlab_sagemaker.errors import InputError, KitError
from matlab_sagemaker.github import comment, markdown, tables
from matlab_sagemaker.github.comment import Memory, News
from matlab_sagemaker.github.repository import Repository

RUN = "https://github.com/acme/flowers/actions/runs/5"
HOSTILE = st.lists(
    st.sampled_from(
        ["-->", "<!--", "--!>", "```", "@team", "\n", "\r\n", "::set-output name=x::y", "### ❌ a"]
    )
    | st.text(max_size=5),
    max_size=8,
).map("".join)
NUMBERS = st.dictionaries(st.text(max_size=8), st.floats(allow_nan=False), max_size=4)


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


def compose(previous="", commit="a" * 40, key="", verdict="success", body="", **news):
    told = News(**{"title": "flowers", "verdict": verdict, "body": body, **news})
    return comment.compose(key, told, where(commit), previous)


def test_it_says_what_how_of_which_commit_and_where():
    text = compose(body="### ✅ Trained\n\nTrained by this run.\n")
    assert text.splitlines()[2:] == [
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


@pytest.mark.parametrize("text", ["[]", "1", '{"a": "1"}', '{"a": true}', "{", '{"a": null}'])
def test_what_are_no_metrics_is_refused(text):
    with pytest.raises(InputError, match="'metrics'"):
        comment.metrics(text)


def test_no_metrics_are_none():
    assert comment.metrics("") == comment.metrics("{}") == {}


def test_metrics_stand_beside_those_from_before():
    first = compose(commit="a", metrics={"accuracy": 0.9, "loss": 2.0})
    second = compose(first, commit="b", metrics={"accuracy": 0.95, "auc": 1.0})
    assert "| accuracy | 0.9 |" in first
    assert "| accuracy | 0.9 | 0.95 | +0.05 |" in second
    assert "| auc | — | 1 | — |" in second
    assert "| loss | 2 | — | — |" in second


def test_the_reports_own_table_gives_way_to_the_comparison():
    metrics = {"accuracy": 0.95}
    body = "### ✅ Trained\n\n" + tables.markdown(tables.metrics(metrics)) + "\nmore\n"
    text = compose(compose(commit="a", metrics={"accuracy": 0.9}), commit="b", body=body,
                   metrics=metrics)  # fmt: skip
    assert "| accuracy | 0.9 | 0.95 | +0.05 |" in text
    assert "| metric | value |" not in text
    assert text.endswith("\nmore\n")


def test_a_failure_in_between_does_not_forget_the_metrics():
    first = compose(commit="a", metrics={"accuracy": 0.9})
    failed = compose(first, commit="b", verdict="failure")
    again = compose(failed, commit="b", verdict="failure")
    third = compose(again, commit="c", metrics={"accuracy": 0.8})
    assert "| accuracy | 0.9 | 0.8 | -0.1 |" in third


@given(st.lists(st.integers(0, 3), max_size=8))
def test_metrics_are_compared_with_the_last_that_were_others(values):
    """0 is a run that failed: it has none."""
    text, different = "", []
    for commit, value in enumerate(values):
        text = compose(text, commit=str(commit), metrics={"a": float(value)} if value else {})
        if value and different[-1:] != [value]:
            different.append(value)
        if value and len(different) > 1:
            assert f"| a | {different[-2]} | {value} | {value - different[-2]:+d} |" in text
        assert "+0 |" not in text


@given(NUMBERS, NUMBERS, HOSTILE)
def test_the_same_run_once_more_says_the_same(before, metrics, body):
    first = compose(compose(commit="a", metrics=before), commit="b", metrics=metrics, body=body)
    assert compose(first, commit="b", metrics=metrics, body=body) == first


@given(NUMBERS, HOSTILE, HOSTILE)
def test_what_a_comment_remembers_is_what_was_put_in(metrics, title, key):
    text = compose(key=key, commit="abc", metrics=metrics, title=title)
    finite = {n: v for n, v in metrics.items() if abs(v) != float("inf")}
    assert comment.recall(text) == (Memory(commit="abc", metrics=finite) if finite else Memory())
    assert comment.is_about(text, key)
    assert not comment.is_about(text, key + "x")


@given(HOSTILE, HOSTILE, HOSTILE, NUMBERS)
def test_nothing_in_the_hidden_lines_ends_them(key, title, body, metrics):
    text = compose(key=key, title=title, body=body, metrics=metrics)
    for line in text.splitlines()[:2]:
        assert re.fullmatch(r"<!-- matlab-sagemaker [^>\n]* -->", line)
    heading = text.splitlines()[2]
    assert heading.startswith("## ✅ ")
    assert not re.search(r"@\w|<", heading)


@given(HOSTILE)
def test_an_errors_text_stays_in_its_fence(text):
    body = tables.failure(KitError(text), "train", "")
    shown = compose(verdict="failure", body=body)
    assert shown.endswith(body.partition("\n\n")[2])
    assert "## ❌ flowers: Failed: train\n" in shown
    assert markdown._closing(shown) == ""


FORGED = ["", "{", "[]", "1", '"x"', '{"commit": 1}', '{"commit": "a", "metrics": {"a": "1"}}']
FORGED += [
    '{"commit": "a", "metrics": [1]}',
    '{"commit": "a", "metrics": {"a": 1' + "0" * 400 + "}}",
]
FORGED += ["[" * 60_000, '{"commit": "a", "metrics": {"a": Infinity}, "before": {"b": NaN}}']


@pytest.mark.parametrize("memory", FORGED, ids=lambda text: text[:40])
def test_a_memory_that_was_tampered_with_is_none(memory):
    text = f'<!-- matlab-sagemaker "" -->\n<!-- matlab-sagemaker {memory} -->\n'
    assert comment.recall(text).metrics == comment.recall(text).before == {}
    assert "accuracy" in compose(text, metrics={"accuracy": 0.9})


def test_a_text_that_is_too_long_is_cut_with_a_link_to_the_run():
    body = markdown.fenced("x" * 99 + "\n" + "y" * 100_000) + "end"
    text = compose(body=body)
    assert len(text.encode()) <= comment.LIMIT
    assert text.endswith(f"\n(cut: [the run's log]({RUN}) shows all of it)\n")
    assert markdown._closing(text) == ""


@pytest.mark.parametrize(
    "news",
    [
        {"title": "t" * 100_000},
        {"metrics": {f"m{i}": 1.0 for i in range(20_000)}},
        {"verdict": "failure", "body": "### ❌ " + "x" * 100_000},
    ],
    ids=["title", "metrics", "failure"],
)
def test_nothing_makes_it_longer_than_github_takes(news):
    before = json.dumps({"commit": "z", "metrics": {"n" * 50_000: 1}})
    previous = f'<!-- matlab-sagemaker "" -->\n<!-- matlab-sagemaker {before} -->\n'
    assert len(compose(previous, **news).encode()) <= comment.LIMIT
