"""What MATLAB shows of a verb that fails: its error once, and of predict no log."""

import pytest

from matlab.test_matlab import octave


@pytest.mark.parametrize("verb", ["predict", "delete"])
def test_an_error_is_only_in_the_outputs(tmp_path, verb):
    call = f"[code, text] = sagemaker.internal.runKit('{verb}', {{}}, '{tmp_path}'); disp(text)"
    done = octave(call)
    assert '"kind": "input"' in done.stdout
    assert "sagemaker.yml" in done.stdout
    assert done.stderr == ""
