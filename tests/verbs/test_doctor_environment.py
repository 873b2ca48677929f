"""Doctor by hand warns if everybody who may push a branch can deploy to an environment."""

import pytest

from helpers.github.gh import REVIEWERS, Gh
from helpers.kit.doctor_runs import Machine, examine
from helpers.kit.git_repository import git
from matlab_sagemaker.project import workflows

BY_HAND = {"GITHUB_ACTIONS": "", "INPUT_BUILDER": "docker", "DOCKER_HOST": "unix:///nowhere"}
ROW = "environment production"


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path / "bin")


@pytest.fixture
def gh(project, machine):
    """A gh that can see the project's repository, which has no environment yet."""
    git(project.root, "init", "-q", "-b", "main")
    git(project.root, "remote", "add", "origin", "git@github.com:acme/flowers.git")
    made = Gh(machine.folder, "acme/flowers")
    made.protect()
    return made


def test_a_warning_has_its_mark_and_its_fix_and_refuses_nothing(project, gh, machine):
    found, result = examine(project, **BY_HAND, **machine.environment)
    assert found[ROW]["state"] == "warning"
    assert "allow only main" in found[ROW]["fix"]
    assert f"| {ROW} | ⚠ | it does not exist" in result.summary
    assert ROW not in "".join(result.annotations)


def test_the_environment_is_the_one_that_the_workflows_name(project, gh, machine):
    for name in ("deploy.yml", "operate.yml"):
        file = f"{workflows.FOLDER}/{name}"
        project.edit(file, "environment: production", "environment: staging")
    gh.environment("staging", REVIEWERS)
    found, _ = examine(project, **BY_HAND, **machine.environment)
    assert found["environment staging"]["state"] == "fine"
    assert ROW not in found


def test_on_a_runner_nothing_is_asked_of_github(project, gh, machine):
    found, _ = examine(project, **machine.environment)
    assert not [what for what in found if what.startswith("environment")]
