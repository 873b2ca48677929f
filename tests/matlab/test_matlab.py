"""Run every MATLAB test function on GNU Octave: one process per file, one item per function."""

import functools
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
FILES = sorted([*HERE.glob("t*.m"), *HERE.glob("compat/t*.m")])
TEST_FUNCTION = re.compile(
    r"^function (?:\w+\s*=\s*)?(test\w+|\w+[tT]est)\(testCase\)", re.MULTILINE
)
PATHS = [
    "docker/octave/compat",
    "matlab",
    "tests/matlab/octave",
    "tests/matlab",
    "tests/matlab/compat",
]
TIMEOUT_S = 120

Results = dict[str, list[str]]


def declared(file: Path) -> list[str]:
    """Names of the test functions in a file."""
    return TEST_FUNCTION.findall(file.read_text())


ITEMS = [(file, name) for file in FILES for name in declared(file)]


def octave(statement: str) -> subprocess.CompletedProcess[str]:
    """Evaluate a statement with the kit's MATLAB code on the path."""
    folders = ", ".join(f"'{ROOT / path}'" for path in PATHS)
    code = f"warning('off', 'Octave:shadowed-function'); addpath({folders}); {statement}"
    options = ["--norc", "--no-history", "--quiet", "--no-window-system"]
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("SAGEMAKER_", "TRAINING_"))
    }
    return subprocess.run(
        ["octave-cli", *options, "--eval", code],
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT_S,
        env=environment,
    )


@functools.cache
def results(file: Path, before: str = "") -> Results:
    """The failures of each test in a file; fails if the file does not run to its end."""
    done = octave(f"{before}runTestFile('{file.stem}')")
    lines = [
        line.removeprefix("TEST ") for line in done.stdout.splitlines() if line.startswith("TEST ")
    ]
    if done.returncode != 0:
        pytest.fail(
            f"{file.name} stopped with exit code {done.returncode}:\n{done.stdout}{done.stderr}"
        )
    return {entry["name"]: entry["failures"] for entry in map(json.loads, lines)}


@pytest.fixture(autouse=True)
def _needs_octave() -> None:
    if shutil.which("octave-cli") is None:
        pytest.fail(
            "octave-cli is not installed; `apt-get install --no-install-recommends octave`."
        )


@pytest.mark.parametrize(
    ("file", "name"), ITEMS, ids=[f"{file.stem}-{name}" for file, name in ITEMS]
)
def test_on_octave(file: Path, name: str) -> None:
    failures = results(file)[name]
    assert not failures, "\n".join(failures)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_octave_runs_exactly_the_tests_that_a_file_declares(file: Path) -> None:
    assert sorted(results(file)) == sorted(declared(file))
    assert declared(file)


DO_NOT_HOLD = [
    "verifyTrue(testCase, false)",
    "verifyTrue(testCase, 1)",
    "verifyFalse(testCase, true)",
    "verifyEmpty(testCase, 1)",
    "verifyEqual(testCase, 1, int8(1))",
    "verifyEqual(testCase, [1, 2], [1; 2])",
    "verifyEqual(testCase, {'a'}, {'b'})",
    "verifyEqual(testCase, table(1), table(2))",
    "verifyEqual(testCase, 1, 1.2, 'AbsTol', 0.1)",
    "verifyEqual(testCase, NaN, 1, 'AbsTol', 0.1)",
    "verifyGreaterThanOrEqual(testCase, [1, 2], 2)",
    "verifyLessThanOrEqual(testCase, [1, 2], 1)",
    "verifySubstring(testCase, 'abc', 'd')",
    "verifyError(testCase, @() error('a:b', 'x'), 'a:c')",
    "verifyError(testCase, @() 1, 'a:c')",
    "error('any:thing', 'uncaught')",
]


@pytest.fixture(scope="module")
def probed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The failures that the test case reports for each statement that does not hold."""
    folder = tmp_path_factory.mktemp("probe")
    lines = ["function tests = tProbe", "    tests = functiontests(localfunctions);", "end"]
    for number, body in enumerate(DO_NOT_HOLD):
        lines += [f"function test{number}(testCase)", f"    {body};", "end"]
    (folder / "tProbe.m").write_text("\n".join(lines) + "\n")
    done = octave(f"addpath('{folder}'); runTestFile('tProbe')")
    assert done.returncode == 0, done.stderr
    told = [json.loads(line.removeprefix("TEST ")) for line in done.stdout.splitlines()]
    return {DO_NOT_HOLD[int(each["name"].removeprefix("test"))]: each["failures"] for each in told}


@pytest.mark.parametrize("body", DO_NOT_HOLD)
def test_the_octave_test_case_reports_what_does_not_hold(
    probed: dict[str, list[str]], body: str
) -> None:
    assert len(probed[body]) == 1
