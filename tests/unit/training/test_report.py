"""What `train` says of the job that it finds."""

import pytest

from matlab_sagemaker.training import report
from matlab_sagemaker.training.job import Job
from matlab_sagemaker.training.plan import FoundJob


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("Completed", "p-key-1 has trained exactly this."),
        ("InProgress", "p-key-1 is training exactly this."),
        ("Failed", "No job has trained this yet."),
        ("", "No job has trained this yet."),
    ],
)
def test_the_log_says_what_the_job_has_done(status, said):
    is_used = status in ("Completed", "InProgress")
    job = Job("p-key-1", status, "", "", "", {}, 0) if is_used else None
    assert report.found_line(FoundJob(1, "p-key-1", status, job)) == said
