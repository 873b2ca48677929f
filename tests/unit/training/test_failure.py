"""A failed job becomes an error that points at the user's own line."""

from pathlib import Path

import pytest

from matlab_sagemaker.errors import Place
from matlab_sagemaker.training import failure
from matlab_sagemaker.training.job import Job

CODE = {name: Path("code") / name for name in ("sub/trainModel.m", "train.m")}
REASON = "iris:train:noData: There are no rows.\nIn trainModel (sub/trainModel.m, line 12)\nstack"


def job(status="Failed", secondary="", reason=REASON):
    return Job("pump-1", status, secondary or status, reason, "", {}, 10)


@pytest.mark.parametrize("around", ["{}", "AlgorithmError: {}, exit code: 1"])
def test_the_place_is_the_line_in_the_users_folder(around):
    error = failure.training_failed(job(reason=around.format(REASON)), CODE)
    assert error.place == Place("code/sub/trainModel.m", 12)
    assert "iris:train:noData: There are no rows." in str(error)


def test_a_reason_without_a_place_has_none():
    assert failure.training_failed(job(reason="AlgorithmError: exit code: 137"), CODE).place is None


def test_a_job_that_ran_too_long_says_which_setting_to_raise():
    error = failure.training_failed(job("Stopped", "MaxRuntimeExceeded", ""), CODE)
    assert "max_runtime" in str(error)


@pytest.mark.parametrize(
    ("status", "secondary", "stopped"),
    [
        ("Stopped", "Stopped", True),
        ("Stopped", "MaxRuntimeExceeded", False),
        ("Completed", "Completed", False),
        ("Failed", "Failed", False),
    ],
)
def test_only_a_job_that_somebody_ended_was_stopped(status, secondary, stopped):
    assert failure.was_stopped(job(status, secondary)) == stopped


def test_a_name_that_octave_lacks_says_what_runs_it():
    reason = "Octave:undefined-function: 'fitcsvm' undefined\nIn train (train.m, line 2)"
    error = failure.training_failed(job(reason=reason), CODE)
    assert "`rehearse: false`" in str(error)
    assert error.place == Place("code/train.m", 2)
    matlabs = failure.training_failed(job(reason="MATLAB:UndefinedFunction: 'x'"), CODE)
    assert "rehearse" not in str(matlabs)


def test_a_job_that_somebody_stopped_is_no_success():
    error = failure.training_failed(job("Stopped", reason=""), CODE)
    assert "Somebody stopped it" in str(error)
    assert error.exit_code == 1


def test_too_little_spot_capacity_names_its_limit():
    error = failure.training_failed(job("Stopped", "MaxWaitTimeExceeded", ""), CODE)
    assert "training.spot.max_wait" in error.do
    assert not failure.was_stopped(job("Stopped", "MaxWaitTimeExceeded", ""))


@pytest.mark.parametrize(
    ("limit", "words"),
    [(60, "training.max_runtime in sagemaker.yml, 60 s,"), (3600, "Let load_model")],
    ids=["by-the-training", "an-hour"],
)
def test_a_trial_that_ran_too_long_says_so_and_what_to_raise(limit, words):
    ended = job("Stopped", "MaxRuntimeExceeded", "")
    error = failure.trial_failed(ended, CODE, limit, 3600)
    assert "ended as Stopped (MaxRuntimeExceeded)" in error.what
    assert words in error.do
    assert ("max_runtime" in error.do) == (limit < 3600), "it would not help"
    assert "memory" not in error.do


def test_a_trial_that_ended_otherwise_names_what_may_have_ended_it():
    error = failure.trial_failed(job(), CODE, 60, 3600)
    assert "memory" in error.do
    assert "max_runtime" not in error.do
    assert error.place == Place("code/sub/trainModel.m", 12)
