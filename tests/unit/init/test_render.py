"""What init writes: the example's own text, with exactly the user's answers."""

import re

import pytest

from helpers.kit.init_answers import EXAMPLE, FULL, ON_SERVER, WORKFLOWS, made, parsed
from helpers.kit.paths import KIT
from matlab_sagemaker.init import answers, render
from matlab_sagemaker.init.render import KitFacts
from matlab_sagemaker.project import yaml12

TEMPLATE = KIT / "scripts/setup/aws.yml"
SERVING = {"AWS_BUILD_ROLE": True, "AWS_DEPLOY_ROLE": True}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_the_examples_answers_make_the_examples_workflows(name):
    texts = made({**EXAMPLE, "engine": "matlab"})
    assert texts[name] == (render.EXAMPLE / name).read_text()


@pytest.mark.parametrize("name", WORKFLOWS)
def test_no_workflow_names_a_branch_that_is_not_the_users(name):
    assert not re.search(r"\bmain\b", made({**EXAMPLE, "branch": "master"})[name])


def test_the_examples_answers_make_the_examples_project():
    head, _, rest = made(EXAMPLE)["sagemaker.yml"].partition("name: ")
    example = (render.EXAMPLE / "sagemaker.yml").read_text().partition("name: ")[2]
    without = re.sub(r"(?m)^(gate|champion):.*\n(  .*\n)*", "", example)  # only the user knows it
    assert rest == without.replace("\n\n\n", "\n\n")
    schema = re.search(r"(?m)^# yaml-language-server: \$schema=https://\S+/(scripts/\S+)$", head)
    assert (KIT / schema[1]).is_file()
    assert "$schema" not in made(EXAMPLE, ON_SERVER)["sagemaker.yml"], "a server wants a token"


@pytest.mark.parametrize(
    ("engine", "token"), [("matlab", {WORKFLOWS[0], WORKFLOWS[1]}), ("octave", set())]
)
def test_the_batch_token_is_handed_over_where_matlab_needs_it_and_the_kits_always(engine, token):
    texts = made({**EXAMPLE, "engine": engine})
    secrets = {
        name: job["secrets"] for name in WORKFLOWS for job in parsed(texts[name])["jobs"].values()
    }
    assert {name for name, given in secrets.items() if "batch-token" in given} == token
    assert {given["kit-token"] for given in secrets.values()} == {"${{ secrets.KIT_TOKEN }}"}


def test_a_project_without_a_handler_is_trained_only():
    texts = made({**EXAMPLE, "handler": ""})
    assert list(texts) == ["sagemaker.yml", WORKFLOWS[0]]
    assert set(yaml12.parse(texts["sagemaker.yml"], "f").value) == {"name", "matlab", "training"}


@pytest.mark.parametrize("verb", ["train", "deploy", "operate"])
@pytest.mark.parametrize(
    ("values", "around"), [(EXAMPLE, KitFacts()), (FULL, ON_SERVER)], ids=["few", "all"]
)
def test_every_input_that_is_written_is_one_of_the_called_workflow(verb, values, around):
    (job,) = parsed(made(values, around)[f".github/workflows/{verb}.yml"])["jobs"].values()
    called = parsed((KIT / f".github/workflows/{verb}.yml").read_text())
    known = called[True]["workflow_call"]["inputs"]  # in YAML 1.1, `on` is true
    assert set(job["with"]) <= set(known)
    assert {name for name, about in known.items() if about.get("required")} <= set(job["with"])
    assert set(job.get("secrets", {})) <= set(called[True]["workflow_call"].get("secrets", {}))


def test_a_commit_is_written_with_its_version_behind_it():
    text = made(FULL, ON_SERVER)[WORKFLOWS[0]]
    assert f"/train.yml@{'5' * 40} # v1.2.3\n" in text


def test_a_server_is_told_where_the_kit_is_from():
    for name in WORKFLOWS:
        (job,) = parsed(made(FULL, ON_SERVER)[name])["jobs"].values()
        assert job["with"]["kit-repository"] == FULL["kit"]
        assert job["with"]["kit-ref"] == FULL["ref"]
        (job,) = parsed(made(FULL)[name])["jobs"].values()
        assert "kit-ref" not in job["with"]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (EXAMPLE, {**SERVING, "MATLAB_BATCH_TOKEN": False, "production": True}),
        (FULL, {**SERVING, "MATLAB_BATCH_TOKEN": True, "a-room": True, " in eu-west-1.": True}),
        ({**EXAMPLE, "handler": ""}, {**dict.fromkeys(SERVING, False), "production": False}),
    ],
)
def test_what_is_left_to_do_is_what_these_answers_need(values, told):
    text = render.next_steps(answers.checked(values))
    assert {word: word in text for word in told} == told
    always = ("AWS_REGION", "AWS_TRAIN_ROLE", "KIT_TOKEN", "scripts/run doctor")
    assert all(word in text for word in always)


