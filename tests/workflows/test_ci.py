"""The kit's own CI: what GitHub runs for a change to the kit."""

import os
import shutil

import pytest

import acting
from helpers.kit import go_programs, verb_runs
from helpers.kit.git_repository import kit_files

PASSED_ON = {name: os.environ[name] for name in verb_runs.PASSED_ON if name in os.environ}


@pytest.mark.slow
def test_lint_and_types_run_on_a_runner_as_they_do_by_hand(tmp_path, rights, api, environments):
    """Its variables are other ones: a runner has a folder of its own for what is temporary."""
    for name, source in kit_files().items():
        target = tmp_path / "kit" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    variables = {
        **PASSED_ON,
        "XDG_CACHE_HOME": go_programs.cache().parent,
    }  # of Go
    github = acting.GitHub(
        tmp_path / "github", tmp_path / "kit",
        rights=rights, api=api, variables=variables, settings={}, environments=environments,
    )  # fmt: skip
    payload = acting.event("push", ref="refs/heads/main")
    run = github.run("ci.yml", "push", payload, job="check")
    assert run.refused == [], run.log()
    assert run.jobs == {"Lint and types": "success"}
    assert "no issues found" in run.log()
