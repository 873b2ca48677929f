"""The verdict on a rehearsal."""

import pytest

from helpers.kit.verb_runs import EXAMPLE, HANDLER
from matlab_sagemaker.project import content, request
from matlab_sagemaker.project.comparison import Expected
from matlab_sagemaker.rehearsal import outcome, parts, verdict
from matlab_sagemaker.rehearsal.engine import LocalEngine
from matlab_sagemaker.rehearsal.stage import Rehearsal
from metrics import Metrics


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("species\nx\n", ["The handler answers with 1 row(s) for 3 in the request"]),
        ("species\nx\ny\nz\n", []),
        ("1\n2\n3\n", []),
    ],
)
def test_an_answer_for_other_rows_is_doubted_where_nothing_is_expected(answer, said):
    project = content.load(EXAMPLE / "sagemaker.yml")
    sent = request.read(EXAMPLE / "requests/three_flowers.csv", "", "")
    handler = parts.handler_of(project)
    rehearsal = Rehearsal(project=project, training=None, handler=handler, request=sent)
    ended = outcome.Outcome(exit_code=0, answer=answer.encode(), model=("model.mat",))
    found = verdict.judge(rehearsal, LocalEngine("octave"), ended, {}, [])
    assert found.wrong == []
    told = [each.what.partition(": ")[2].rstrip(".") for each in found.doubtful]
    assert told == said
    assert all(each.what.startswith(f"{EXAMPLE / HANDLER}:") for each in found.doubtful)


@pytest.mark.parametrize(
    ("printed", "cure"),
    [
        ("resubstitution accuracy: nan", "The training printed NaN, which is no number"),
        ("resubstitution accuracy: -inf", "The training printed -Inf, which is not finite"),
        ("accuracy: 1", "Correct the pattern"),
    ],
)
def test_what_is_printed_but_no_number_is_not_put_down_to_the_pattern(printed, cure):
    project = content.load(EXAMPLE / "sagemaker.yml")
    training = parts.training_of(project)
    rehearsal = Rehearsal(project=project, training=training, handler=None)
    metrics = Metrics({"resubstitution_accuracy": r"resubstitution accuracy: (\S+)"})
    metrics.feed(f"{printed}\n".encode())
    ended = outcome.Outcome(exit_code=0, model=("model.mat",))
    found = verdict.judge(rehearsal, LocalEngine("octave"), ended, metrics.missing(), [])
    (error,) = [*found.wrong, *found.doubtful]
    assert error.do.startswith(cure)


@pytest.mark.parametrize(
    ("ended", "why"),
    [
        ({"training": outcome.Fault("my:id", "No.")}, "the training failed before"),
        ({"handler": outcome.Fault("sagemaker:rehearse:syntax", "No.")}, "has not started"),
        ({"handler": outcome.Fault("my:id", "No.")}, ""),
    ],
)
def test_metrics_that_could_not_be_printed_have_that_reason(ended, why):
    told = verdict.unprinted(outcome.Outcome(exit_code=1, **ended))
    assert why in told
    assert bool(why) == bool(told)


@pytest.mark.parametrize(
    ("kind", "expected", "answer", "line", "row"),
    [
        ("application/json", "[1,\n2,\n3]", "[1, 2, 4]", 3, "row 3"),
        ("text/csv", 'p\n"a\nb"\n1\n', 'p\n"a\nb"\n2\n', 4, "line 4 (row 2 of the answer)"),
    ],
)
def test_a_difference_is_at_its_line_of_the_expected_answer(kind, expected, answer, line, row):
    rehearsal = Rehearsal(
        project=content.load(EXAMPLE / "sagemaker.yml"),
        training=None,
        handler=None,
        request=None,
        expected=Expected("expected", expected.encode(), kind),
    )
    ended = outcome.Outcome(exit_code=0, answer=answer.encode(), model=("model.mat",))
    (wrong,) = verdict.judge(rehearsal, LocalEngine("matlab"), ended, {}, []).wrong
    assert f": {row} is the first that differs" in wrong.what
    assert "copy it to expected." in wrong.do
    assert (wrong.place.file, wrong.place.line) == ("expected", line)
