"""Rehearse shows an author within seconds what is wrong, with the line in the author's file."""

import os
import re
import tarfile
from pathlib import Path

import pytest

from helpers.kit import verb_runs
from helpers.kit.paths import KIT
from helpers.kit.verb_runs import FUNCTION, HANDLER, rule, write_function

REQUEST = "requests/three_flowers.csv"
EXPECTED = "requests/expected.csv"
ASK = ("--request", REQUEST)


@pytest.fixture
def desk(tmp_path):
    """The example on a machine without access to AWS."""
    return verb_runs.example(tmp_path / "repository", "http://127.0.0.1:9")


@pytest.fixture
def quick(desk):
    """The same without the cross-validation, which takes longer than everything else."""
    line = "    fprintf('cross-validated accuracy: %.4f\\n', 1 - kfoldLoss(crossval(model)));\n"
    desk.edit(FUNCTION, line, "")
    rule(desk)
    metric = 'cross_validated_accuracy: {pattern: "cross-validated accuracy: ([0-9.]+)"'
    desk.edit("sagemaker.yml", f"    {metric}, better: higher}}\n", "")
    return desk


def add_line(project, file, after, line):
    """Insert a line after the one that contains `after`; return its number."""
    lines = (project.root / file).read_text().splitlines()
    at = next(number for number, text in enumerate(lines) if after in text)
    lines.insert(at + 1, line)
    project.write(file, "\n".join(lines) + "\n")
    return at + 2


def test_the_example_trains_and_answers(desk):
    result = desk.succeed("rehearse", *ASK, "--expected", EXPECTED)
    assert (result.outputs["engine"], result.outputs["judged"]) == ("octave", "true")
    assert result.outputs["metrics"] == (
        '{"resubstitution_accuracy": 0.98, "cross_validated_accuracy": 0.94}'
    )
    assert result.outputs["prediction"] == (desk.root / EXPECTED).read_text()
    assert re.search(r"7.0 .*→  versicolor", result.stdout)
    assert "| cross_validated_accuracy | 0.94 |" in result.summary
    assert sorted(path.name for path in desk.root.iterdir()) == sorted(
        path.name for path in verb_runs.EXAMPLE.iterdir()
    ), "it leaves nothing in the repository"


def test_a_metric_has_its_unit(quick):
    quick.edit("sagemaker.yml", '([0-9.]+)", better: higher}', '([0-9.]+)", unit: of 1}')
    result = quick.succeed("rehearse", "--only", "training")
    assert re.search(r"resubstitution_accuracy +0.98 of 1$", result.stdout, re.MULTILINE)
    assert "| resubstitution_accuracy | 0.98 of 1 |" in result.summary


def undefined_in_training(desk):
    return FUNCTION, add_line(desk, FUNCTION, "rng(1)", "    data = raedall(env);"), "raedall"


def missing_column_in_training(desk):
    desk.edit(FUNCTION, "'species'", "'speceis'")
    return FUNCTION, 8, "speceis"


def syntax_in_training(desk):
    return FUNCTION, add_line(desk, FUNCTION, "rng(1)", "    x = ;"), "syntax error"


def nothing_saved(desk):
    desk.edit(FUNCTION, "fullfile(env.ModelFolder, 'model.mat')", "'model.mat'")
    return FUNCTION, 1, "It wrote model.mat into the current folder"


def metric_without_a_match(desk):
    desk.edit("sagemaker.yml", "resubstitution accuracy: (", "resubstituted accuracy: (")
    return "sagemaker.yml", 17, "the nearest: resubstitution accuracy: 0.9800"


def undefined_in_handler(desk):
    return HANDLER, add_line(desk, HANDLER, "%PREDICT", "            scael(inputData);"), "scael"


def missing_column_in_handler(desk):
    line = "            x = inputData.petal_size;"
    return HANDLER, add_line(desk, HANDLER, "%PREDICT", line), "petal_size"


def syntax_in_handler(desk):
    return HANDLER, add_line(desk, HANDLER, "%PREDICT", "            x = ;"), "syntax error"


def wrong_return_type(desk):
    add_line(desk, HANDLER, "prediction = table", "            prediction = struct('a', 1);")
    return HANDLER, 8, "has a struct of size 1x1"


