"""The walk of `train` through the library: a reader who follows it rarely changes files."""

import json
import sys

from helpers.kit import trace_calls

CHANGES = 100  # of file, by a call or by a return


def test_train_goes_straight_through_the_library(trained, tmp_path):
    """It finds its model, so it does not wait, and no endpoint to compare the model with."""
    walk = tmp_path / "walk.json"
    command = [sys.executable, "-I", trace_calls.__file__, walk, "train"]
    result = trained.finish(trained._start(list(map(str, command))))
    assert result.code == 0, result.stderr
    files = json.loads(walk.read_text())
    assert files[0] == files[-1] == "train.py"
    assert {"matlab_sagemaker/training/model.py", "matlab_sagemaker/training/job.py"} <= set(files)
    assert len(files) - 1 <= CHANGES, files
