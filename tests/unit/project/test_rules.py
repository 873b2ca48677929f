"""The rules of sagemaker.yml's gate and champion: an error names the fault and its line."""

import re

import jsonschema
import pytest
import yaml

from helpers.kit.paths import KIT
from matlab_sagemaker.errors import InputError
from matlab_sagemaker.project import config, content

EXAMPLE = KIT / "examples/TrainAndDeployClassificationTree"
TEXT = (EXAMPLE / "sagemaker.yml").read_text(encoding="utf-8")
METRIC = "cross_validated_accuracy"
OWN = re.sub(r"(?m)^(gate|champion):.*\n(  .*\n)*", "", TEXT)
LAST = OWN.count("\n")
NO_MAPPING = ("1", "text", "[]", "[m]", "true", "{}", "0.93", '">= 0.93"', "2026-11-29")
GATES = (
    ">= 0.93%", "== 0.93", "!= 1", "=> 1", "=< 1", "0.93", "'0.93'", "'>='", "''", "null", "true",
    "[1]", "'>= 0,93'", "'>= nan'", "'>= inf'", "'>= .'", "'>= 1e'", "'>= 1e9999'", "'>= 1e309'",
    "'< -1e999'", "'≥ 0.9'", "'>= ٣'", "'>= 1 '", "' >= 1'", "'> = 1'", "'>= 1\\n'", "'>= 0x1'",
    "'>= 1 < 2'", ">= 1", "{at_least: 1}", f"'>= 0.{60 * '3'}'",
)  # fmt: skip
CHAMPIONS = (
    "0.1", "'>= 0'", "{}", "[]", "null", "{at_least: 1, at_most: 1}", "{atleast: 1}",
    "{at_least: '1'}", "{at_least: .nan}", "{at_most: .inf}", "{at_most: -.inf}", "{at_least: }",
    "{at_least: true}", "{at_least: [1]}", "{at_least: {a: 1}}", "{1: 1}", "{at_least: 1%}",
)  # fmt: skip
BAD = [
    *(f"{section}: {value}" for section in ("gate", "champion") for value in NO_MAPPING),
    *(f"gate:\n  {METRIC}: {value}" for value in GATES),
    *(f"champion:\n  {METRIC}: {value}" for value in CHAMPIONS),
    *(f"{s}:\n  {name}: 1" for s in ("gate", "champion") for name in ("''", '"1"', "[a]")),
]


def parse(text):
    return content.parse(text, EXAMPLE / "sagemaker.yml")


def problems(text):
    with pytest.raises(InputError) as caught:
        parse(text)
    assert caught.value.exit_code == 2
    return str(caught.value)


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_rule_is_named_with_its_line(bad):
    assert len(BAD) > 50
    assert f"sagemaker.yml:{LAST + 1 + bad.count(chr(10))}: " in problems(f"{OWN}{bad}\n")


@pytest.mark.parametrize("name", ["1", "null", "true"])
def test_a_metric_whose_name_is_no_text_is_named_with_its_section(name):
    told = problems(f"{OWN}gate:\n  {name}: '> 1'\n")
    assert f"sagemaker.yml:{LAST + 1}: gate." in told
    assert "training.metrics" not in told


@pytest.mark.parametrize("section", ["gate", "champion"])
def test_a_metric_that_is_not_measured_is_named_with_the_nearest(section):
    rule = {"gate": "'>= 1'", "champion": "{at_least: 0}"}[section]
    told = problems(f"{OWN}{section}:\n  cross_validated_acuracy: {rule}\n")
    assert f"sagemaker.yml:{LAST + 2}: {section}.cross_validated_acuracy" in told
    assert f"did you mean '{METRIC}'?" in told
    assert "it has: resubstitution_accuracy" in problems(f"{OWN}{section}: {{x: {rule}}}\n")


@pytest.mark.parametrize(
    ("better", "wrong", "right"),
    [("higher", "at_most", "at_least"), ("lower", "at_least", "at_most")],
)
def test_a_limit_that_lets_only_worse_models_pass_is_refused(better, wrong, right):
    text = re.sub(r"better: \w+", f"better: {better}", OWN)
    told = problems(f"{text}champion: {{{METRIC}: {{{wrong}: 0.1}}}}\n")
    assert (
        f"{METRIC}.{wrong}: found {wrong}; allowed: {right}, because its better is {better}" in told
    )
    assert parse(f"{text}champion: {{{METRIC}: {{{right}: 0.1}}}}\n").settings.champion


def test_a_model_that_exists_has_no_metrics_and_so_no_rules():
    text = f"name: a\nmodel: data\ngate: {{{METRIC}: '>= 1'}}\n"
    assert "training.metrics, which has none" in problems(text)


def test_rules_are_read_and_editors_know_them():
    rules = (
        f"gate: {{{METRIC}: '>= 0.93', resubstitution_accuracy: <1e-3}}\n"
        f"champion: {{{METRIC}: {{at_least: -0.005}}, resubstitution_accuracy: {{at_least: -1}}}}\n"
    )
    settings = parse(OWN + rules).settings
    assert settings.gate == {METRIC: ">= 0.93", "resubstitution_accuracy": "<1e-3"}
    assert settings.champion[METRIC] == {"at_least": -0.005}
    jsonschema.validate(yaml.safe_load(OWN + rules), config.json_schema())
    assert parse(f"{OWN}gate:\n").settings.gate is None