def wrong_request_column(desk):
    desk.edit(REQUEST, "petal_length", "petal_len")
    return REQUEST, 1, "did you mean 'petal_len'"


MISTAKES = [
    undefined_in_training,
    missing_column_in_training,
    syntax_in_training,
    nothing_saved,
    metric_without_a_match,
    undefined_in_handler,
    missing_column_in_handler,
    syntax_in_handler,
    wrong_return_type,
    wrong_request_column,
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.__name__)
def test_a_mistake_is_told_with_its_line_its_cause_and_its_cure(quick, mistake):
    file, line, cause = mistake(quick)
    result = quick.run("rehearse", *ASK)
    assert result.code == 1, result.stdout
    (annotation,) = result.annotations
    assert f"file={file},line={line}::" in annotation
    assert cause in annotation
    assert "hen rehearse again" in annotation.splitlines()[-1]
    if mistake is syntax_in_handler:
        assert "accuracy: 0.98" not in result.stdout, "the message comes before any training"
    failed_before = result.stdout.count("— (the training failed before)")
    assert failed_before == ("in_training" in mistake.__name__), "a metric is no second error"
    assert "/rehearsal-" not in annotation, "it names the user's file, not the copy of it"


@pytest.mark.slow
@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.__name__)
def test_where_octave_stands_in_only_names_and_syntax_are_left_to_matlab(quick, mistake):
    quick.edit("sagemaker.yml", "engine: octave", "engine: matlab")
    file, line, cause = mistake(quick)
    result = quick.run("rehearse", *ASK, PATH=without_matlab())
    is_matlabs = mistake.__name__.startswith(("undefined", "syntax"))
    assert result.code == (15 if is_matlabs else 1), result.stdout
    assert f"file={file},line={line}::" in result.annotations[0]
    assert cause in result.annotations[0]


def test_what_octave_lacks_is_not_judged_where_it_stands_in_for_matlab(quick):
    quick.edit("sagemaker.yml", "engine: octave", "engine: matlab")
    line = add_line(quick, FUNCTION, "rng(1)", "    model = fitcsvm(1, 2);")
    result = quick.run("rehearse", PATH=without_matlab())
    assert result.code == 15
    (annotation,) = result.annotations
    assert f"file={FUNCTION},line={line}::" in annotation
    assert "not judged: GNU Octave, used in place of MATLAB, does not have 'fitcsvm'" in annotation
    assert result.stdout.count("::warning::There is no matlab on PATH") == 1
    assert result.outputs["judged"] == "false"
    passed = quick.succeed("rehearse", "--unjudged", "warning", PATH=without_matlab())
    assert f"::warning title=Not judged,file={FUNCTION},line={line}::" in passed.stdout
    assert passed.outputs["judged"] == "false"
    assert "### ⚠️ Not judged: Rehearsal" in passed.summary


@pytest.mark.slow
@pytest.mark.parametrize(
    "call",
    [
        "fitctree(data, 'species', MinLeafSize=3)",
        "fitcdiscr(data, 'species', 'DiscrimType', 'quadratic')",
        "fitctree(data(:, {'species', 'petal_width'}), 'petal_width')",  # a text predictor
        "fitctree(data, 'species', 'CategoricalPredictors', 1)",
    ],
)
def test_what_only_matlab_accepts_is_not_judged_where_octave_stands_in(quick, call):
    line = add_line(quick, FUNCTION, "readall", f"    {call};")
    assert quick.run("rehearse", "--only", "training").code == 1
    quick.edit("sagemaker.yml", "engine: octave", "engine: matlab")
    result = quick.run("rehearse", "--only", "training", PATH=without_matlab())
    assert result.code == 15
    assert f"file={FUNCTION},line={line}::" in result.annotations[0]
    assert "used in place of MATLAB, cannot run the code" in result.annotations[0]


def test_a_file_that_is_missing_is_named_as_in_the_repository(quick):
    read = "readtable(fullfile(env.ChannelInputFolders.training, 'more.csv'))"
    add_line(quick, FUNCTION, "rng(1)", f"    x = {read};")
    (annotation,) = quick.run("rehearse", "--only", "training").annotations
    assert "no file data/training/more.csv (channel training) to read" in annotation


