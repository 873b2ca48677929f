"""Results as Markdown and text: a table stays a table, whatever the values are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matlab_sagemaker.github import tables

cells = st.text(max_size=30)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=4))
def test_no_cell_can_end_its_row_or_begin_html(rows):
    lines = tables.markdown([["a", "b"], *rows]).splitlines()
    assert len(lines) == len(rows) + 2
    for line in lines:
        assert line.replace("\\|", "").count("|") == 3
        assert "<" not in line


def test_request_and_answer_of_as_many_rows_are_one_table():
    rows = tables.side_by_side("length,width\n1,2\n3,4\n", "species\nsetosa\nvirginica\n")
    assert rows == [
        ["length", "width", "→", "species"],
        ["1", "2", "→", "setosa"],
        ["3", "4", "→", "virginica"],
    ]
    assert tables.plain(rows).splitlines()[2] == "3       4      →  virginica"


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0 B"), (999, "999 B"), (999.6, "1 kB"), (327_597, "328 kB"), (14_600_000, "14.6 MB")],
)
def test_bytes_have_a_unit_that_people_know(count, shown):
    assert tables.size(count) == shown


def test_of_a_digest_people_see_the_first_digits():
    key = "0123456789ab" + "c" * 52
    text = f"release@sha256:{key}, training-{key}, {key}0"
    assert tables.shorten_digests(text) == (
        f"release@sha256:0123456789ab…, training-0123456789ab…, {key}0"
    )


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ('[{"a": 5.10, "b": true}, {"b": null, "a": "x"}]', "s\ny\nz\n"),
        ("\ufeffa,b\n5.10,true\nx,null\n", '[{"s":"y"},{"s":"z"}]'),
        ('{"instances": [{"a": 5.10, "b": true},{"a": "x", "b": null}]}',
         '{"predictions": [{"s": "y"}, {"s": "z"}]}'),
    ],
)  # fmt: skip
def test_records_of_json_are_rows_of_a_table(request_, answer):
    assert tables.side_by_side(request_, answer) == [
        ["a", "b", "→", "s"],
        ["5.10", "true", "→", "y"],
        ["x", "null", "→", "z"],
    ]


def test_an_unpaired_surrogate_in_json_is_shown_as_its_escape():
    rows = tables.side_by_side('[{"a\\udfff": 1}]', '[{"b": "\\ud800 \\ud83d\\ude00"}]')
    assert rows == [["a\\udfff", "→", "b"], ["1", "→", "\\ud800 😀"]]
    assert tables.markdown(tables.inline(rows)).encode()


@pytest.mark.parametrize(
    "text",
    ['[{"a": 1}, {"b": 1}]', '[{"a": [1]}, {"a": 2}]', "[1,\n2]", "{}", '{"a": 1}', "[" * 99_999],
)
def test_other_json_is_no_table(text):
    assert tables.side_by_side("a\n1\n2\n", text) is None


def test_a_line_end_in_a_cell_does_not_end_the_row():
    assert tables.plain([["a", "b"], ["x\r\ny\n", "z"]]) == "a     b\nx↵y↵  z"


def test_what_is_no_such_pair_is_no_table():
    assert tables.side_by_side("a\n1\n", "b\n1\n2\n") is None
    assert tables.side_by_side("", "") is None
    assert tables.side_by_side("a\n1\n", f"b\n{'x' * 200_000}\n") is None
    assert tables.side_by_side("a\n1\n", 'b\n"x\ry"\n') == [["a", "→", "b"], ["1", "→", "x\ry"]]
    assert tables.side_by_side("a,b\n1\n", "c\n1\n") is None
