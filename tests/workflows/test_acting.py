"""act succeeds where GitHub would fail; the harness reports a failure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import acting
from acting import GitHub

HERE = Path(__file__).parent
WORKFLOW = """\
on: push
jobs:
  odd:
    runs-on: {label}
    steps:
      - run: {script}
"""


@pytest.fixture
def run(tmp_path, rights, api, environments):
    """Return a function that runs a workflow of one step."""

    def run(script, label="ubuntu-24.04"):
        file = tmp_path / "example/.github/workflows/odd.yml"
        file.parent.mkdir(parents=True)
        file.write_text(WORKFLOW.format(script=script, label=label))
        made = GitHub(
            tmp_path / "github", tmp_path / "example",
            rights=rights, api=api, variables={}, settings={}, environments=environments,
        )  # fmt: skip
        return made.run("odd.yml", "push", acting.event("push", ref="refs/heads/main"))

    return run


def test_a_workflow_that_github_would_run_passes(run):
    done = run("echo ${{ github.event_name }}")
    assert done.refused == []
    assert done.jobs == {"odd": "success"}
    assert done.log() == "push\n"


def test_a_runner_that_there_is_not_is_no_success(run):
    with pytest.raises(AssertionError, match="Skipping unsupported platform"):
        run("true", label="no-such-runner")


def test_an_expression_that_cannot_be_read_is_no_empty_text(run):
    with pytest.raises(AssertionError, match="Unable to interpolate"):
        run("echo ${{ fromJSON(github.event_name) }}")


def test_a_workflow_that_is_none_is_refused(run):
    with pytest.raises(AssertionError, match="workflow is not valid"):
        run("true\n      unknown: true")


@pytest.mark.parametrize(("required", "code", "word"), [("", 0, "skipped"), ("1", 1, "error")])
def test_no_act_is_a_failure_where_it_is_required(tmp_path, required, code, word):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", HERE / "test_kit.py"]
    without = {"PATH": "/nowhere", "XDG_CACHE_HOME": str(tmp_path), "REQUIRE_ACT": required}
    done = subprocess.run(
        command, env={**os.environ, **without}, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stdout
    assert word in done.stdout
    assert "passed" not in done.stdout
