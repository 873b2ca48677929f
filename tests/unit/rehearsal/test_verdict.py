"""The verdict on a rehearsal."""

import pytest

from helpers.kit.verb_runs import EXAMPLE, HANDLER
from matlab_sagemaker.project import content, request
from matlab_sagemaker.rehearsal import outcome, parts, verdict
from matlab_sagemaker.rehearsal.engine import LocalEngine
from matlab_sagemaker.rehearsal.stage import Rehearsal


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
