"""A verb's inputs: options, variables INPUT_*, flags and arguments."""

import dataclasses
from pathlib import Path

import pytest

from matlab_sagemaker.errors import InputError
from matlab_sagemaker.github.inputs import _convert
from matlab_sagemaker.github.run import Run


@dataclasses.dataclass(frozen=True)
class Inputs:
    config: Path
    region: str
    builder: str


def run(environment=None, arguments=()):
    return Run("build-training-image", environment or {}, list(arguments))


def test_an_option_counts_before_an_input_and_that_before_the_default():
    environment = {"INPUT_CONFIG": "input.yml", "INPUT_REGION": "eu-west-1"}
    inputs = run(environment, ["--config", "option.yml"]).inputs(Inputs)
    assert inputs == Inputs(Path("option.yml"), "eu-west-1", "docker")


@dataclasses.dataclass(frozen=True)
class Flags:
    find_only: bool


@pytest.mark.parametrize(
    ("arguments", "value"),
    [([], False), (["--find-only"], True), (["--find-only", "false"], False)],
)
def test_an_input_that_is_true_or_false_is_a_flag_as_well(arguments, value):
    assert Run("compile-handler", {}, arguments).inputs(Flags).find_only is value


def test_an_empty_input_is_one_that_was_not_given():
    assert run({"INPUT_CONFIG": ""}).inputs(Inputs).config == Path("sagemaker.yml")


@pytest.mark.parametrize(
    ("text", "kind"),
    [("yes", bool), ("TRUE", bool), ("", bool), ("1.5", int), ("-1", int), ("", Path)],
)
def test_an_input_of_the_wrong_kind_is_named(text, kind):
    with pytest.raises(InputError, match="dry-run"):
        _convert("dry_run", text, kind)


def test_an_option_that_there_is_not_is_an_error_like_every_other():
    with pytest.raises(InputError, match="unrecognized arguments: --nonsense") as caught:
        run(arguments=["--nonsense"]).inputs(Inputs)
    assert "build-training-image --help" in caught.value.do


@dataclasses.dataclass(frozen=True)
class JobInputs:
    name: str
    stop: bool
    log: bool


@pytest.mark.parametrize(
    "arguments",
    [
        ["j-1", "--stop", "--log", "false"],
        ["--stop", "j-1", "--log", "false"],
        ["--log", "false", "--stop", "--name", "j-1"],
        ["--json", "j-1", "--stop", "true"],
    ],
)
def test_words_of_a_verb_may_stand_anywhere_among_its_options(arguments):
    assert Run("job", {}, arguments).inputs(JobInputs) == JobInputs("j-1", stop=True, log=False)
