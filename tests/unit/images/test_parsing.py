"""Where an engine cannot parse a handler, as a line in the user's own folder."""

import os
from pathlib import Path

import pytest

from matlab_sagemaker.errors import Place
from matlab_sagemaker.images import parsing

IMAGE = Path("/opt/matlab-sagemaker/handler")
CODE = {name: Path("project/inference") / name for name in ("Bad.m", "a b/c.m")}
CODE["+p/f.m"] = Path("project/shared/+p/f.m")
SAID = {
    "near line 4 of file /opt/matlab-sagemaker/handler/Bad.m\n\n  syntax error": ("Bad.m", 4),
    "near line 12, column 3 of file /opt/matlab-sagemaker/handler/+p/f.m": ("../shared/+p/f.m", 12),
    "Error: File: Bad.m Line: 7 Column: 5\nInvalid expression.": ("Bad.m", 7),
    "Error: File: /opt/matlab-sagemaker/handler/a b/c.m Line: 7 Column: 5": ("a b/c.m", 7),
}


@pytest.mark.parametrize("said", SAID)
def test_the_place_is_in_the_users_folder(said: str):
    file, line = SAID[said]
    expected = os.path.normpath(f"project/inference/{file}")
    assert parsing.place(parsing.as_users(said, IMAGE, CODE), CODE) == Place(expected, line)


@pytest.mark.parametrize(
    "said", ["", "out of memory", "near line 4 of file /opt/matlab-sagemaker/compat/table.m"]
)
def test_what_lies_elsewhere_is_no_place_of_the_users(said: str):
    assert parsing.place(parsing.as_users(said, IMAGE, CODE), CODE) is None
