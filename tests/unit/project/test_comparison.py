"""Comparing answers: the content counts, and the message names the first row that differs."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matlab_sagemaker.project.comparison import (
    Expected,
    first_difference,
    row_count,
)

CSV, JSON = "text/csv", "application/json"
ABSENT, PRESENT = "text/csv; charset=utf-8; header=absent", 'text/csv;Header = "present"'
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


@pytest.mark.parametrize(
    ("expected", "answer", "kind", "shown"),
    [
        ("p,q\n1,x\n", "p,q\n2,x\n", CSV, ("1,x", "2,x")),
        ("p\n1\n", "p\n", CSV, ("1", "(no such row)")),
        ('[{"a": 1}]', '{"a": 1}', JSON, ('[{"a": 1}]', '{"a": 1}')),
        ("p,q\n10,x\n", "p,q\n11,x\n", CSV, ("10,x", "11,x")),
        ('["\\ud800"]', "[1]", JSON, ('"\\ud800"', "1")),  # UTF-8 cannot have it
    ],
)
def test_both_rows_are_shown(expected, answer, kind, shown):
    found = difference(expected, answer, kind)
    assert (found.expected, found.answered) == shown


def test_a_long_row_is_cut():
    assert len(difference("x" * 9999, "y").expected) < 600


@pytest.mark.parametrize(
    ("expected", "answer", "kind", "line"),
    [
        ("p\n1\n2\n", "p\n1\n3\n", CSV, 3),
        ("p\n1\n2\n", "p\n1\n2\n3\n", CSV, 3),
        ('p,q\r\n"a\r\nb",1\r\nc,2\r\n', 'p,q\n"a\r\nb",1\nc,3\n', CSV, 4),
        ('"a\nb",1', "a,1", CSV, 1),
        ("\n", "a", CSV, 1),
        ("[1,\n 2]", "[1, 3]", JSON, 2),
        ('\ufeff\n[\n{"a": [1,\n2]}\n,\n"],"\n]', '[{"a": [1, 2]}, 3]', JSON, 6),
        ("[1,\n 2]", "[1, 2, 3]", JSON, 2),
        ("\n []", "[1]", JSON, 1),
        ("[\n1]", "1", JSON, 2),
        ('{"a": [\n1]}', "{}", JSON, 1),
        ("a", "b", "image/png", None),
    ],
)
def test_a_row_has_a_line_also_if_others_have_several(expected, answer, kind, line):
    assert difference(expected, answer, kind).line == line


@given(st.lists(values, min_size=1), st.data())
def test_each_value_of_a_list_of_json_begins_at_its_line(rows, data):
    row = data.draw(st.integers(1, len(rows)))
    wanted = "[\n" + ",\n".join(map(json.dumps, rows)) + "\n]"
    others = [*rows[: row - 1], {"other": rows[row - 1]}]
    assert difference(wanted, json.dumps(others), JSON).line == row + 1


class CountedText(str):
    """A text that counts the characters in which ends of lines were counted."""

    counted = 0

    def count(self, what, start=0, end=None):
        end = len(self) if end is None else end
        CountedText.counted += end - start
        return super().count(what, start, end)

    def lstrip(self, *what):
        CountedText.counted += len(self)
        return super().lstrip(*what)


class CountedBody(bytes):
    def decode(self, *how):
        return CountedText(super().decode(*how))


def test_the_line_in_a_long_list_of_json_is_found_in_one_pass():
    rows = [str(row) for row in range(5000)]
    body = CountedBody("[\n{}\n]".format(",\n".join(rows)).encode())
    found = first_difference(Expected("e", body, JSON), f"[{','.join(rows[:-1])}]".encode())
    assert (found.row, found.line) == (5000, 5001)
    assert 0 < CountedText.counted <= 2 * len(body)


@pytest.mark.parametrize(
    ("expected", "answer", "kind", "said"),
    [
        ("p\n1\n2\n", "p\n1\n3\n", CSV, "line 3 (row 2 of the answer) is the first that differs"),
        ("1\n2\n", "1\n3\n", CSV, "line 2 (row 2 of the answer) is the first that differs"),
        ("p\n1\n", "q\n1\n", CSV, "line 1 (the columns' names) is the first that differs"),
        ("p\n1\n", "p\n1\n2\n", CSV, "the expected answer has 1 row, the answer 2"),
        ("p\n1\n", "\n", CSV, "the expected answer has 1 row, the answer 0"),
        ("setosa", "virginica", CSV, "line 1 is the first that differs"),
        ("setosa\nsetosa", "setosa", CSV, "the expected answer has 2 lines, the answer 1"),
        ('"a\nb"\n', '"a\nb"\nc\n\n', CSV, "the expected answer has 2 lines, the answer 3"),
        ("x\ny", "x\nz", ABSENT, "line 2 (row 2 of the answer) is the first that differs"),
        ("x\ny", "x", ABSENT, "the expected answer has 2 rows, the answer 1"),
        ("x\ny", "z\ny", PRESENT, "line 1 (the columns' names) is the first that differs"),
        ("[1, 2]", "[1]", JSON, "the expected answer has 2 rows, the answer 1"),
        ("[1, 2]", "[1, 3]", JSON, "row 2 is the first that differs"),
        ("[]", "{}", JSON, "its content differs"),
        ("a", "b", "image/png", "its content differs"),
    ],
)
def test_a_difference_in_words_counts_rows_as_people_do(expected, answer, kind, said):
    assert difference(expected, answer, kind).words == said


@pytest.mark.parametrize(
    ("expected", "answer", "kind", "where"),
    [
        ("p\n1\n", "p\n2\n", CSV, (2, "row 1")),
        ("1\n2\n", "1\n3\n", CSV, (2, "row 2")),
        ('p\n"x\ny"\nz', 'p\n"x\ny"\nu', CSV, (3, "line 4")),
        ("p\nx\n\n", "p\nx\ny\n", CSV, (3, "line 3")),
        ("x\ny", "x\nz", ABSENT, (2, "row 2")),
        ("[1, 2]", "[1, 3]", JSON, (3, "row 2")),
        ("[1]", "[1, 3]", JSON, (3, "row 2")),
    ],
)
def test_the_comment_names_a_row_as_the_error_does(expected, answer, kind, where):
    found = difference(expected, answer, kind)
    assert (found.table_row, found.where) == where


def test_a_line_of_text_is_data_if_the_type_says_so():
    assert [row_count(b"x\ny\n", kind) for kind in (CSV, PRESENT, ABSENT)] == [1, 1, 2]


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