def test_a_handler_finds_nothing_in_the_folder_that_one_calls_from(quick):
    """Neither would the endpoint."""
    quick.write("twice.m", "function y = twice(x)\ny = 2 * x;\nend\n")
    stale = (quick.root / HANDLER).read_text().replace("predict(model, inputData)", "{'stale'}")
    quick.write(Path(HANDLER).name, stale)
    assert "versicolor" in quick.succeed("rehearse", *ASK).stdout
    add_line(quick, HANDLER, "function prediction", "twice(1);")
    result = quick.run("rehearse", *ASK)
    assert result.code == 1
    assert "uses 'twice', which is not defined" in result.annotations[0]


def test_the_handlers_folder_may_have_a_file_that_is_not_utf8(quick):
    old = b"% r\xe9sum\xe9\nfunction y = helper(x)\ny = x;\nend\n"
    (quick.root / HANDLER).with_name("helper.m").write_bytes(old)
    quick.succeed("rehearse", *ASK)


def test_a_gate_that_the_model_does_not_pass_is_a_warning(quick):
    """The data may be a sample, so that `train` may judge differently."""
    text = (quick.root / "sagemaker.yml").read_text()
    for limit in (0.9, 0.99):
        gate = f'gate: {{resubstitution_accuracy: ">= {limit}"}}'
        quick.write("sagemaker.yml", f"{text}\n{gate}\n")
        result = quick.succeed("rehearse", "--only", "training")
        assert ("would not pass the gate" in result.stdout) == (limit == 0.99)
    assert "resubstitution_accuracy: 0.98; wanted: >= 0.99" in result.stdout


@pytest.mark.parametrize("engine", ["octave", "matlab"])
def test_an_output_that_is_never_assigned_is_red_with_either_engine(quick, engine):
    quick.edit("sagemaker.yml", "engine: octave", f"engine: {engine}")
    quick.edit(HANDLER, "prediction = table", "answer = table")
    result = quick.run("rehearse", *ASK, PATH=without_matlab())
    assert result.code == 1
    (annotation,) = result.annotations
    assert f"file={HANDLER},line=8::" in annotation
    assert "The output 'prediction' of predict is never assigned." in annotation


@pytest.mark.parametrize("call", ["sum(data.sepal_width, 'all')", "sortrows(data, 1, 'descend')"])
def test_an_error_of_octaves_is_not_judged_where_it_stands_in(quick, call):
    quick.edit("sagemaker.yml", "engine: octave", "engine: matlab")
    line = add_line(quick, FUNCTION, "readall", f"    x = {call};")
    result = quick.run("rehearse", "--only", "training", PATH=without_matlab())
    assert result.code == 15
    assert f"file={FUNCTION},line={line}::" in result.annotations[0]


def test_a_rehearsal_that_cannot_begin_is_not_judged_either(quick):
    quick.edit("sagemaker.yml", "training: data/training", "training: s3://bucket-1/iris/")
    assert quick.run("rehearse").code == 15
    passed = quick.succeed("rehearse", "--unjudged", "warning")
    assert passed.outputs == {"engine": "", "metrics": "{}", "prediction": "", "judged": "false"}
    assert "::warning title=Not judged,file=sagemaker.yml::" in passed.stdout


@pytest.fixture
def matlab(tmp_path):
    """A program that replaces MATLAB: Octave, which runs MATLAB's statement."""
    compat = ", ".join(f"'{folder}'" for folder in (KIT / "docker/octave/compat", tmp_path / "as"))
    program = tmp_path / "bin/matlab"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\ntest "$1" = -batch || exit 9\n'
        "exec octave-cli --norc --no-history --quiet --no-window-system --eval "
        f"\"warning('off', 'all'); addpath({compat}); $2\"\n"
    )
    program.chmod(0o755)
    (tmp_path / "as").mkdir()
    return program


def without_matlab():
    folders = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(f for f in folders if not (Path(f) / "matlab").exists())


def on_matlab(desk, matlab):
    desk.edit("sagemaker.yml", "engine: octave", "engine: matlab")
    return {"PATH": f"{matlab.parent}:{os.environ['PATH']}"}


def test_matlab_runs_it_where_it_is_the_engine_and_on_path(quick, matlab):
    (matlab.parent.parent / "as/version.m").write_text(
        "function v = version(varargin)\n    v = '2024a';\nend\n"
    )
    result = quick.succeed("rehearse", **on_matlab(quick, matlab))
    assert result.outputs["engine"] == "matlab"
    assert "::warning::This MATLAB is R2024a; the images have R2026a" in result.stdout


