"""Results as Markdown and text: whatever the values are, a table stays a table."""

from hypothesis import given
from hypothesis import strategies as st

from matlab_sagemaker import report

cells = st.text(max_size=30)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=4))
def test_no_cell_can_end_its_row_or_begin_html(rows):
    lines = report.markdown([["a", "b"], *rows]).splitlines()
    assert len(lines) == len(rows) + 2
    for line in lines:
        assert line.replace("\\|", "").count("|") == 3
        assert "<" not in line


def test_request_and_answer_of_as_many_rows_are_one_table():
    rows = report.side_by_side("length,width\n1,2\n3,4\n", "species\nsetosa\nvirginica\n")
    assert rows == [
        ["length", "width", "→", "species"],
        ["1", "2", "→", "setosa"],
        ["3", "4", "→", "virginica"],
    ]
    assert report.plain(rows).splitlines()[2] == "3       4      →  virginica"


def test_what_is_no_such_pair_is_no_table():
    assert report.side_by_side("a\n1\n", "b\n1\n2\n") is None
    assert report.side_by_side("", "") is None
    assert report.side_by_side("a,b\n1\n", "c\n1\n") is None
