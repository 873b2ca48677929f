"""What init writes: the example's own text, and of every answer exactly what was answered."""

import re

import pytest
import yaml

from answered import EXAMPLE, FULL, ON_SERVER, WORKFLOWS, made, parsed
from conftest import KIT
from matlab_sagemaker import answers, config, standing, starting, yamlfile
from matlab_sagemaker.starting import Around

TEMPLATE = KIT / "scripts/setup/aws.yml"
SERVING = {"AWS_COMPILE_ROLE": True, "AWS_DEPLOY_ROLE": True}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_the_examples_answers_make_the_examples_workflows(name):
    texts = made({**EXAMPLE, "engine": "matlab"})
    assert texts[name] == (starting.EXAMPLE / name).read_text()


def test_the_examples_answers_make_the_examples_project():
    after_the_first_line = (starting.EXAMPLE / "sagemaker.yml").read_text().partition("\n")[2]
    assert made(EXAMPLE)["sagemaker.yml"].partition("\n")[2] == after_the_first_line


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
    assert "request" not in parsed(texts[WORKFLOWS[0]])["jobs"]["train"]["with"]
    assert set(yamlfile.parse(texts["sagemaker.yml"], "f").value) == {"name", "matlab", "training"}


@pytest.mark.parametrize("verb", ["train", "deploy", "operate"])
@pytest.mark.parametrize(
    ("values", "around"), [(EXAMPLE, Around()), (FULL, ON_SERVER)], ids=["few", "all"]
)
def test_every_input_that_is_written_is_one_of_the_called_workflow(verb, values, around):
    (job,) = parsed(made(values, around)[f".github/workflows/{verb}.yml"])["jobs"].values()
    called = parsed((KIT / f".github/workflows/{verb}.yml").read_text())
    known = called[True]["workflow_call"]["inputs"]  # to YAML 1.1 `on` is true
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
    text = starting.next_steps(answers.checked(values))
    assert {word: word in text for word in told} == told
    always = ("AWS_REGION", "AWS_TRAIN_ROLE", "KIT_TOKEN", "scripts/run doctor")
    assert all(word in text for word in always)


def test_the_readmes_command_has_the_line_that_is_printed_for_the_example():
    """It is the command's last, so that it needs nothing after it."""
    (line,) = re.findall(r"(?m)^ +(NamePrefix=.*)\n +```$", (KIT / "README.md").read_text())
    assert f"     {line}" in starting.next_steps(answers.checked(EXAMPLE)).splitlines()


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
    assert parameters in starting.next_steps(answers.checked(given)).splitlines()
    known = parsed(re.sub(r"!\w+", "", TEMPLATE.read_text()))["Parameters"]
    assert {word.partition("=")[0] for word in parameters.split()} <= set(known)


def test_matlab_that_is_set_up_runs_on_githubs_machine():
    given = {**EXAMPLE, "engine": "matlab", "setup_matlab": True}
    (job,) = parsed(made(given)[WORKFLOWS[1]])["jobs"].values()
    assert job["with"]["matlab-runner"] == "ubuntu-24.04"
    own = parsed(made({**given, "matlab_runner": "mine"})[WORKFLOWS[1]])
    assert own["jobs"]["deploy"]["with"]["matlab-runner"] == "mine"


def test_what_is_left_names_both_secrets_the_runner_and_the_kits_own_program():
    text = starting.next_steps(answers.checked({**EXAMPLE, "engine": "matlab"}))
    assert "gh secret set MATLAB_BATCH_TOKEN" in text
    assert "put-secret-value --secret-id matlab-sagemaker-batch-token" in text
    assert "--setup-matlab" in text
    assert str(KIT / "scripts/run") in text


@pytest.mark.parametrize("values", [EXAMPLE, FULL], ids=["few", "all"])
def test_a_project_that_stands_there_answers_for_itself(values):
    around = {name: values[name] for name in ("branch", "kit", "config") if name in values}
    text = made(values)[values.get("config", "sagemaker.yml")]
    again = made({**around, **standing.answers(text)})
    assert again[values.get("config", "sagemaker.yml")] == text


@pytest.mark.parametrize("text", ["", "[", "- a", "training: 1", "name: {"])
def test_what_is_no_project_answers_nothing(text):
    assert standing.answers(text) == {}


KEPT = {
    "name": "flowers",
    "matlab": {"engine": "octave", "base_image": "mine:1", "release": "R2025b"},
    "training": {
        "function": "trainClassificationTree",
        "code": "code",
        "channels": {"training": "data/training"},
        "instance_type": "ml.m5.large",
        "instance_count": 2,
        "volume_gb": 100,
    },
    "endpoint": {"name": "blossoms", "instance_type": "ml.c5.large", "instance_count": 3},
    "aws": {"role": "ours", "bucket": "our-bucket"},
}


def begun_anew(values, before):
    """Give the project that init makes of answers, where another stands already."""
    text = made({**EXAMPLE, **values}, text=yaml.safe_dump(before, sort_keys=False))[
        "sagemaker.yml"
    ]
    return yamlfile.parse(text, "f").value


def test_settings_that_no_answer_is_about_are_kept():
    project = begun_anew({}, KEPT)
    assert project["endpoint"] == KEPT["endpoint"]
    assert project["aws"] == KEPT["aws"]
    assert project["matlab"] == KEPT["matlab"]
    training = {name: project["training"][name] for name in ("instance_count", "volume_gb")}
    assert training == {"instance_count": 2, "volume_gb": 100}
    config.parse(made(EXAMPLE, text=yaml.safe_dump(KEPT))["sagemaker.yml"], starting.EXAMPLE / "f")


