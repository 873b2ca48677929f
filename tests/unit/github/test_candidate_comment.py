"""The comment on a candidate: what it says in each state, and that foreign text stays text."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from helpers.github import comment_states as states
from helpers.github.comment_states import STATES, WHERE
from matlab_sagemaker.github import comment
from matlab_sagemaker.github.candidate import Candidate
from matlab_sagemaker.github.facts import (
    DifferenceFacts,
    Facts,
    Failure,
    FileGroup,
    HandlerFacts,
    Metric,
    ModelFacts,
    PlanFacts,
    Rule,
    ServingFacts,
)

RENDER = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render
TITLES = {
    "better": "✅ flowers: better than production · deploys on merge",
    "worse": "⚠️ flowers: worse than production · deploys on merge",
    "first": "⏳ flowers: no baseline yet · trying the handler",
    "gate-failed": "❌ flowers: gate failed · not deployed on merge",
    "handler-failed": "❌ flowers: handler failed",
    "answer-differs": "❌ flowers: handler failed",
    "training-failed": "❌ flowers: training failed",
    "cancelled": "⚪ flowers: cancelled",
    "begun": "⏳ flowers: training",
    "running": "⏳ flowers: training",
}


def compose(told, key="", previous=""):
    steps = {"train": told.train, "handler": told.handler, "plan": told.plan, "base": told.base}
    content = comment.CommentContent(title="Training", verdict=told.verdict, body="", facts=steps)
    return comment.compose(key, content, WHERE, previous)


@pytest.mark.parametrize("state", STATES)
def test_its_title_says_how_the_candidate_is(state):
    lines = compose(STATES[state]).splitlines()
    assert lines[0] == '<!-- matlab-sagemaker "" -->'
    assert lines[1] == f"## {TITLES[state]}"
    assert "`4f7c1d2`" in lines[3]
    assert lines[3].endswith("[the run's log](https://github.com/acme/flowers/actions/runs/5)")


def test_a_training_that_has_begun_is_told_and_takes_no_other_news_of_its_commit_away():
    begun = STATES["begun"]
    text = compose(begun)
    assert "This commit is being trained." in text
    assert "Hyperparameters" in text
    assert "was not looked at" not in text
    assert "sagemaker.yml names a model" not in text
    failed = compose(STATES["training-failed"])
    assert compose(begun, previous=failed) == failed
    of_another = failed.replace(WHERE.commit[:7], "1234567")
    assert compose(begun, previous=of_another) == text


def test_metrics_stand_beside_those_of_production_with_their_change():
    text = compose(STATES["better"]).replace("<wbr>", "").replace("\u00a0", " ")
    assert "| metric | production | this pull request | change |" in text
    row = "| cross_validated_accuracy ↑ | 0.94 | 0.96 | +0.02 (+2.13 %) 🟢 better |"
    assert row in text
    assert "| resubstitution_accuracy ↑ | 0.98 | 0.98 | none |" in text
    assert "| train_time ↓ | 1.6 s | 1.52 s | -0.08 s (-5 %) 🟢 better |" in text
    assert text.index("cross_validated") < text.index("resubstitution")
    worse = compose(STATES["worse"])
    assert "🔴\u00a0worse" in worse


def test_where_nothing_serves_the_base_branch_is_the_baseline():
    told = Candidate(verdict="success", train=states.TRAINED, base=states.BASE, plan=states.FIRST)
    text = compose(told)
    assert "flowers: better than main · deploys on merge" in text
    assert "| metric | main | this pull request | change |" in text
    assert "the endpoint could not be checked" not in text
    blind = compose(Candidate(verdict="success", train=states.TRAINED, base=states.BASE))
    assert "| metric | main | this pull request | change |" in blind
    assert "\n— the endpoint could not be checked\n" in blind
    first = compose(STATES["first"])
    assert "| 0.96 | — |" in first
    assert "\n— nothing is deployed yet, and main has no model\n" in first
    unknown = compose(Candidate(verdict="success", train=states.TRAINED))
    assert "## ✅ flowers: trained\n" in unknown
    assert "\n— the endpoint could not be checked\n" in unknown


def test_the_model_that_serves_is_not_compared_with_itself():
    serves = states.SERVES.model_copy(update={"job": states.JOB})
    plan = PlanFacts(endpoint="flowers", changes=False, text="= stays: all", serves=serves)
    told = Candidate(verdict="success", train=states.TRAINED, plan=Facts(plan=plan))
    assert "flowers: same model as production · a merge changes nothing\n" in compose(told)


def test_a_metric_without_a_number_has_a_dash_and_the_reason():
    model = states.MODEL.model_copy(
        update={"metrics": {"train_time": 1.0}, "missing": {"resubstitution_accuracy": "no line"}}
    )
    told = Candidate(verdict="success", train=states.TRAINED.model_copy(update={"model": model}),
                     plan=states.PLANNED)  # fmt: skip
    text = compose(told).replace("<wbr>", "")
    assert "| resubstitution_accuracy ↑ | 0.98 | — (no line) | — |" in text
    assert "| cross_validated_accuracy ↑ | 0.94 | — (not measured) | — |" in text


def test_a_training_that_failed_is_shown_beside_the_baseline_and_without_a_plan():
    text = compose(STATES["training-failed"]).replace("<wbr>", "").replace("\u00a0", " ")
    assert "| metric | production | this pull request | change |" in text
    assert "| cross_validated_accuracy ↑ | 0.94 | — (training failed) | — |" in text
    assert "| train_time ↓ | 1.6 s | — (training failed) | — |" in text
    assert "The merge's plan" not in text
    assert "The plan if" not in text
    waits = Failure(title="Still training", kind="stillTraining", what="It trains.")
    train = states.FAILED.model_copy(update={"failure": waits})
    still = compose(Candidate(verdict="failure", train=train, plan=states.PLANNED))
    assert "| — (still training) | — |" in still
    alone = compose(Candidate(verdict="failure", train=states.FAILED, plan=states.FIRST))
    assert "| metric |" not in alone, "there is nothing to show"


def test_the_place_of_a_failure_is_shown_once_also_if_its_path_has_a_blank():
    what = "my code/f.m:12: The training failed."
    failure = Failure(title="Training", kind="training", what=what, file="my code/f.m", line=12)
    train = states.FAILED.model_copy(update={"failure": failure})
    text = compose(Candidate(verdict="failure", train=train))
    shown = text.replace("<wbr>", "").replace("\u200b", "")
    assert "The training failed." in shown
    assert shown.count("f.m:12") == 1


def test_what_two_steps_fail_of_is_said_once():
    wrong = Facts(verdict="failure", failure=Failure(title="Wrong", kind="input", what="No CSV."))
    told = Candidate(verdict="failure", train=states.TRAINED, plan=wrong, handler=wrong)
    text = compose(told)
    assert "## ❌ flowers: Wrong\n" in text
    assert text.count("No CSV.") == 1


def test_a_gate_that_is_broken_is_said_once():
    text = compose(STATES["gate-failed"])
    assert text.count("(0.6667 against 0.94)") == 1
    assert "| ❌ |" in text
    assert "<summary>The plan if the gate passed: endpoint flowers changes</summary>" in text
    assert "does not pass the gate" not in text
    assert "[`sagemaker.yml:26`](https://github.com/acme/flowers/blob/4f7c1d2" in text
    without = STATES["gate-failed"].train.model_copy(update={"rules": [], "left_out": ["rules"]})
    assert "does not pass the gate" in compose(Candidate(verdict="failure", train=without))


def test_where_gate_and_handler_fail_the_log_is_the_handlers():
    train = STATES["gate-failed"].train.model_copy(update={"log": ["loss: 3"]})
    handler = STATES["handler-failed"].handler
    both = compose(Candidate(verdict="failure", train=train, handler=handler))
    assert handler.log[-1] in both
    assert "loss: 3" not in both
    assert "loss: 3" in compose(Candidate(verdict="failure", train=train))


def test_an_answer_that_differs_is_marked_in_its_row():
    text = compose(STATES["answer-differs"])
    assert "| → | species | expected |" in text.replace("<wbr>", "")
    (marked,) = [line for line in text.splitlines() if "❌ versicolor" in line]
    assert marked.startswith("| 7.0 |")
    later = {"difference": DifferenceFacts(row=30, where="row 30", expected="setosa")}
    handler = Facts(handler=states.ANSWERED.model_copy(update=later))
    text = compose(Candidate(verdict="failure", train=states.TRAINED, handler=handler))
    (marked,) = [line for line in text.splitlines() if "❌ setosa (row 30)" in line]
    assert marked.startswith("| 6.3 |")


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        (Facts(verdict="running"), "⏳ Trying the handler"),
        (
            Facts(handler=HandlerFacts(reason="No `model`.")),
            "— The handler was not tried: No `model`.",
        ),
        (Facts(handler=HandlerFacts(billed_s=1)), "✅ The handler loads the model"),
        (
            Facts(handler=HandlerFacts(request="r.csv", answer="[1]")),
            "there is no `inference.expected` to compare it with:\n\n```text\n[1]\n",
        ),
    ],
    ids=["running", "not-tried", "no-request", "no-table"],
)
def test_it_says_what_came_of_the_handler(handler, words):
    assert words in compose(Candidate(verdict="success", train=states.TRAINED, handler=handler))


def test_what_changed_is_told_beside_the_base_branch():
    text = compose(STATES["better"]).replace("\u00a0", " ")
    assert "| changed | main | this pull request |" in text
    assert "| code | 2 files, 2.99 kB | 2 files, 3.1 kB |" in text
    assert "| MinLeafSize | 2 | 1 |" in text
    assert "150 rows" not in text, "the data are the same"
    same = Candidate(verdict="success", train=states.TRAINED,
                     base=states.TRAINED.model_copy(update={"rules": []}))  # fmt: skip
    assert "Code, data, handler and hyperparameters are the same as in main." in compose(same)
    first = compose(STATES["first"]).replace("\u00a0", " ")
    assert "| training | 1 file, 2.73 kB, 150 rows |" in first
    assert "— what changes is unknown: main was not checked" in first


def test_the_line_of_a_failure_is_said_once():
    line = {"file": "requests/expected.csv", "line": 4}
    failure = states.HANDLER_FAILED.model_copy(
        update={**line, "what": "requests/expected.csv:4: It differs."}
    )
    handler = Facts(failure=failure)
    text = compose(Candidate(verdict="failure", train=states.TRAINED, handler=handler))
    assert text.count("expected.csv:4") == 1
    assert "It differs." in text


def test_a_failure_without_words_says_where_to_look():
    told = Candidate(verdict="failure", train=Facts(verdict="success"))
    assert "## ❌ Training: failed\n" in compose(told)
    assert "see the run's log" in compose(told)


def test_a_step_that_failed_otherwise_is_called_by_its_error():
    denied = Failure(title="AWS refused", kind="denied", what="What.")
    told = Candidate(verdict="failure", train=Facts(verdict="failure", failure=denied))
    assert "## ❌ Training: AWS refused\n" in compose(told)


PIECES = st.sampled_from(
    [
        "@team", "#12", "GH-12", "https://evil.example/a", "www.evil.example", "a@evil.example",
        "|", "`", "``", "<b>", "</details>", "<!--", "-->", "[a](https://evil.example)",
        "![a](b)", "*a*", "__a__", "_a_", "~~a~~", "\n", "\r\n", "\n\n## a", "- a", "1. a", "# a",
        "\n```\n", "$a$", ":tada:", "&lt;", "\\", " ",
    ]
)  # fmt: skip
HOSTILE = st.lists(PIECES | st.text(max_size=5), max_size=6).map("".join)
OWN = re.compile(r"https://github\.com/acme/flowers/|https://example\.org/")
ALLOWED = {"h2", "p", "a", "code", "pre", "table", "thead", "tbody", "tr", "th", "td", "strong"}
ALLOWED |= {"details", "summary", "wbr"}


@st.composite
def hostile(draw):
    """Draw a candidate with only foreign texts."""
    text = itertools.cycle(draw(st.lists(HOSTILE, min_size=3, max_size=7))).__next__
    name = text()
    metric = Metric(name=name, better="higher", unit=text())
    values = {name: 1.5, text(): -1.0}
    model = ModelFacts(job=text(), page="https://example.org/job", metrics=values,
                       missing={text(): text()}, size=3, instance=text())  # fmt: skip
    kind = draw(st.sampled_from(["x", "gate"]))
    failure = Failure(title=text(), kind=kind, what=text(), why=text(), do=text())
    rows = [[text(), text()], [text(), text()]]
    handler = HandlerFacts(
        request=text(), rows=rows, expected=text(), answer=text(),
        difference=DifferenceFacts(row=2, where=text(), expected=text()),
    )  # fmt: skip
    serves = ServingFacts(job=text(), metrics={name: 2.0})
    plan = PlanFacts(endpoint=text(), changes=True, text=text(), serves=serves)
    train = Facts(
        verdict="success", project=text(), metrics=[metric], model=model, failure=failure,
        rules=[Rule(rule=text(), metric=name, wanted=text(), got=text(), passed=True)],
        files=[FileGroup(name=text(), key=text(), files=1, size=1)],
        hyperparameters={text(): text()}, log=[text(), text()],
    )  # fmt: skip
    base = Facts(
        files=[FileGroup(name=text(), key=text(), files=1, size=1)],
        hyperparameters={text(): text()},
    )
    return Candidate(verdict="success", train=train, plan=Facts(plan=plan), base=base,
                     handler=Facts(handler=handler))  # fmt: skip


@given(hostile())
def test_foreign_text_stays_text(told):
    html = RENDER(compose(told))
    shown = re.sub(r"<code.*?</code>|<pre>.*?</pre>", "", html, flags=re.DOTALL)
    tags = set(re.findall(r"</?([a-z0-9]+)", shown.replace('<!-- matlab-sagemaker "" -->', "")))
    assert tags <= ALLOWED, tags - ALLOWED
    for url in re.findall(r'href="([^"]*)"', shown):
        assert OWN.match(url), url
    text = re.sub(r"<[^>]*>", "", shown)
    assert not re.search(r"@\w|#\d|GH-\d|https?://\w|www\.|:tada:", text)
    assert len(re.findall(r"<h2>", html)) == 1
    assert html.count("<details>") == html.count("</details>")


@given(st.integers(0, 60_000), st.integers(0, 60_000))
def test_it_is_never_longer_than_github_takes_and_no_block_is_cut(lines, rows):
    facts = states.TRAINED.model_copy(
        update={"log": ["x" * lines], "hyperparameters": {"a": "<" * rows}}
    )
    text = compose(Candidate(verdict="failure", train=facts))
    assert len(text.encode()) <= 65_000
    assert text.count("<details>") == text.count("</details>")
    assert ("x" * lines in text) != ("the log" in text.rpartition("Left out")[2])
    html = RENDER(text)
    assert html.count("<pre>") == html.count("</pre>")


def test_what_a_step_has_left_out_is_named():
    facts = states.TRAINED.model_copy(update={"left_out": ["log"]})
    assert "Left out for lack of space: log; see [the run's log](" in compose(
        Candidate(verdict="success", train=facts)
    )
