"""Contents.m and functionSignatures.json, from which MATLAB lists and completes names."""

import json
import re
from pathlib import Path

import pytest

MATLAB = Path(__file__).parents[2] / "matlab"
PUBLIC = [
    file
    for package in ("+sagemaker", "+sagemaker_training")
    for file in sorted((MATLAB / package).glob("*.m"))
    if file.name != "Contents.m"
]
SIGNATURES = json.loads((MATLAB / "functionSignatures.json").read_text())
CONTENTS = (MATLAB / "+sagemaker/Contents.m").read_text()


def test_the_contents_list_every_public_file_and_nothing_else():
    listed = re.findall(r"^%   (\w+) +- ", CONTENTS, re.MULTILINE)
    assert sorted(listed) == sorted(f.stem for f in PUBLIC if f.parent.name == "+sagemaker")


def test_the_contents_have_the_kits_version():
    project = (MATLAB.parent / "pyproject.toml").read_text()
    version = re.search(r'^version = "(.+)"$', project, re.MULTILINE)[1]
    assert f"% Version {version} (R2023a) " in CONTENTS


@pytest.mark.parametrize("name", [name for name in SIGNATURES if name != "_schemaVersion"])
def test_what_is_completed_is_there(name):
    package, called, *method = name.split(".")
    file = MATLAB / f"+{package}" / f"{called}.m"
    text = file.read_text()
    if method:
        assert re.search(rf"^ +function (\w+ = )?{method[0]}\(", text, re.MULTILINE)
    for argument in SIGNATURES[name]["inputs"]:
        if argument["kind"] == "namevalue":
            assert f"'{argument['name']}'" in text, argument


@pytest.mark.parametrize("file", PUBLIC, ids=lambda file: file.stem)
def test_what_a_constructor_or_function_explains_is_completed(file):
    package, stem = file.parent.name[1:], file.stem
    inputs = SIGNATURES.get(f"{package}.{stem}.{stem}") or SIGNATURES.get(f"{package}.{stem}")
    explained = {name for line in OPTIONS.findall(file.read_text()) for name in NAME.findall(line)}
    completed = {each["name"] for each in inputs["inputs"]} if inputs else set()
    assert explained <= completed


OPTIONS = re.compile(r"^%       ('\w+'(?:, '\w+')*)(?: +- |$)", re.MULTILINE)
NAME = re.compile(r"'(\w+)'")
