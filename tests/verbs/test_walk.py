"""The walk of `train` through the library: a reader who follows it rarely changes files."""

import json
import sys

from helpers.kit import trace_calls
from helpers.kit.verb_runs import SAVE, write_function

CHANGES = 100  # of file, by a call or by a return
CHANGES_TO_TRAIN = 230  # 214, and 12 more where the bucket is to be made


def walk(project, folder):
    """Return the files through which `train` goes."""
    file = folder / "walk.json"
    command = [sys.executable, "-I", trace_calls.__file__, file, "train"]
    result = project.finish(project._start(list(map(str, command))))
    assert result.code == 0, result.stderr
    files = json.loads(file.read_text())
    assert files[0] == files[-1] == "train.py"
    assert {"matlab_sagemaker/training/model.py", "matlab_sagemaker/training/job.py"} <= set(files)
    return files


def test_train_goes_straight_through_the_library(trained, tmp_path):
    """It finds its model, so it makes nothing, and no endpoint to compare the model with."""
    files = walk(trained, tmp_path)
    assert len(files) - 1 <= CHANGES, files


def test_train_that_trains_goes_on_straight(ready, tmp_path):
    """It uploads, starts the job and follows it; the waiting itself is left out.

    The limit is about what the walk is now: more than `train` should have, and it shall not grow.
    """
    write_function(ready, SAVE)
    files = walk(ready, tmp_path)
    assert len(files) - 1 <= CHANGES_TO_TRAIN, files
