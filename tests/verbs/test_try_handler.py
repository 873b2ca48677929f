"""The handler answers with the trained model before a merge; errors name its lines."""

import json

import pytest

from helpers.kit import verb_runs
from helpers.kit.mat_files import mat_file
from helpers.kit.verb_runs import HANDLER, jobs, trials

pytestmark = pytest.mark.slow

EXPECTED = "requests/expected.csv"


@pytest.fixture
def tries(trained, aws):
    """Return a function that returns the status of each trial of a handler, by job name."""
    return lambda: trials(aws, trained)


def raising(project):
    """Make predict raise an error; return the line."""
    text = (project.root / HANDLER).read_text()
    line = next(n for n, t in enumerate(text.splitlines(), 1) if "= predict(" in t) + 1
    lines = text.splitlines(keepends=True)
    lines.insert(line - 1, "            error('flowers:wilted', 'They have wilted.');\n")
    project.write(HANDLER, "".join(lines))
    return line


def test_the_handler_answers_and_what_is_unchanged_costs_nothing(trained, tries, aws):
    trained.write(HANDLER, (trained.root / HANDLER).read_text() + "% the first of its kind\n")
    before = tries()
    first = trained.succeed("try-handler")
    assert first.outputs["tried"] == "true"
    assert first.outputs["changed"] == "true"
    assert first.outputs["as-expected"] == "true"
    assert first.outputs["prediction"] == (trained.root / EXPECTED).read_text()
    header, *rows = json.loads(first.outputs["rows"])
    assert (header[-1], rows[0][-1], len(rows)) == ("species", "setosa", 3)
    assert "| setosa |" in first.summary
    name = first.outputs["job-name"]
    stem, _, number = name.rpartition("-")
    assert (number, stem[:-21]) == ("try1", trained.name)
    assert tries() == {**before, name: "Completed"}
    program = aws("sagemaker").describe_training_job(TrainingJobName=name)["HyperParameters"]
    assert program["sagemaker_program"] == "tryHandler"

    trained.edit("sagemaker.yml", "  instance_count: 1", "  instance_count: 2")
    again = trained.succeed("try-handler")
    assert again.outputs == {**first.outputs, "changed": "false"}
    assert tries() == {**before, name: "Completed"}
    shown = json.loads(trained.succeed("job", name, "--json").stdout)
    assert (shown["training-job"], shown["status"], shown["sealed"]) == (name, "Completed", True)
    latest = json.loads(trained.succeed("job", "--json").stdout)
    assert latest["training-job"] in jobs(aws, trained), "the trial is none that trains"
    assert trained.succeed("train", "--find-only").outputs["job-name"] in jobs(aws, trained)


def test_an_error_is_on_the_handlers_own_line_and_is_not_paid_for_twice(trained, tries):
    line, before = raising(trained), tries()
    first = trained.run("try-handler")
    assert first.code == 1
    (annotation,) = first.annotations
    assert f"file={HANDLER},line={line}" in annotation
    assert "They have wilted." in annotation
    assert "### ❌ Handler failed" in first.report
    assert first.outputs["tried"] == "true"
    made = tries()
    assert len(made) == len(before) + 1
    assert trained.run("try-handler").annotations == first.annotations
    assert tries() == made


def test_without_a_trained_model_the_step_before_it_is_named(ready):
    verb_runs.write_function(ready, "error('x:y', 'Not trained.');")
    result = ready.run("try-handler")
    assert result.code == 3
    assert "Run train first." in result.annotations[0]


def test_a_model_that_is_given_is_not_tried_and_says_why(project):
    text = (project.root / "sagemaker.yml").read_text()
    head, rest = text.split("training:\n", 1)
    project.write(
        "sagemaker.yml", f"{head}model: model.mat\ninference:{rest.split('inference:')[1]}"
    )
    (project.root / "model.mat").write_bytes(mat_file("model"))
    result = project.succeed("try-handler")
    assert result.outputs["tried"] == "false"
    assert "no training image" in result.outputs["reason"]
    assert result.outputs["reason"] in result.report


def test_a_project_without_a_handler_says_so(trained):
    text = (trained.root / "sagemaker.yml").read_text()
    head, rest = text.split("inference:\n", 1)
    trained.write("sagemaker.yml", head + "endpoint:" + rest.split("endpoint:")[1])
    assert "no handler" in trained.succeed("try-handler").outputs["reason"]