def test_a_matlab_that_does_not_start_judges_nothing(quick, matlab):
    matlab.write_text("#!/bin/sh\necho License checkout failed. >&2\nexit 1\n")
    result = quick.run("rehearse", **on_matlab(quick, matlab))
    assert result.code == 15
    assert "MATLAB did not start.%0ALicense checkout failed.%0A" in result.annotations[0]
    assert "take matlab off PATH to rehearse with GNU Octave" in result.annotations[0]


def test_code_that_ends_the_engine_is_told_so(quick):
    add_line(quick, FUNCTION, "rng(1)", "    exit(3);")
    result = quick.run("rehearse")
    assert result.code == 1
    assert "Remove the call to exit or quit" in result.annotations[0]


def test_a_model_that_is_there_already_is_asked_without_a_training(desk, tmp_path):
    blind = "assert(isempty(getenv('GITHUB_ENV')));  % it would change the steps after it"
    write_function(desk, blind, verb_runs.SAVE, f"save('{tmp_path}/m.mat', 'model', '-v7');")
    desk.run("rehearse", "--only", "training")
    desk.edit(HANDLER, "species = predict(model, inputData)", "species = model + inputData{:, 1}")
    desk.edit(HANDLER, "string(model.ResponseName)", "{'more'}")
    write_function(desk, "error('it:is', 'not run');")
    packed = tmp_path / "model.tar.gz"
    with tarfile.open(packed, "w:gz") as tar:
        tar.add(tmp_path / "m.mat", "model.mat")
    for model in (tmp_path / "m.mat", packed):
        result = desk.succeed("rehearse", *ASK, "--model", model)
        assert result.outputs["prediction"] == "more\n6.1\n8\n7.3\n"
        assert result.outputs["metrics"] == "{}"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--only", "handler"), "no model is given"),
        (
            ("--only", "training", "--model", "m.mat"),
            "'only' is training, but input 'model' names a model",
        ),
        (("--model", "none.mat"), "There is no none.mat."),
        (("--model", REQUEST), f"The model {REQUEST} cannot be read: it is no .mat file"),
        (("--shell",), "'shell' opens a shell in an image"),
        (("--request", "none.csv"), "The request file none.csv cannot be read"),
    ],
)
def test_what_makes_no_sense_is_refused(desk, arguments, said):
    result = desk.run("rehearse", *arguments)
    assert result.code == 2
    assert said in result.annotations[0]


def test_a_model_without_a_handler_leaves_nothing_to_rehearse(desk):
    text = (desk.root / "sagemaker.yml").read_text()
    desk.write("sagemaker.yml", re.sub(r"(?m)^inference:.*\n(  .*\n)*", "", text))
    result = desk.run("rehearse", "--model", "m.mat")
    assert result.code == 2
    assert "has no section 'inference'" in result.annotations[0]


def test_the_project_names_its_own_request_its_answer_and_what_is_optional(desk):
    rule(desk)
    old = 'cross_validated_accuracy: {pattern: "cross-validated accuracy: ([0-9.]+)"'
    desk.edit("sagemaker.yml", old, 'other: {pattern: "none: ([0-9.]+)", required: false')
    by_hand = desk.succeed("rehearse", **verb_runs.BY_HAND).stdout
    assert f"The answer is as {EXPECTED} expects." in by_hand
    assert by_hand.count("resubstitution_accuracy") == 1, "what is logged is not said again"
    desk.edit(EXPECTED, "versicolor", "virginica")
    result = desk.run("rehearse")
    assert result.code == 1
    assert f"file={EXPECTED},line=3::" in result.annotations[0]
    desk.edit("sagemaker.yml", "engine: octave", "engine: matlab")
    warning = f"::warning::{EXPECTED}:3: The answer is not the expected one"
    said = desk.succeed("rehearse", PATH=without_matlab()).stdout
    assert warning in said
    assert "::warning::sagemaker.yml:18: The metric other has no value" in said
    assert "The metric is optional; there is nothing to do unless you expect it." in said
    assert "  | other                    — (no line matches none: ([0-9.]+)" in said
