"""A run without secrets: the emulator that it starts, and the project that it makes for it."""

import json

import pytest

from conftest import KIT
from harness import CREDENTIALS

STEPS = ("build-training-image", "train", "compile-handler", "deploy")
NO_AWS = {**dict.fromkeys(CREDENTIALS, ""), "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}


@pytest.fixture
def foreign(project, tmp_path):
    """The example as a fork has it: for MATLAB, with an account that the run cannot use."""
    project.edit(
        "sagemaker.yml", "engine: octave", "engine: matlab\n  products: [Curve Fitting Toolbox]"
    )
    with (project.root / "sagemaker.yml").open("a") as file:
        file.write("\naws:\n  role: arn:aws:iam::210987654321:role/theirs\n  region: eu-north-1\n")
    runner = tmp_path / "runner"
    runner.mkdir()
    (runner / ".venv").symlink_to(KIT / ".venv")
    project.runner = {**NO_AWS, "RUNNER_TEMP": str(runner)}
    yield project
    stopped = project.start("demo", "--stop", **project.runner)
    stopped.communicate()


def test_every_step_after_it_runs_on_the_emulator_with_octave(foreign):
    emulated = foreign.succeed("emulate", **foreign.runner)
    assert emulated.outputs["trains"] == emulated.outputs["serves"] == "true"
    assert emulated.variables["AWS_ENDPOINT_URL"] == emulated.outputs["url"]
    assert "gives such a run no secrets" in emulated.summary
    for verb in STEPS:
        result = foreign.succeed(
            verb, "--config", emulated.outputs["config"], **{**foreign.runner, **emulated.variables}
        )
    assert result.outputs["endpoint-name"] == foreign.name
    assert "210987654321" not in json.dumps(result.outputs)


def test_an_error_of_the_code_is_shown_on_its_line(foreign):
    function = "code/trainClassificationTree.m"
    foreign.write(
        function, "function trainClassificationTree(env, varargin)\nerror('a:b', 'c');\nend\n"
    )
    emulated = foreign.succeed("emulate", **foreign.runner)
    variables = {**foreign.runner, **emulated.variables}
    config = emulated.outputs["config"]
    foreign.succeed("build-training-image", "--config", config, **variables)
    result = foreign.run("train", "--config", config, **variables)
    assert result.code == 1
    assert f"file={function},line=2::" in result.annotations[0]


def test_data_that_lies_in_s3_is_told_and_nothing_is_trained(foreign):
    foreign.edit("sagemaker.yml", "training: data/training", "training: s3://theirs/iris/")
    emulated = foreign.succeed("emulate", **foreign.runner)
    assert emulated.outputs["trains"] == emulated.outputs["serves"] == "false"
    assert "the data of `training` lies in S3" in emulated.summary


def test_a_project_without_a_handler_is_trained_and_not_deployed(foreign):
    text = (foreign.root / "sagemaker.yml").read_text()
    before, rest = text.split("inference:", 1)
    foreign.write("sagemaker.yml", before + "endpoint:" + rest.split("endpoint:", 1)[1])
    emulated = foreign.succeed("emulate", **foreign.runner)
    assert emulated.outputs["trains"] == "true"
    assert emulated.outputs["serves"] == "false"


def test_a_wrong_project_is_told_before_anything_is_started(foreign):
    foreign.edit("sagemaker.yml", "instance_count: 1", "instance_count: none")
    result = foreign.run("emulate", **foreign.runner)
    assert result.code == 2
    assert "file=sagemaker.yml,line=" in result.annotations[0]
    assert result.variables == {}