def test_the_command_in_the_docs_has_the_line_that_is_printed_for_the_example():
    """It is the command's last option, so nothing needs to follow it."""
    page = (KIT / "docs/getting-started.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"(?m)^ +(NamePrefix=.*)\n +```$", page)
    assert f"     {line}" in render.next_steps(answers.checked(EXAMPLE)).splitlines()


@pytest.mark.parametrize(
    ("values", "environment"),
    [
        ({}, " EnvironmentName=production"),
        ({"environment": "room-1"}, " EnvironmentName=room-1"),
        ({"handler": ""}, ""),
    ],
)
def test_what_is_left_names_the_templates_parameters_that_were_answered(values, environment):
    given = {**EXAMPLE, "branch": "release/1", **values}
    parameters = f"     NamePrefix=flowers DefaultBranch=release/1{environment}"
    assert parameters in render.next_steps(answers.checked(given)).splitlines()
    known = parsed(re.sub(r"!\w+", "", TEMPLATE.read_text()))["Parameters"]
    assert {word.partition("=")[0] for word in parameters.split()} <= set(known)


def test_matlab_that_is_set_up_runs_on_githubs_machine():
    given = {**EXAMPLE, "engine": "matlab", "setup_matlab": True}
    (job,) = parsed(made(given)[WORKFLOWS[1]])["jobs"].values()
    assert job["with"]["matlab-runner"] == "ubuntu-24.04"
    own = parsed(made({**given, "matlab_runner": "mine"})[WORKFLOWS[1]])
    assert own["jobs"]["deploy"]["with"]["matlab-runner"] == "mine"


def test_what_is_left_names_both_secrets_the_runner_and_the_kits_own_program():
    text = render.next_steps(answers.checked({**EXAMPLE, "engine": "matlab"}))
    assert "gh secret set MATLAB_BATCH_TOKEN" in text
    assert "put-secret-value --secret-id matlab-sagemaker-batch-token" in text
    assert "matlab-runner: ubuntu-24.04 and setup-matlab: true" in text
    assert str(KIT / "scripts/run") in text


GIVEN = {
    key: value
    for key, value in EXAMPLE.items()
    if key not in (*answers.TRAINING, "handler", "request", "expected")
}


def project(values):
    return yaml12.parse(made(values)["sagemaker.yml"], "f").value


@pytest.mark.parametrize("handler", ["", "sagemaker_inference.DefaultInferenceHandler"])
def test_a_model_that_exists_is_served_by_the_default_handler(handler):
    values = {**GIVEN, "model": "models/pump.mat", "handler": handler}
    written = project(values)
    assert (written["model"], written["inference"]) == ("models/pump.mat", {})
    assert "training" not in written
    assert set(made(values)) == {"sagemaker.yml", *WORKFLOWS}
    told = render.next_steps(answers.checked(values))
    assert "its merge deploys the model" in told
    assert "AWS_DEPLOY_ROLE" in told


def test_the_handler_of_table_models_is_named_without_code():
    table = "sagemaker_inference.TableModelHandler"
    samples = {"request": "requests/a.csv", "tolerance": "1e-3"}
    written = project({**EXAMPLE, "handler": table, "expected": "", **samples})
    assert written["inference"] == {
        "handler": table,
        "request": "requests/a.csv",
        "tolerance": 1e-3,
    }


def test_shared_code_is_beside_each_ones_own_unless_it_lies_in_it():
    written = project({**EXAMPLE, "shared": ["lib, inference/deep"]})
    assert written["training"]["code"] == ["code", "lib", "inference/deep"]
    assert written["inference"]["code"] == ["inference", "lib"]


def test_an_image_of_ones_own_is_written_by_its_digest():
    image = f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/pump@sha256:{'0' * 64}"
    assert project({**EXAMPLE, "image": image})["training"]["image"] == image


def test_what_is_left_begins_with_a_try_on_this_machine():
    (first, *_) = render.next_steps(answers.checked(EXAMPLE)).splitlines()
    assert "scripts/run rehearse" in first
    assert "scripts/run demo --config sagemaker.yml" in first


def test_a_metric_is_written_with_all_that_is_known_of_it():
    metrics = project({
        **EXAMPLE,
        "metric": ["loss=loss: (.*)", "rmse=rmse: (.*)"],
        "better": ["loss=lower"],
        "unit": ["rmse=m/s,loss=mm"],
        "optional": ["loss"],
    })  # fmt: skip
    loss = {"pattern": "loss: (.*)", "better": "lower", "unit": "mm", "required": False}
    rmse = {"pattern": "rmse: (.*)", "unit": "m/s"}
    assert metrics["training"]["metrics"] == {"loss": loss, "rmse": rmse}


def test_a_metric_whose_direction_is_not_known_is_its_pattern_only():
    odd = "{a}, b: ([0-9.]+)"
    metrics = project({**EXAMPLE, "metric": [f"loss={odd}", "x=x: (.*)"], "better": ["loss=lower"]})
    assert metrics["training"]["metrics"] == {
        "loss": {"pattern": odd, "better": "lower"},
        "x": "x: (.*)",
    }


@pytest.mark.parametrize(
    ("on_windows", "command"),
    [
        (True, f'python {KIT}/scripts check --config "my pump/sagemaker.yml"'),
        (False, f"{KIT}/scripts/run check --config 'my pump/sagemaker.yml'"),
    ],
)
def test_a_command_is_one_that_the_system_can_start(on_windows, command):
    words = ("check", "--config", "my pump/sagemaker.yml")
    assert render.command(*words, on_windows=on_windows) == command
