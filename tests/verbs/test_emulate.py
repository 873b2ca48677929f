"""A run without secrets: the emulator that it starts, and the project that it makes for this."""

import json
import os
import subprocess

import pytest

from helpers.kit.paths import KIT
from helpers.kit.verb_runs import CREDENTIALS

pytestmark = pytest.mark.slow

STEPS = ("build-training-image", "train", "compile-handler", "deploy")
NO_AWS = {**dict.fromkeys(CREDENTIALS, ""), "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}


@pytest.fixture(scope="module")
def runner(tmp_path_factory):
    """A runner's variables; the other tests use the first test's emulator."""
    folder = tmp_path_factory.mktemp("runner")
    (folder / ".venv").symlink_to(KIT / ".venv")
    yield {**NO_AWS, "RUNNER_TEMP": str(folder)}
    stop = [KIT / "scripts/run", "demo", "--stop"]
    subprocess.run(stop, env={**os.environ, "RUNNER_TEMP": str(folder)}, check=True)


@pytest.fixture
def foreign(project, runner):
    """The example in a fork: for MATLAB, with an account that the run cannot use."""
    project.edit(
        "sagemaker.yml", "engine: octave", "engine: matlab\n  products: [Curve Fitting Toolbox]"
    )
    with (project.root / "sagemaker.yml").open("a") as file:
        file.write(
            "\naws:\n  serving_role: arn:aws:iam::210987654321:role/theirs\n  region: eu-north-1\n"
        )
    project.environment = runner
    return project


def test_every_step_after_it_runs_on_the_emulator_with_octave(foreign):
    emulated = foreign.finish(foreign.start_really("emulate"))
    assert emulated.outputs["trains"] == emulated.outputs["serves"] == "true"
    assert emulated.variables["AWS_ENDPOINT_URL"] == emulated.outputs["url"]
    assert "gives such a run no secrets" in emulated.summary
    words, release = ("--config", emulated.outputs["config"]), {"INPUT_REPOSITORY": "release"}
    for verb in STEPS:
        result = foreign.succeed(verb, *words, **release, **emulated.variables)
    assert result.outputs["endpoint-name"] == foreign.name
    assert emulated.outputs["request"] == "requests/three_flowers.csv"
    answered = foreign.succeed("predict", *words, **emulated.variables)
    assert "expects" not in answered.stdout, "it may be MATLAB's answer"
    assert "210987654321" not in json.dumps(result.outputs)


def test_an_error_of_the_code_is_shown_on_its_line(foreign):
    function = "code/trainClassificationTree.m"
    foreign.write(
        function, "function trainClassificationTree(env, varargin)\nerror('a:b', 'c');\nend\n"
    )
    emulated = foreign.succeed("emulate")
    config, variables = emulated.outputs["config"], emulated.variables
    foreign.succeed("build-training-image", "--config", config, **variables)
    result = foreign.run("train", "--config", config, **variables)
    assert result.code == 1
    assert f"file={function},line=2::" in result.annotations[0]


def test_data_that_lies_in_s3_is_told_and_nothing_is_trained(foreign):
    foreign.edit("sagemaker.yml", "training: data/training", "training: s3://theirs/iris/")
    emulated = foreign.succeed("emulate")
    assert emulated.outputs["trains"] == emulated.outputs["serves"] == "false"
    assert "`training.channels.training` is in S3" in emulated.summary


def test_a_project_without_a_handler_is_trained_and_not_deployed(foreign):
    text = (foreign.root / "sagemaker.yml").read_text()
    before, rest = text.split("inference:", 1)
    foreign.write("sagemaker.yml", before + "endpoint:" + rest.split("endpoint:", 1)[1])
    emulated = foreign.succeed("emulate")
    assert emulated.outputs["trains"] == "true"
    assert emulated.outputs["serves"] == "false"


def test_a_wrong_project_is_told_before_anything_is_started(foreign):
    foreign.edit("sagemaker.yml", "instance_count: 1", "instance_count: none")
    result = foreign.run("emulate")
    assert result.code == 2
    assert "file=sagemaker.yml,line=" in result.annotations[0]
    assert result.variables == {}
