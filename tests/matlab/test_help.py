"""`help` of each public function and class has an H1 line, a call, an example and See also."""

import re
from pathlib import Path

import pytest

MATLAB = Path(__file__).parents[2] / "matlab"
FILES = [
    file
    for package in ("+sagemaker", "+sagemaker_training", "+sagemaker_inference")
    for file in sorted((MATLAB / package).glob("*.m"))
    if file.name != "Contents.m"
]
METHOD = re.compile(r"^        function (?:[^=\n]*= *)?(\w+)\(.*\)\n((?: *%.*\n)*)", re.MULTILINE)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_help_has_an_h1_line_a_call_and_an_example(file: Path) -> None:
    text = file.read_text()
    lines = text.split("\n")
    assert lines[1].startswith(f"%{file.stem.upper()}  ")
    help_text = "\n".join(line for line in lines[1:] if line.startswith("%"))
    assert f"{file.parent.name[1:]}.{file.stem}" in help_text
    assert "%   Example:" in help_text
    assert re.search(r"%   See also sagemaker\w*\.\w+[\w., ]*\.$", help_text, re.MULTILINE)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_public_method_has_an_h1_line(file: Path) -> None:
    public = file.read_text().partition("methods (Access = private)")[0]
    for name, comment in METHOD.findall(public):
        if name != file.stem and not name.startswith("get"):
            assert comment.lstrip().startswith(f"%{name.upper()}  "), name
