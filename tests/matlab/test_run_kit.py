"""What runs the kit's commands in MATLAB: errors are shown once; this MATLAB is found first."""

import re

import pytest

from matlab.test_matlab import octave
from matlab_sagemaker.project import content


@pytest.mark.parametrize("verb", ["predict", "delete"])
def test_an_error_is_only_in_the_outputs(tmp_path, verb):
    call = f"[code, text] = sagemaker.internal.runKit('{verb}', {{}}, '{tmp_path}'); disp(text)"
    done = octave(call)
    assert '"kind": "input"' in done.stdout
    assert "sagemaker.yml" in done.stdout
    assert done.stderr == ""


@pytest.fixture
def matlab(tmp_path):
    """Run a statement in a session that says it is MATLAB R2024a."""
    lines = "function text = version(varargin)\n    text = '2024a';\nend\n"
    (tmp_path / "version.m").write_text(lines)
    return lambda statement: octave(f"addpath('{tmp_path}'); {statement}")


def test_a_command_finds_the_matlab_that_runs_the_script(matlab):
    """Only its folder has bash here: the commands of this engine are in /usr/bin."""
    done = matlab("setenv('PATH', '/nowhere'); disp(sagemaker.internal.runKit('job', {'--help'}));")
    assert done.stdout.endswith("\n0\n"), done.stderr
    assert done.stdout.startswith("usage:")


def test_the_doctor_checks_what_fit_will_need_in_this_matlab(matlab, tmp_path):
    """Elsewhere the release would be the kit's default, and no token would be looked for."""
    keep = f"copyfile(fileparts(options{{2}}), '{tmp_path}/desk')"
    code = f"sagemaker.doctor('Runner', @(verb, options) 1 - {keep});"
    done = matlab(code)
    assert done.returncode == 0, done.stderr
    found = content.load(tmp_path / "desk/sagemaker.yml").settings.matlab
    assert (found.engine, found.release) == ("matlab", "R2024a")
    assert found.batch_token_secret == "matlab-sagemaker-batch-token"


def test_a_project_for_windows_is_started_as_windows_can(tmp_path):
    """Windows cannot start scripts/run."""
    (tmp_path / "ispc.m").write_text("function yes = ispc()\n    yes = true;\nend\n")
    (tmp_path / "trainOwn.m").write_text("function trainOwn(env, varargin)\nend\n")
    done = octave(
        f"addpath('{tmp_path}'); estimator = sagemaker.MATLABEstimator('', 'Session', hFakeKit(), "
        "'TrainingFunction', @trainOwn); "
        f"estimator.writeProject('{tmp_path}/new', '', 'training', 's3://b/p/');"
    )
    assert re.search(r'or run python "[^"]+/scripts" init --workflows in it', done.stdout), done
