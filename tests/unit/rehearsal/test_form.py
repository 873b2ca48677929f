"""The form of a project's code and the names of its columns: each mistake with its line."""

import shutil

import pytest

from helpers.kit.verb_runs import EXAMPLE, FUNCTION, HANDLER
from matlab_sagemaker.project import content
from matlab_sagemaker.rehearsal import columns, form, parts

REQUEST = "requests/three_flowers.csv"
FIRST = "function trainClassificationTree(env, varargin)"
PARENT = " < sagemaker_inference.DefaultInferenceHandler"
CLASS = f"classdef ClassificationTreeInferenceHandler{PARENT}"


@pytest.fixture
def root(tmp_path):
    return shutil.copytree(EXAMPLE, tmp_path / "repository")


def edit(root, file, old, new):
    text = (root / file).read_text()
    assert old in text
    (root / file).write_text(text.replace(old, new))


def flaws(root):
    project = content.load(root / "sagemaker.yml")
    request = root / REQUEST
    looks = [
        form.of_function(parts.training_of(project), project.training.hyperparameters),
        form.of_handler(parts.handler_of(project)),
        columns.check(project, request),
    ]
    return [flaw for look in looks for flaw in look.flaws]


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "said"),
    [
        (FUNCTION, FIRST, "x = 1;", 1, "is not a function, so it cannot take env"),
        (FUNCTION, FIRST, "% It trains.\nfunction trainClassificationTree()", 2, "takes no arg"),
        (FUNCTION, FIRST, "function trainClassificationTree", 1, "takes no arguments"),
        (HANDLER, CLASS, "x = 1;", 1, "is not a class"),
        (HANDLER, PARENT, "", 1, "is not derived from"),
        (HANDLER, PARENT, " < handle & Missing", 1, "is not derived from"),
        (HANDLER, PARENT, f" % {PARENT}", 1, "is not derived from"),
    ],
)
def test_a_flaw_is_told_with_its_line(root, file, old, new, line, said):
    edit(root, file, old, new)
    (flaw,) = flaws(root)
    assert flaw.sentence.startswith(f"{root / file}:{line}: ")
    assert said in flaw.text
    assert not flaw.warns


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (FUNCTION, FIRST, "function t = trainClassificationTree(~, varargin) % it trains"),
        (FUNCTION, FIRST, "function trainClassificationTree(env, name, value)"),
        (FUNCTION, FIRST, "function trainClassificationTree(env, ... all of it\n    varargin);"),
        (FUNCTION, FIRST, f"%{{\nfunction other()\n%}}\n{FIRST}"),
        (HANDLER, PARENT, f" ...\n   {PARENT}"),
        (HANDLER, PARENT, " < sagemaker_inference.TableModelHandler"),
        (HANDLER, PARENT, " < handle & sagemaker_inference.DefaultInferenceHandler % ours"),
        (HANDLER, PARENT, " < Base"),
        (REQUEST, "sepal_length,sepal_width,petal_length,petal_width\n", ""),
    ],
)
def test_what_works_is_no_flaw(root, file, old, new):
    (root / "inference/Base.m").write_text(f"classdef Base{PARENT}\nend\n")
    edit(root, file, old, new)
    assert flaws(root) == []


@pytest.mark.parametrize(
    ("more", "warns"), [("", False), ("\n    arguments\n        env\n    end", True)]
)
def test_fewer_arguments_than_pairs_fail_unless_a_block_may_take_them(root, more, warns):
    edit(root, FUNCTION, FIRST, f"function trainClassificationTree(env){more}")
    (flaw,) = flaws(root)
    assert "takes 1 argument(s)" in flaw.text
    assert flaw.warns == warns


def test_classes_that_derive_from_each_other_end(root):
    (root / "inference/Base.m").write_text(
        "classdef Base < ClassificationTreeInferenceHandler\nend\n"
    )
    edit(root, HANDLER, PARENT, " < Base")
    assert [flaw.text.partition(" is ")[2][:11] for flaw in flaws(root)] == ["not derived"]


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("petal_len", "the data has no column 'petal_len'; did you mean 'petal_length'?"),
        ("colour", "the data has no column 'colour'"),
        ("petal_length,petal_width0", "the data has no column 'petal_width0'"),
    ],
)
def test_a_column_that_the_data_lacks_is_only_a_warning_since_a_model_may_ignore_it(
    root, new, said
):
    edit(root, REQUEST, "petal_length", new)
    (flaw,) = flaws(root)
    assert flaw.text == said
    assert flaw.sentence.startswith(f"{root / REQUEST}:1: ")
    assert flaw.warns


@pytest.mark.parametrize(
    ("data", "request_"),
    [
        ("flow_stats/Data_Mean,2nd", "flow_stats_Data_Mean,x2nd"),
        ("flow_stats_Data_Mean,dataMean", "flow_stats/Data_Mean,data mean"),
    ],
)
def test_names_agree_if_readtable_makes_the_same_of_them(root, data, request_):
    for file in (root / "data/training").iterdir():
        file.write_text(f"{data},y\n1,2,a\n")
    (root / REQUEST).write_text(f"{request_}\n1,2\n")
    assert flaws(root) == []


def test_json_that_is_nested_too_deeply_has_no_columns(root):
    request = root / "request.json"
    request.write_text("[" * 100_000)
    assert columns.check(content.load(root / "sagemaker.yml"), request).skipped


@pytest.mark.parametrize(
    "text",
    [
        '[{"a": 1, "b": 2}, {"b": 3, "c": 4}]',
        '{"instances": [{"a": 1, "b": 2, "c": 3}]}',
        '{"a": 1, "b": 2, "c": 3}',
        '\ufeffa,"b",c\n1,2,3\n',
    ],
)
def test_the_names_of_columns_are_read_as_they_are_written(root, text):
    for data in (root / "data/training").iterdir():
        data.write_text("a,b,d\n")
    request = root / ("request.csv" if text[0] not in "[{" else "request.json")
    request.write_text(text, encoding="utf-8")
    look = columns.check(content.load(root / "sagemaker.yml"), request)
    assert [flaw.text for flaw in look.flaws] == ["the data has no column 'c'"]


DECODES = "function t = decode_input(obj, body, contentType)\nend\n"


@pytest.mark.parametrize(
    ("text", "sign"), [('\ufeffa;"b";c\n1;2;3\n', "semicolons"), ("a\tb\tc\n", "tabs")]
)
def test_a_request_is_read_as_the_endpoint_reads_it_and_data_as_readtable_does(root, text, sign):
    for data in (root / "data/training").iterdir():
        data.write_text("a;b;d\n", encoding="utf-8")
    (root / REQUEST).write_text(text, encoding="utf-8")
    (flaw,) = flaws(root)
    assert flaw.text == f"the columns are separated by {sign}, but the endpoint reads only commas"
    assert not flaw.warns
    edit(root, HANDLER, "    methods\n", f"    methods\n        {DECODES}")
    (flaw,) = flaws(root)
    assert flaw.text == "the data has no column 'c'"
