"""sagemaker.yml is read as YAML 1.2; errors name the line."""

import os
import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from helpers.kit.project_files import problems
from matlab_sagemaker.errors import InputError
from matlab_sagemaker.project import content, yaml12


@pytest.mark.parametrize(
    "text",
    ["", "[]", "just text", "a: [", "a: b: c", "\tname: x", "name: x\nname: y", "&a [*a]",
     "!!python/object:os.x {}",
     "name: !x y", "? [a]\n: b", "a: 0o9", "--- a\n--- b", "name: *nowhere", "1: 2"],
)  # fmt: skip
def test_a_file_that_is_no_such_yaml_is_an_input_error(repository, text):
    assert re.search(r"sagemaker\.yml:\d+: ", problems(repository, text))


DEEP = 5000
ODD = {  # a value, and the error about it
    "!!bool maybe": "'maybe' is not a value of the type bool",
    '!!float ""': "'' is not a value of the type float",
    "!!timestamp 2026-99-99": "not a value of the type timestamp",
    "0x" + DEEP * "f": "not a value of the type int",
    DEEP * "9": "not a value of the type int",
    '"\\ud800"': "not a value of the type str",
    "\0": r"the character '\x00'",
    "\x1b[31m": r"the character '\x1b'",
    DEEP * "[": "nested more than 50 levels deep",
    "&a [*a]": "nested more than 50 levels deep",
    60 * "{a: " + 60 * "}": "nested more than 50 levels deep",
}


@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:20])
def test_what_cannot_be_read_is_named_with_its_line(repository, value):
    text = problems(repository, f"name: x\n\naws: {value}\n")
    assert "sagemaker.yml:3: " in text
    assert ODD[value] in text


def test_a_key_that_comes_twice_is_named_with_both_lines(repository):
    text = problems(repository, "name: a\ntraining: {}\nname: b\n")
    assert ":3:" in text
    assert "line 1" in text


@pytest.mark.parametrize("data", [b"name: x\naws: \xff\xfe", "name: x\nä: ä".encode("latin-1")])
def test_bytes_that_are_no_utf_8_are_named_with_their_line(repository, data):
    (repository / "sagemaker.yml").write_bytes(data)
    with pytest.raises(InputError, match=r"sagemaker\.yml:2: this is not UTF-8"):
        content.load(repository / "sagemaker.yml")


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_file_is_not_read(tmp_path, make):
    make(tmp_path / "sagemaker.yml")
    with pytest.raises(InputError, match=r"sagemaker\.yml is not a file"):
        content.load(tmp_path / "sagemaker.yml")


def test_a_great_many_characters_are_not_read_as_yaml(repository):
    assert "has more than" in problems(repository, "a: " + 300_000 * "x")


def test_a_regular_expression_in_double_quotes_is_answered_with_single_ones(repository):
    assert "single quotes" in problems(repository, 'a: "(\\d+)"')


@pytest.mark.parametrize("rule", [">= 70", "> 70", ">-0.5", ">=1e-3"])
@pytest.mark.parametrize("line", ["accuracy: {}", "accuracy: {}  # of 100", "{{a: {}, b: '> 1'}}"])
def test_a_rule_without_quotes_is_answered_with_them(repository, rule, line):
    text = problems(repository, f"name: x\ngate:\n  {line.format(rule)}\n")
    assert "sagemaker.yml:3: " in text
    assert f'Put the rule in quotes: "{rule}".' in text


def test_of_another_error_no_rule_is_spoken(repository):
    assert "the rule" not in problems(repository, "gate:\n  accuracy: '>= 70'\n  b: [\n")


def test_a_file_of_the_other_ending_is_named(tmp_path):
    (tmp_path / "sagemaker.yaml").write_text("")
    with pytest.raises(InputError, match=r"There is a sagemaker\.yaml"):
        content.load(tmp_path / "sagemaker.yml")


def test_a_missing_file_says_where_to_run(tmp_path):
    with pytest.raises(InputError, match="--config"):
        content.load(tmp_path / "sagemaker.yml")


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["name", "training", "code", "channels", "metrics", "x", "inference"]),
        inner, max_size=4
    ),
    max_leaves=12,
))  # fmt: skip
def test_whatever_stands_there_is_valid_or_an_input_error(tmp_path_factory, value):
    file = tmp_path_factory.mktemp("any") / "sagemaker.yml"
    file.write_text(yaml.safe_dump(value, allow_unicode=True), encoding="utf-8")
    with pytest.raises(InputError):
        content.load(file)


@pytest.mark.parametrize(
    ("text", "value"),
    [("no", "no"), ("on", "on"), ("yes", "yes"), ("1:30", "1:30"), ("1e-3", 0.001), ("012", 12),
     ("0o10", 8),
     ("0x1F", 31), ("2026-11-25", "2026-11-25"), ("true", True), ("~", None), ("-1", -1), (".5",
     0.5), ("1.", 1.0)],
)  # fmt: skip
def test_plain_values_are_those_of_yaml_1_2(text, value):
    assert yaml12.parse(f"a: {text}", "f").value == {"a": value}


def test_aliases_that_multiply_are_refused(repository):
    lines = ["a: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "more than" in problems(repository, "\n".join(lines))
