"""Reports about an endpoint: foreign text in them stays text."""

from pathlib import Path

from matlab_sagemaker.github import tables
from matlab_sagemaker.github.repository import Repository
from matlab_sagemaker.hosting import report
from matlab_sagemaker.hosting.status import Configuration, EndpointStatus
from matlab_sagemaker.training.job import Job

FOREIGN = "<b>@team</b> #1 | [x](y)\n\x1b[31m"


def test_what_others_have_written_cannot_leave_its_cell():
    """Names of metrics and a FailureReason, in a summary and on a terminal."""
    job = Job("j-1", "Completed", "Completed", "", "", {FOREIGN: 0.5}, 1, is_sealed=True)
    config = Configuration(name="c", has_model=True, job=job)
    found = EndpointStatus(
        endpoint="e", status="Failed", config_name="c", config=config, reason=FOREIGN
    )
    texts = dict.fromkeys(("name", "server", "api", "commit", "run"), "")
    github = Repository(**texts, workspace=Path(), pull_request=None)
    shown = tables.markdown(report.status(found, "", github))
    escaped = "&lt;b&gt;@\u200bteam&lt;/b&gt; #\u200b1 \\| \\[x\\](y)"
    assert shown.count(escaped) == 2
    assert "<b>" not in shown
    assert "\x1b" not in tables.plain(report.status(found, ""))