EVERY = {
    "name": "flowers",
    "matlab": {
        "engine": "matlab",
        "release": "R2025b",
        "products": ["Curve_Fitting_Toolbox"],
        "batch_token_secret": "our-token",
        "base_image": "mine:1",
    },
    "training": {
        "function": "flowers.trainAll",
        "code": "code",
        "channels": {"training": "data/training", "test": "s3://our-bucket/test"},
        "hyperparameters": {"a": 0.5, "b": [1, 0.5], "c": True, "d": "5"},
        "instance_type": "ml.p3.2xlarge",
        "instance_count": 2,
        "volume_gb": 100,
        "max_runtime": "2h",
        "metrics": {"accuracy": "accuracy: ([0-9.]+)"},
    },
    "inference": {"handler": "flowers.Handler", "code": "inference"},
    "endpoint": {"name": "blossoms", "instance_type": "ml.c5.large", "instance_count": 3},
    "aws": {"region": "eu-west-1", "role": "ours", "bucket": "our-bucket"},
}
KEYS = [(name, key) for name in standing._SECTIONS for key in EVERY[name]]


def test_every_key_that_a_project_can_have_is_in_the_one_that_has_them_all():
    """So is one that there will be, with a value of its own kind."""
    project = config.Project.model_validate(EVERY)
    sections = [part for _, part in project if isinstance(part, config.Section)]
    for part in (project, *sections):
        assert part.model_fields_set == set(type(part).model_fields)


def test_every_key_of_a_project_is_an_answers_or_kept():
    text = yaml.safe_dump(EVERY)
    around = {name: EXAMPLE[name] for name in ("branch", "kit")}
    again = made({**around, **standing.answers(text)}, text=text)["sagemaker.yml"]
    assert yamlfile.parse(again, "f").value == EVERY


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_every_value_that_a_project_can_have_is_a_setting(section, key):
    assert standing.settings(yaml.safe_dump(EVERY))[section][key] == EVERY[section][key]


OF_MATLAB = {
    "release": "R2025b",
    "products": ["Curve_Fitting_Toolbox"],
    "batch_token_secret": "our-token",
}


@pytest.mark.parametrize(
    ("before", "engine", "kept"),
    [
        ({"engine": "matlab"}, "matlab", {**OF_MATLAB, "base_image": "mine:1"}),
        ({}, "matlab", {**OF_MATLAB, "base_image": "mine:1"}),
        ({"engine": "octave"}, "octave", {**OF_MATLAB, "base_image": "mine:1"}),
        ({"engine": "octave"}, "matlab", OF_MATLAB),
        ({"engine": "matlab"}, "octave", {}),
        ({}, "octave", {}),
    ],
)
def test_another_engine_keeps_nothing_but_answers_of_the_one_before(before, engine, kept):
    project = {**KEPT, "matlab": {**before, **OF_MATLAB, "base_image": "mine:1"}}
    found = standing.answers(yaml.safe_dump(project))
    assert begun_anew({**found, "engine": engine}, project)["matlab"] == {"engine": engine, **kept}


def test_an_answer_goes_before_what_stands_there():
    project = begun_anew(
        {"region": "eu-west-3", "hyperparameter": []},
        {
            **KEPT,
            "aws": {"region": "eu-west-1"},
            "training": {"hyperparameters": {"a": 1}},
        },
    )
    assert project["aws"] == {"region": "eu-west-3"}
    assert "hyperparameters" not in project["training"]


def test_an_endpoint_that_has_its_name_of_the_project_follows_it():
    before = {**KEPT, "endpoint": {"name": "flowers", "instance_type": "ml.m5.large"}}
    project = begun_anew({"name": "leaves", "instance_type": "ml.m5.xlarge"}, before)
    assert project["endpoint"]["name"] == "leaves"
    assert project["endpoint"]["instance_type"] == "ml.m5.xlarge"


@pytest.mark.parametrize(
    "endpoint", [{}, {"instance_count": 3}, {"name": "blossoms"}, {"instance_type": "ml.c5.large"}]
)
def test_no_key_is_added_to_the_endpoint_of_a_project_that_stands_there(endpoint):
    training = {**KEPT["training"], "instance_type": "ml.p3.2xlarge"}
    before = {**KEPT, "training": training, "endpoint": endpoint}
    project = begun_anew({"instance_type": "ml.p3.2xlarge"}, before)
    assert project["training"]["instance_type"] == "ml.p3.2xlarge"
    assert project.get("endpoint", {}) == endpoint
    del before["endpoint"]
    assert "endpoint" not in begun_anew({"instance_type": "ml.p3.2xlarge"}, before)


def test_without_a_handler_what_was_said_of_the_endpoint_stays():
    project = begun_anew({"handler": ""}, KEPT)
    assert "inference" not in project
    assert project["endpoint"] == KEPT["endpoint"]
    followed = {"name": "flowers", "instance_type": "ml.m5.large", "instance_count": 1}
    project = begun_anew({"handler": ""}, {**KEPT, "endpoint": followed})
    assert project["endpoint"] == followed


NO_SETTINGS = [
    "{a: {b: 1}}",
    "{a: .nan}",
    "{.nan: a}",
    "[[1]]",
    "[{a: 1}]",
    ".nan",
    "null",
    "[.inf]",
]


@pytest.mark.parametrize("value", NO_SETTINGS)
def test_what_is_no_setting_at_all_is_not_carried_over(value):
    assert "volume_gb" not in standing.settings(f"training: {{volume_gb: {value}}}")["training"]
    assert standing.settings(f"training: {{unknown: 1}}\naws: {value}")["training"] == {}


def test_a_number_that_sagemaker_yml_cannot_have_is_left_out():
    found = standing.answers("training: {hyperparameters: {a: .nan, b: 1}, channels: {c: {d: 1}}}")
    assert found == {"hyperparameter": ["b=1"]}
