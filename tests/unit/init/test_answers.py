"""The answers that init accepts, and how it refuses others."""

import re

import pytest

from helpers.kit.init_answers import FULL
from helpers.kit.paths import KIT
from matlab_sagemaker.errors import InputError
from matlab_sagemaker.init import answer_fields, answers, prompt

BAD = {
    "name": ["Pump", "a b", "", "x" * 41],
    "engine": ["python", "Octave", ""],
    "config": [
        "",
        "x.txt",
        "/etc/x.yml",
        "../x.yml",
        ".github/workflows/train.yml",
        "./.GitHub/x.yml",
        "a/../.github/x.yml",
        "a\\b.yml",
    ],
    "function": ["", "trainModel", "/a/b.m", "../b.m", "code/.m/"],
    "handler": ["Handler", "x/../../y.m"],
    "data": [[""], ["https://x/y"], ["/abs"], ["code=data"], ["a=x", "a=y"], ["a b=data"]],
    "metric": [["accuracy"], ["a=no group"], ["a=("], ["=(.)"]],
    "better": [["a"], ["a=more"], ["=higher"]],
    "unit": [["a"], ["a="], ["a=" + "x" * 21]],
    "optional": [["x" * 256]],
    "hyperparameter": [["Depth"], ["1a=5"], ["a={b: 1}"], ["a=.nan"], ["a="]],
    "products": [["No Such Toolbox"]],
    "max_runtime": ["29d", "", "soon"],
    "branch": [
        "",
        "-x",
        "a b",
        "a..b",
        "feature+1",
        "!x",
        "a*",
        "x.lock",
        "a/",
        "/a",
        "a@{b",
        "[x]",
        "x" * 201,
    ],
    "environment": ["", "a b", "a/b", "a:b", "ä", "x" * 201],
    "request": ["/etc/passwd", "../x.csv", "a/"],
    "runner": ["[", "[]", "[1]", '["a", ""]', '{"a"}]'[3:] + "\n"],
    "kit": ["", "owner", "a/b/c", "a/..", "a b/c", "-a/b", "https://github.com/a/b"],
    "ref": ["", "abc1234", "a b", "a..b", "v1#x", "x/"],
    "release": ["2026a"],
    "model": ["../x.mat", "https://x/m.tar.gz"],
    "image": ["1.dkr.ecr.eu-west-1.amazonaws.com/pump:1", "pump"],
    "shared": [["../lib"], ["s3://b/lib"]],
    "tolerance": ["1", "-1", "", "much"],
    "region": ["europe"],
}
CASES = [(name, value) for name, values in BAD.items() for value in values]


@pytest.mark.parametrize(("name", "value"), CASES, ids=str)
def test_a_bad_answer_is_named_by_its_option(name, value):
    with pytest.raises(InputError) as caught:
        answers.checked({name: value})
    assert f"--{name.replace('_', '-')}" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "parameter"), [("branch", "DefaultBranch"), ("environment", "EnvironmentName")]
)
def test_what_decides_whom_the_roles_trust_is_what_their_template_takes(name, parameter):
    template = (KIT / "scripts/setup/aws.yml").read_text()
    (pattern,) = re.findall(rf'(?ms)^  {parameter}:.*?AllowedPattern: "(.*?)"$', template)
    texts = ["x" * 200, *(f"a{chr(code)}b" for code in range(0x20, 0x200))]
    taken = [text for text in texts if re.fullmatch(pattern, text)]
    assert [text for text in texts if not answers.wrong({name: text})] == taken


@pytest.mark.parametrize("name", ["environment", "branch", "request", "runner", "name", "kit"])
@pytest.mark.parametrize(
    "text", ["${{ secrets.X }}", "a${{b", "a\nb", "a\x1b[2Jb", " a", "a\udcffb"]
)
def test_no_answer_holds_an_expression_or_another_line(name, text):
    assert name in answers.wrong({name: text})


@pytest.mark.parametrize(
    ("file", "place"),
    [
        ("code/trainModel.m", ("code", "trainModel")),
        ("trainModel.m", (".", "trainModel")),
        ("a/b c/+pkg/+sub/train.m", ("a/b c", "pkg.sub.train")),
        ("+pkg/train.m", (".", "pkg.train")),
    ],
)
def test_a_file_names_its_code_folder_and_its_function(file, place):
    assert answers.place(file) == place


def test_several_channels_and_typed_hyperparameters_are_understood():
    assert answers.wrong({"data": ["a", "validation=s3://bucket-1/x=y/"]}) == {}
    assert answer_fields.pairs(["a", "validation=s3://b/x=y/"], "training") == {
        "training": "a",
        "validation": "s3://b/x=y/",
    }
    assert answer_fields.typed(["A=1", "B=no", "C=[1, 2]", "D='1'"]) == {
        "A": 1, "B": "no", "C": [1, 2], "D": "1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("function", "code/f.m"),
        ("data", ["data"]),
        ("metric", ["a=(.)"]),
        ("unit", ["a=m"]),
        ("optional", ["a"]),
        ("hyperparameter", ["A=1"]),
        ("image", f"a.dkr.ecr.eu-west-1.amazonaws.com/pump@sha256:{'0' * 64}"),
    ],
)
def test_what_is_for_a_training_only_is_refused_beside_a_model(name, value):
    assert "not trained" in answers.wrong({"model": "pump.mat", name: value})[name]
    assert answers.wrong({"model": "", name: value}) == {}


def test_a_tags_digest_is_told_by_a_command():
    said = answers.wrong({"image": "1.dkr.ecr.eu-west-1.amazonaws.com/pump:1"})["image"]
    assert "aws ecr describe-images" in said


@pytest.mark.parametrize(("option", "value"), [("better", ["los=lower"]), ("unit", ["los=mm"]),
                                               ("optional", ["los"])])  # fmt: skip
def test_an_option_names_only_metrics_that_are_there(option, value):
    given = {**FULL, "metric": ["loss=loss: (.*)"], "better": [], "unit": [], "optional": []}
    with pytest.raises(InputError, match=rf"--{option}: found los, .* Metrics: loss; add"):
        answers.checked({**given, option: value})
    with pytest.raises(InputError, match=rf"--{option}: found los, .* Metrics: none; add"):
        answers.checked({**given, "metric": [], option: value})


MEANS_NOTHING = {
    "request": "Request file to test the endpoint with (empty for none)",
    "region": "AWS Region (empty: the repository's variable AWS_REGION)",
    "name": "Project name; all other names start with it",
}


@pytest.mark.parametrize(("name", "question"), MEANS_NOTHING.items())
def test_a_question_says_what_an_empty_answer_means(name, question):
    assert answers.described(name, empty=" for none") == question


@pytest.mark.parametrize("typed", ["-", "empty"])
def test_the_handlers_question_says_that_none_is_to_train_only(typed):
    assert answers.described("handler", typed, " for none").endswith(f" ({typed} to train only)")


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("function", "code\\trainModel.m", "code/trainModel.m"),
        ("data", ["raw=data\\raw", "data"], ["raw=data/raw", "data"]),
        ("metric", [r"a=a: (\d)"], [r"a=a: (\d)"]),
        ("setup_matlab", True, True),
    ],
)
def test_paths_of_windows_get_slashes(name, value, wanted):
    assert prompt.with_slashes(name, value, "\\") == wanted
