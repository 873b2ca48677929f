"""Every .m file parses as MATLAB; files for both engines use only what both have."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from matlab.portability import PORTABLE_RULES, described, findings

ROOT = Path(__file__).parents[2]
PORTABLE = ["matlab", "examples", "docker/training", "tests/matlab/handlers"]
OCTAVE_ONLY = ["docker/octave", "tests/matlab/octave", "tests/matlab/compat"]
MH_LINT = Path(sys.executable).with_name("mh_lint")


def m_files(folders: list[str]) -> list[Path]:
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.m"))


PORTABLE_FILES = [*m_files(PORTABLE), *sorted((ROOT / "tests/matlab").glob("*.m"))]


# Code that may be in an image with MATLAB.
PRODUCTION = m_files(["matlab", "docker/training", "docker/inference"])
OF_ONE_ENGINE = re.compile(r"\b(isOctave|octave_compat|OCTAVE_\w+|sigterm_dumps_octave_core)\b")


@pytest.mark.parametrize("file", PRODUCTION, ids=lambda file: file.stem)
def test_production_code_does_not_ask_which_engine_runs_it(file: Path) -> None:
    assert OF_ONE_ENGINE.findall(file.read_text()) == []


def test_what_the_training_image_has_of_the_inference_package_needs_nothing_else_of_it() -> None:
    """Octave's readtable uses `+text`, which is copied into that image without the rest."""
    text = m_files(["matlab/+sagemaker_inference/+internal/+text", "docker/octave/compat"])
    used = [name for file in text for name in OF_INFERENCE.findall(file.read_text())]
    assert len(used) > 10
    assert [name for name in used if not name.startswith("internal.text.")] == []


OF_INFERENCE = re.compile(r"sagemaker_inference\.([\w.]+)\(")


def test_there_are_files_to_lint() -> None:
    assert len(PORTABLE_FILES) > 30
    assert len(m_files(OCTAVE_ONLY)) > 30


def test_every_file_parses_as_matlab() -> None:
    folders = ["matlab", "docker", "examples", "tests/matlab", "buildfile.m"]
    done = subprocess.run(
        [MH_LINT, "--brief", "--input-encoding", "utf-8", *folders],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    problems = [line for line in done.stdout.splitlines() if ": check" in line or ": error" in line]
    # save and load replace the built-in functions on purpose: they have MATLAB's defaults.
    unexpected = [line for line in problems if "[builtin_shadow]" not in line]
    assert done.returncode == 0, done.stdout
    assert not unexpected


def test_mh_lint_refuses_a_file_that_does_not_parse(tmp_path: Path) -> None:
    (tmp_path / "bad.m").write_text("function bad()\n    x = [1 2;\nend\n")
    done = subprocess.run([MH_LINT, "--brief", tmp_path], capture_output=True, check=False)
    assert done.returncode == 1


@pytest.mark.parametrize("file", PORTABLE_FILES, ids=lambda file: file.stem)
def test_a_file_for_both_engines_stays_in_the_common_subset(file: Path) -> None:
    assert described(file, PORTABLE_RULES) == []


@pytest.mark.parametrize("file", m_files(OCTAVE_ONLY), ids=lambda file: file.stem)
def test_an_octave_file_keeps_the_layout(file: Path) -> None:
    assert described(file, []) == []


BAD = {
    "arguments block": "function f(x)\narguments\n x\nend\nend",
    "enumeration": "classdef c\nenumeration\n A\nend\nend",
    "abstract method": "classdef c\nmethods (Abstract)\n f(x)\nend\nend",
    "dictionary": "d = dictionary();",
    "datetime": "t = datetime('now');",
    "import": "import a.b;",
    "exception object": "throw(MException('a:b', 'c'));",
    "webwrite": "webwrite(u, v);",
    "printf": "printf('x');",
    "endif": "if x\nendif",
    "unwind_protect": "unwind_protect\nx = 1;\nend_unwind_protect",
    "do until": "do\nx = 1;\nuntil x",
    "double-quoted text": 'x = "a";',
    "compound assignment": "x += 1;",
    "another compound assignment": "x *= 2;",
    "negation with !": "if !x, end",
    "comment with #": "x = 1; # one",
    "index of a call's result": "y = f(x)(1);",
    "cell of a call's result": "y = f(x){1};",
    "named argument": "f(x, Mode=1);",
    "error without identifier": "error('it is broken: %s', x);",
    "error with only the identifier": "error('a:b');",
    "error with swapped arguments": "error('it broke', 'a:b:c');",
    "save without version": "save(file, 'x');",
    "blocking read": "line = fgetl(stdin);",
    "no line end at the end": None,
    "a function without end": "function f()\nx = 1;",
    "a long function": "function f()\n" + "x = 1;\n" * 40 + "end",
    "a long line": "x = '" + "a" * 100 + "';",
    "a long file": "x = 1;\n" * 201,
}


@pytest.mark.parametrize("name", BAD)
def test_the_portability_lint_finds(name: str) -> None:
    snippet = BAD[name]
    text = "x = 1;" if snippet is None else f"{snippet}\n"
    assert findings(text, PORTABLE_RULES)


@pytest.mark.parametrize(
    "snippet",
    [
        "x = x + 1; % += is for others",
        "y = f(x); z = y(1);",
        "s(1).a(2) = 3;",
        "c = {f(x) (1)};",
        "a = obj.events;",
        "y = [a(1) (2)];",
        "if x >= 1 && y <= 2 && ~z\nend",
        "error('a:b:c', 'text %d', f(x));",
        "save(fullfile(a, 'b'), 'x', '-v7');",
        "x = 'say \"hello\"';",
        "classdef c < handle\nproperties (SetAccess = private)\n a = 1\nend\nend",
        "f = @(x) x == 1;",
        "function f(x)\nif x\n y = 1;\nend\nend",
    ],
)
def test_the_portability_lint_accepts(snippet: str) -> None:
    assert findings(f"{snippet}\n", PORTABLE_RULES) == []


def test_only_one_function_calls_the_system() -> None:
    """It runs sh: MATLAB's system runs the user's shell, which need not know its redirections."""
    callers = [
        file.name
        for file in (ROOT / "matlab/+sagemaker").rglob("*.m")
        if re.search(r"(?<![.\w])system\(", file.read_text())
    ]
    assert callers == ["shell.m"]
