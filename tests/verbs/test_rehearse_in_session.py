"""Rehearse and check in a MATLAB session, which runs the code itself between two calls."""

import subprocess
from pathlib import Path

import pytest

from helpers.kit import verb_runs
from helpers.kit.paths import KIT
from helpers.kit.verb_runs import FUNCTION, HANDLER

pytestmark = pytest.mark.slow

REQUEST = "requests/three_flowers.csv"
EXPECTED = "requests/expected.csv"


@pytest.fixture
def desk(tmp_path):
    """The example on a machine that reaches no AWS."""
    return verb_runs.example(tmp_path / "repository", "http://127.0.0.1:9")


SESSION = """
warning('off', 'all'); addpath('{kit}/docker/octave/compat'); addpath('{kit}/matlab');
warning('on', 'Octave:shadowed-function');
before = {{path(), pwd(), getenv('SAGEMAKER_BASE_DIR'), getenv('MATLAB_SAGEMAKER_CODE')}};
sagemaker.rehearse('Request', '{request}', 'Expected', '{expected}');
after = {{path(), pwd(), getenv('SAGEMAKER_BASE_DIR'), getenv('MATLAB_SAGEMAKER_CODE')}};
disp(isequal(before, after));
sagemaker.check();
found = sagemaker.check();
told = sagemaker.rehearse('Only', 'training');
fprintf('told: %d %s %.2f\\n', found.passed, told.engine, told.metrics.resubstitution_accuracy);
exit(0)
"""


AGAIN = """
warning('off', 'all'); addpath('{kit}/docker/octave/compat'); addpath('{kit}/matlab');
sagemaker.check(); sagemaker.rehearse(); sagemaker.check();
first = sagemaker.rehearse();
code = fileread('{handler}');
edited = strrep(code, 'species = predict', 'disp(''as edited''); species = predict');
sagemaker.internal.writeText('{handler}', edited);
second = sagemaker.rehearse();
assert(isequal(first, second));
exit(0)
"""


def octave(desk, code):
    """Run code in Octave and return its two outputs."""
    command = ["octave-cli", "--norc", "--no-history", "--quiet", "--no-window-system", "--eval"]
    done = subprocess.run(
        [*command, code], cwd=desk.root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def test_in_a_session_one_rehearses_again_also_with_another_handler(desk):
    stdout, _ = octave(desk, AGAIN.format(kit=KIT, handler=HANDLER))
    assert stdout.count("as edited") == 1
    assert "ClassificationTreeInferenceHandler, or another class in its folders, may have" in stdout


def test_in_a_session_the_projects_own_files_run_and_all_is_as_before(desk):
    desk.edit(FUNCTION, "rng(1);", "rng(1); disp(mfilename('fullpath'));")
    code = SESSION.format(kit=KIT, request=REQUEST, expected=EXPECTED)
    stdout, stderr = octave(desk, code)
    said = stdout.splitlines()
    assert str((desk.root / FUNCTION).with_suffix("")) in said
    assert f"The answer is as {EXPECTED} expects." in said
    assert "  | cross_validated_accuracy  0.94" in said
    assert "1" in said, "path, folder and variables are as before"
    assert "  | ✔ syntax             GNU Octave parses your 2 files" in said
    assert "told: 1 octave 0.98" in said
    assert "shadows a built-in" not in stderr
    assert not (desk.root / "code/model.mat").exists()


@pytest.mark.parametrize("verb", ["rehearse", "check"])
def test_a_warning_is_left_to_the_second_of_a_sessions_two_calls(desk, tmp_path, verb):
    (desk.root / "code/old").mkdir()
    desk.write(f"code/old/{Path(FUNCTION).name}", "")
    warning = f"{FUNCTION} hides code/old/"
    assert warning not in desk.succeed(verb, "--session", tmp_path / "session").stdout
    assert warning in desk.run(verb).stdout
