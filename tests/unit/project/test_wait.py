"""How long a run waits for its training: it ends before GitHub would cancel it and stop the job."""

import math

import pytest

from matlab_sagemaker.github.run import Run
from matlab_sagemaker.project import waiting

HOUR, DAY = 3600, 24 * 3600
HOSTED, OWN = ("github-hosted", "self-hosted")


@pytest.mark.parametrize(
    ("runner", "job_timeout", "longest_wait", "seconds"),
    [
        (HOSTED, "360m", "", 6 * HOUR - 900),
        (HOSTED, "600m", "", 6 * HOUR - 900),  # GitHub ends the job after 6 hours anyway
        (HOSTED, "600m", "8h", 6 * HOUR - 900),
        (HOSTED, "", "", 6 * HOUR - 900),
        (HOSTED, "20m", "", 900),
        (HOSTED, "600m", "30m", HOUR / 2),
        (OWN, "600m", "", 10 * HOUR - 900),
        (OWN, "14400m", "", 5 * DAY - 900),
        (OWN, "", "6d", 5 * DAY - 900),
        (None, "", "", math.inf),  # by hand
        (None, "", "6d", 6 * DAY),
    ],
)
def test_the_wait_ends_before_the_runners_time_does(runner, job_timeout, longest_wait, seconds):
    run = Run("train", {"RUNNER_ENVIRONMENT": runner} if runner else {}, [])
    assert waiting.wait_s(longest_wait, job_timeout, run.longest_job_s) == seconds
