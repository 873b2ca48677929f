"""The demo's choice between containers and processes, and what it says about it."""

import json
import shutil

import pytest

from demo import account, containers, own, story, template
from helpers.kit.verb_runs import EXAMPLE
from matlab_sagemaker.errors import NotJudgedError
from matlab_sagemaker.project import content

ENGINE = '[ "$1" = info ] && exit 0; exit 1'


@pytest.mark.parametrize(
    ("docker", "missing"),
    [
        (None, "there is no docker command"),
        ("exit 1", "no Docker engine answers"),
        (ENGINE, "Docker has no buildx"),
        ("exit 0", ""),
    ],
)
def test_what_is_missing_of_docker_is_said_in_a_phrase(tmp_path, monkeypatch, docker, missing):
    if docker:
        (tmp_path / "docker").write_text(f"#!/bin/sh\n{docker}\n")
        (tmp_path / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert containers.missing() == missing


@pytest.mark.parametrize("role", account.ROLES.values())
def test_the_roles_of_the_demo_have_the_templates_policies(role):
    (document,) = template.policies(role).values()
    text = json.dumps(document)
    assert "!" not in text
    assert "${" not in text
    assert ("s3:PutObject" in text) == (role == "TrainingRole")


@pytest.mark.parametrize("step", ["build-training-image", "train"])
def test_a_step_that_a_given_model_does_not_need_says_so(step):
    said = story.result(step, {"image": "", "job-name": "", "metrics": {}, "changed": False})
    assert said in ("not needed, because the model already exists", "nothing to train")


@pytest.mark.parametrize(
    ("metrics", "said"), [({}, "found flowers-1"), ({"a": 0.5}, "found flowers-1: a 0.5")]
)
def test_a_job_is_shown_with_its_metrics_if_it_has_any(metrics, said):
    outputs = {"job-name": "flowers-1", "metrics": metrics, "changed": False}
    assert story.result("train", outputs) == said


@pytest.mark.parametrize(("builder", "is_said"), [("folder", True), ("docker", False)])
def test_the_variables_for_ones_own_scripts_need_no_docker_where_the_demo_has_none(
    builder, is_said
):
    line = story.exported("http://127.0.0.1:1", builder)
    assert line.startswith("export AWS_ENDPOINT_URL=http://127.0.0.1:1 ")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        assert f" {name}=" in line
    assert ("INPUT_BUILDER=folder" in line) == is_said


STEPS = ("build-training-image", "train", "compile-handler", "deploy", "predict")
REQUEST = "requests/three_flowers.csv"
ENGINE_OCTAVE = "engine: octave"


@pytest.fixture
def config(tmp_path):
    return shutil.copytree(EXAMPLE, tmp_path / "repository") / "sagemaker.yml"


def edit(config, old, new):
    text = config.read_text()
    assert old in text
    config.write_text(text.replace(old, new))


def test_the_example_is_shown_as_it_is_with_its_own_request(config):
    with own.shown(config, None) as shown:
        assert (shown.config, shown.steps, shown.notes) == (config, STEPS, ())
        assert shown.request == config.parent / REQUEST


def test_octave_stands_in_for_matlab_and_nothing_of_it_is_left(config):
    edit(config, ENGINE_OCTAVE, "engine: matlab\n  products: [Curve Fitting Toolbox]")
    before = sorted(config.parent.iterdir())
    with own.shown(config, None) as shown:
        assert shown.config.parent == config.parent
        assert content.load(shown.config).settings.matlab.engine == "octave"
        assert shown.notes == (own.STANDS_IN,)
        assert shown.steps == STEPS
    assert sorted(config.parent.iterdir()) == before


IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/pump:1"


@pytest.mark.parametrize("more", ["aws", "image"])
def test_what_only_the_projects_own_account_has_is_left_out(config, more):
    if more == "aws":
        config.write_text(config.read_text() + "aws:\n  serving_role: ours\n  region: eu-north-1\n")
    else:
        edit(config, "  function: ", f"  image: {IMAGE}\n  function: ")
    with own.shown(config, None) as shown:
        document = content.load(shown.config).document.value
        assert "aws" not in document
        assert "image" not in document["training"]
        assert shown.notes == ()


def test_a_project_without_inference_is_only_trained_and_one_without_request_not_asked(config):
    edit(config, f"  request: {REQUEST}\n  expected: requests/expected.csv\n", "")
    with own.shown(config, None) as shown:
        assert (shown.steps, shown.request) == (STEPS[:4], None)
        assert "set inference.request" in shown.notes[0]
    with own.shown(config, config.parent / REQUEST) as shown:
        assert shown.steps == STEPS
    before, rest = config.read_text().split("inference:", 1)
    config.write_text(before + "endpoint:" + rest.split("endpoint:", 1)[1])
    with own.shown(config, None) as shown:
        assert shown.steps == STEPS[:2]
        assert "nothing is deployed" in shown.notes[0]


def test_data_in_s3_cannot_be_shown(config):
    edit(config, "training: data/training", "training: s3://bucket-1/iris/")
    with pytest.raises(NotJudgedError, match=r"training\.channels\.training is in S3"):
        own.shown(config, None).__enter__()
