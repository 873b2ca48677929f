"""Foreign text in Markdown stays text in its place, whatever it contains."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matlab_sagemaker.github import markdown

WORDS = ["```", "~~~~", "@team", "#12", "<!--", "-->", "<img src=x>", "::error::x", "](", "&#64;"]
SIGNS = "\n\r\\\u2028 `[|*_$aé"
HOSTILE = st.lists(st.sampled_from([*WORDS, *SIGNS]), max_size=12).map("".join)


@given(HOSTILE)
def test_a_text_on_a_line_is_neither_markup_nor_a_mention(text):
    shown = markdown.inline(text)
    assert len(shown.splitlines()) <= 1
    assert not re.search(r"[<>]|@\w|#\d|&(?!amp;|lt;|gt;)", shown)
    assert not re.search(r"(?<!\\)(\\\\)*[`*\[\]~$]", shown), "each has a backslash before it"


def test_plain_words_numbers_and_names_stay_as_they_are():
    for text in ("5.1", "sepal_length", "a - b", "→", "✔", "100 %", "x@", "# 1"):
        assert markdown.inline(text) == text


@given(HOSTILE)
def test_code_ends_where_its_text_ends(text):
    shown = markdown.code(text)
    assert len(shown.splitlines()) <= 1
    if shown:
        marks = re.match("`+", shown)[0]
        runs = re.findall("`+", shown.removeprefix(marks).removesuffix(marks))
        assert shown.endswith(marks)
        assert len(marks) not in map(len, runs)


@given(HOSTILE)
def test_a_fence_ends_where_its_text_ends(text):
    first, *inside, last = markdown.fenced(text).rstrip("\n").split("\n")
    assert first == f"{last}text"
    assert "\n".join(inside) == text
    assert last not in text


@given(st.lists(HOSTILE, max_size=6), st.integers(0, 120))
def test_what_is_cut_keeps_to_the_limit_and_closes_its_fence(texts, limit):
    whole = "".join(markdown.fenced(text) for text in texts)
    short = markdown.shorten(whole, limit, "(cut)\n")
    assert len(short.encode()) <= limit
    if short != whole:
        assert not short or short.endswith("(cut)\n")
        assert markdown._closing(short) == ""


@pytest.mark.parametrize(
    ("open_text", "closing"),
    [("```\na", "```\n"), ("~~~~ x\n```\n~~~", "~~~~\n"), ("```\na\n```\n", ""), ("a ``` b", "")],
)
def test_an_open_fence_is_seen(open_text, closing):
    assert markdown._closing(open_text) == closing


def test_no_text_turns_the_direction_of_what_follows():
    turned = "acc\u202eurac\u2066y"
    assert markdown.inline(turned) == "accuracy"
    assert markdown.code(turned) == "`accuracy`"
    assert "\u202e" not in markdown.prose(turned)
