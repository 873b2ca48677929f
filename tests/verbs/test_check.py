"""check finds mistakes in a project without running it, each with its line."""

import json

import pytest

from helpers.kit import verb_runs
from helpers.kit.mat_files import mat_file
from helpers.kit.verb_runs import FUNCTION, HANDLER

REQUEST = "requests/three_flowers.csv"
ASK = ("--request", REQUEST)
PARENT = " < sagemaker_inference.DefaultInferenceHandler"


@pytest.fixture
def desk(tmp_path):
    """The example on a machine without access to AWS."""
    return verb_runs.example(tmp_path / "repository", "http://127.0.0.1:9")


def states(result):
    return {each["what"]: each["state"] for each in json.loads(result.outputs["checks"])}


def test_nothing_is_wrong_with_the_example(desk):
    found = states(desk.succeed("check"))
    names = ["sagemaker.yml", "training function", "handler", "columns", "request", "syntax"]
    assert found == dict.fromkeys(names, "fine")
    desk.edit("sagemaker.yml", f"  request: {REQUEST}\n  expected: requests/expected.csv\n", "")
    result = desk.succeed("check")
    assert states(result)["columns"] == "skipped"
    assert "there is no request to compare" in result.outputs["checks"]


def test_the_files_to_parse_are_the_users(desk):
    assert "GNU Octave parses your 2 files" in desk.succeed("check").stdout
    desk.edit("sagemaker.yml", "  handler: Class", "  # Class")
    desk.edit("sagemaker.yml", "  code: inference\n", "")
    assert "GNU Octave parses your 1 file\n" in desk.succeed("check").stdout


def test_every_flaw_is_told_and_the_first_is_where_the_error_is(desk):
    desk.edit(FUNCTION, "(env, varargin)", "()")
    desk.edit(HANDLER, "species = predict", "species = = predict")
    result = desk.run("check", *ASK)
    assert result.code == 2
    (annotation,) = result.annotations
    assert f"file={FUNCTION},line=1::{FUNCTION}:1: " in annotation
    assert f"%0A{HANDLER}:10: GNU Octave cannot parse: species = = predict" in annotation


def test_a_handler_may_be_derived_from_the_kits_by_another_of_the_project(desk):
    desk.write("inference/Base.m", f"classdef Base{PARENT}\nend\n")
    desk.edit(HANDLER, PARENT, " < Base & handle")
    assert states(desk.succeed("check"))["handler"] == "fine"


def test_octave_in_place_of_matlab_only_warns_of_syntax(desk):
    desk.edit("sagemaker.yml", "engine: octave", "engine: matlab")
    desk.edit(
        FUNCTION, "(env, varargin)\n", "(env, varargin)\n    arguments\n        env\n    end\n"
    )
    desk.edit(FUNCTION, "rng(1);", "rng(1;")
    result = desk.succeed("check")
    assert states(result)["syntax"] == "warning"
    assert "such as an arguments block, ignore this; otherwise correct it" in result.stdout
    assert "Correct the syntax" not in result.stdout


def test_a_class_of_another_name_than_its_file_is_told_so(desk):
    desk.edit(HANDLER, "classdef Class", "classdef Klass")
    result = desk.run("check")
    assert result.code == 2
    assert "the class name must match the filename: classdef Klass" in result.annotations[0]
    assert "Give the class and its file the same name" in result.annotations[0]


@pytest.fixture
def given(desk):
    """The same with an existing model, a folder with an empty model.mat."""
    (desk.root / "model").mkdir()
    desk.write("model/model.mat", "")
    head, rest = (desk.root / "sagemaker.yml").read_text().split("training:\n")
    rest = rest.partition("inference:")[2].partition("endpoint:")[2]
    desk.write("sagemaker.yml", f"{head}model: model\n\ninference: {{}}\nendpoint:{rest}")
    return desk


def test_a_model_without_content_is_told_by_its_line(given):
    result = given.run("check")
    assert result.code == 2
    (annotation,) = result.annotations
    line = (given.root / "sagemaker.yml").read_text().splitlines().index("model: model") + 1
    assert f"file=sagemaker.yml,line={line}::sagemaker.yml:{line}: The model model has an" in (
        annotation
    )
    assert "save('model.mat', 'model', '-v7')" in annotation
    (given.root / "model/model.mat").write_bytes(mat_file("model"))
    assert states(given.succeed("check"))["model"] == "fine"
    told = given.succeed("check", "--request", REQUEST).outputs["checks"]
    assert "there is no training data to compare the request with" in told


def test_without_an_engine_the_rest_is_looked_at(desk, tmp_path):
    for program in ("git", "sh"):
        (tmp_path / program).symlink_to(f"/usr/bin/{program}")
    assert states(desk.succeed("check", PATH=str(tmp_path)))["syntax"] == "skipped"


def test_a_request_that_is_not_there_is_refused(desk):
    result = desk.run("check", "--request", "none.csv")
    assert result.code == 2
    assert "There is no request file none.csv" in result.annotations[0]
