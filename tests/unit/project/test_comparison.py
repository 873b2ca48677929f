"""Comparing answers: the content counts, and the message names the first row that differs."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matlab_sagemaker.project.comparison import (
    Difference,
    Expected,
    first_difference,
    line_of,
    words,
)

CSV, JSON = "text/csv", "application/json"
scalars = st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text()
values = st.recursive(scalars, lambda v: st.lists(v) | st.dictionaries(st.text(), v), max_leaves=8)


def difference(expected, answer, kind=CSV):
    return first_difference(Expected("expected", expected.encode(), kind), answer.encode())


@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        ("a,b\n1,x\n", "a,b\r\n1.0,x\r\n"),
        ("p\n0.1\n", "p\n0.10000000001\n"),
        ("p\n0\n", "p\n1e-17\n"),
        ("p\nNaN\n", "p\nnan\n"),
        ("p\n1\n\n", "p\n1"),
        ("p\n\n1\n", "p\n\n1\n\n\n"),
        ("p\n1000000\n", "p\n1000000.1\n"),
        ('p\n"x, y"\n', 'p\n"x, y"\n'),
        ("\ufeffp\n1\n", "p\n1\n"),
    ],
)
def test_the_same_content_is_the_same_whatever_its_bytes(expected, answer):
    assert difference(expected, answer) is None


@pytest.mark.parametrize(
    ("expected", "answer", "row"),
    [
        ("p\nsetosa\n", "p\nSetosa\n", 2),
        ("p\nsetosa\n", "p\nsetosa \n", 2),
        ("p\n1\n", "p\n1.00001\n", 2),
        ("p\n1e-9\n", "p\n2e-9\n", 2),
        ("p\n10\n", "p\n1_0\n", 2),
        ("p\nx\n", "q\nx\n", 1),
        ("p\n1\n2\n", "p\n1\n", 3),
        ("p\n1\n", "p\n1\n2\n", 3),
        ("p\n1\n", "p,q\n1,2\n", 1),
        ("p\n1\n", "", 1),
        ("p\n1000000\n", "p\n1000001\n", 2),
        ("p\n9007199254740992\n", "p\n9007199254740993\n", 2),
        ("p\n\n1\n", "p\n1\n", 2),
        ("p\n1\n\n2\n", "p\n1\n2\n", 3),
    ],
)
def test_other_content_is_named_by_its_first_row(expected, answer, row):
    assert difference(expected, answer).row == row


def test_both_rows_are_shown():
    assert difference("p,q\n1,x\n", "p,q\n2,x\n") == Difference(2, "1,x", "2,x")
    assert difference("p\n1\n", "p\n") == Difference(2, "1", "(no such row)")
    assert len(difference("x" * 9999, "y").expected) < 600
    assert difference('[{"a": 1}]', '{"a": 1}', JSON) == Difference(1, '[{"a": 1}]', '{"a": 1}')
    assert difference("p,q\n10,x\n", "p,q\n11,x\n") == Difference(2, "10,x", "11,x")


@pytest.mark.parametrize(
    ("expected", "row", "line"),
    [
        ("p\n1\n2\n", 3, 3),
        ("p\n1\n2\n", 4, 3),  # the answer has more rows
        ('p,q\r\n"a\r\nb",1\r\nc,2\r\n', 3, 4),
        ('"a\nb",1', 1, 1),
    ],
)
def test_a_row_of_csv_has_a_line_even_after_quoted_newlines(expected, row, line):
    assert line_of(Expected("expected", expected.encode(), CSV), row) == line
    assert line_of(Expected("expected", expected.encode(), "image/png"), row) is None


@pytest.mark.parametrize(
    ("expected", "row", "line"),
    [
        ("[1,\n 2]", 2, 2),
        ('\ufeff\n[\n{"a": [1,\n2]}\n,\n"],"\n]', 2, 6),
        ("[1,\n 2]", 3, 2),  # the answer has more rows
        ("\n []", 1, 1),
        ('{"a": [\n1]}', 1, 1),
    ],
)
def test_a_row_of_json_has_a_line(expected, row, line):
    assert line_of(Expected("expected", expected.encode(), JSON), row) == line


@given(st.lists(values, min_size=1))
def test_each_value_of_a_list_of_json_begins_at_its_line(rows):
    text = ",\n".join(map(json.dumps, rows))
    wanted = Expected("expected", f"[\n{text}\n]".encode(), JSON)
    assert [line_of(wanted, row + 1) for row in range(len(rows))] == [*range(2, len(rows) + 2)]


@pytest.mark.parametrize(
    ("expected", "answer", "kind", "said"),
    [
        ("p\nx\ny\n", "p\nx\nz\n", CSV, "line 3 (row 2 of the answer) is the first that differs"),
        ("1\n2\n", "1\n3\n", CSV, "line 2 (row 2 of the answer) is the first that differs"),
        ("p\nx\n", "q\nx\n", CSV, "line 1 (the columns' names) is the first that differs"),
        ("p\nx\n", "p\nx\ny\n", CSV, "the expected answer has 1 row, the answer 2"),
        ("[1, 2]", "[1]", JSON, "the expected answer has 2 rows, the answer 1"),
        ("[1, 2]", "[1, 3]", JSON, "row 2 is the first that differs"),
        ("[]", "{}", JSON, "its content differs"),
        ("a", "b", "image/png", "its content differs"),
    ],
)
def test_a_difference_in_words_counts_rows_as_people_do(expected, answer, kind, said):
    wanted = Expected("expected", expected.encode(), kind)
    found = first_difference(wanted, answer.encode())
    assert words(wanted, answer.encode(), found) == said


@pytest.mark.parametrize(
    ("expected", "answer", "row"),
    [
        ('[{"p": 1}, {"p": "x"}]', '[{"p": 1.0}, {"p": "x"}]', None),
        ('{"a": 1, "b": [2]}', '{"b": [2.0000000001], "a": 1}', None),
        ('[{"p": 1}, {"p": "x"}]', '[{"p": 1}, {"p": "y"}]', 2),
        ('[{"p": 1}]', '[{"p": 1}, {"p": 1}]', 2),
        ("[1]", "[true]", 1),
        ("[1]", '["1"]', 1),
        ("[null]", "[0]", 1),
        ('{"p": 1}', '{"p": 1, "q": 2}', 1),
        (f"[1{'0' * 400}]", "[1.5]", 1),
        ("[1000000]", "[1000001]", 1),
        ("[1000000]", "[1000001.0]", None),
        ('[{"a": 1}]', '{"a": 1}', 1),
        ("5", "[5]", 1),
        ("[[5]]", "[5]", 1),
        ("[]", "{}", 1),
        ("[]", "null", 1),
    ],
)
def test_json_is_compared_by_its_values(expected, answer, row):
    found = difference(expected, answer, JSON)
    assert (found.row if found else None) == row


@given(values)
def test_what_is_the_same_json_never_differs(value):
    text = json.dumps(value)
    assert difference(text, json.dumps(value, indent=2), JSON) is None


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=1)))
def test_any_text_is_compared_or_refused_and_nothing_else(rows):
    text = "\n".join(",".join(row) for row in rows)
    with contextlib.suppress(ValueError):
        assert difference(text, text) is None


@pytest.mark.parametrize("answer", [b"{", b"\xff\xfe", b""])
def test_what_is_not_of_the_type_is_said_to_be_not(answer):
    with pytest.raises(ValueError, match=r"."):
        first_difference(Expected("e", b"[]", JSON), answer)


def test_other_types_are_compared_whole():
    assert first_difference(Expected("e", b"\x00\xff", "image/png"), b"\x00\xff") is None
    assert first_difference(Expected("e", b"\x00", "image/png"), b"\x01").row == 1


def test_the_tolerance_is_relative_and_can_be_given():
    wanted = Expected("expected", b"p\n100.5\n", CSV, tolerance=1e-2)
    assert first_difference(wanted, b"p\n101.4\n") is None
    assert first_difference(wanted, b"p\n101.6\n").row == 2
