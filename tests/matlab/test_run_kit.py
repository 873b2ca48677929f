"""What MATLAB shows if a command of the kit fails: its error once, and no log of predict."""

import pytest

from matlab.test_matlab import octave


@pytest.mark.parametrize("verb", ["predict", "delete"])
def test_an_error_is_only_in_the_outputs(tmp_path, verb):
    call = f"[code, text] = sagemaker.internal.runKit('{verb}', {{}}, '{tmp_path}'); disp(text)"
    done = octave(call)
    assert '"kind": "input"' in done.stdout
    assert "sagemaker.yml" in done.stdout
    assert done.stderr == ""
