"""The report on a tried handler: which rows it shows, and what it cuts."""

import json

import pytest

from matlab_sagemaker.project.comparison import Expected
from matlab_sagemaker.project.request import Request
from matlab_sagemaker.rehearsal.outcome import Outcome
from matlab_sagemaker.rehearsal.stage import Rehearsal
from matlab_sagemaker.training import handler_report
from matlab_sagemaker.training.handler_trial import HandlerTrial

CSV, JSON = "text/csv", "application/json"


def csv(count, other=0):
    """Return a header and `count` rows, of which the one in row `other` is another."""
    return "x\n" + "".join(f"{'other' if n == other else n}\n" for n in range(2, count + 2))


def told(*args, **more):
    return handler_report.facts(tried(*args, **more))["handler"]


def tried(answer, expected="", sent="", kind=CSV):
    rehearsal = Rehearsal(
        project=None,
        training=None,
        handler=None,
        request=Request((sent or csv(30)).encode(), kind, kind, "request"),
        expected=Expected("expected", expected.encode(), kind) if expected else None,
    )
    outcome = Outcome(exit_code=0, answer=answer.encode(), model=())
    return HandlerTrial(rehearsal=rehearsal, outcome=outcome)


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (0, [2, 3, 4, 5, 6]),
        (6, [2, 3, 4, 5, 6]),
        (7, [2, 3, 4, 5, 6, 7]),
        (30, [2, 3, 4, 5, 6, 30]),
    ],
)
def test_the_first_rows_and_the_one_that_differs_are_shown(row, shown):
    found = told(csv(30), csv(30, row))
    assert [int(first) for first, *_ in found.rows[1:]] == shown
    assert (found.difference.row if found.difference else 0) == row


@pytest.mark.parametrize(("row", "shown"), [(0, 6), (6, 6), (7, 7), (30, 7)])
def test_the_rows_of_json_are_shown_like_those_of_csv(row, shown):
    def records(other=0):
        values = ["other" if n == other else str(n) for n in range(2, 32)]
        return json.dumps([{"x": value} for value in values])

    found = told(records(), records(row), records(), JSON)
    assert found.rows[:2] == [["x", "→", "x"], ["2", "→", "2"]]
    assert (len(found.rows), found.answer) == (shown, "")
    assert (found.difference.row if found.difference else 0) == row


def test_a_row_without_a_header_is_counted_as_in_the_error():
    rows = "".join(f"{n}\n" for n in range(1, 10))
    trial = tried(rows, rows.replace("9", "0"), rows)
    assert "(row 9 of the answer)" in trial.difference.words
    shown = handler_report.facts(trial)["handler"]
    assert (shown.rows[-1][0], shown.difference.where) == ("9", "row 9")
    told = handler_report.trial(trial)[1]["difference"]
    assert told == {"row": 9, "expected": "0", "answered": "9"}


@pytest.mark.parametrize("count", [3, 30])
def test_a_row_that_only_the_expected_answer_has_is_not_marked(count):
    found = told(csv(count), csv(count + 1), csv(count))
    assert len(found.rows) == min(count, handler_report.ROWS) + 1
    assert found.difference is None


def test_an_unpaired_surrogate_in_json_is_told():
    answers = '[{"a": "\\ud800"}]', '[{"a": "\\udfff"}]'
    found = told(*answers, sent='[{"x": 1}]', kind=JSON)
    assert "udfff" in found.difference.expected
    assert found.model_dump_json()


def test_what_is_cut_says_so():
    cell = told(f"x\n{'y' * 300}\n", sent="x\n1\n").rows[1][-1]
    assert cell == f"{'y' * 200}… (cut)"
    found = told(f'["{"y" * 3000}"]', sent="[1]", kind=JSON)
    assert found.answer.endswith("yyy… (cut)")
    assert told("[1]", sent="[1]", kind=JSON).answer == "[1]"
