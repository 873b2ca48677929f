"""Files in Git LFS, and in a submodule: the real actions/checkout, from a repository with both."""

import os
import shutil

import pytest

import acting
from helpers.kit import verb_runs
from helpers.kit.git_repository import commit, git, repository

DATA, REQUESTS = "data/training/iris.csv", "requests"
PARTS = "acme/parts"


@pytest.fixture
def with_both(github, account):
    """A project whose data is in Git LFS, its requests in a submodule, and its model trained."""
    if not (acting.REAL / "checkout").is_dir():
        pytest.skip("needs actions/checkout in ../shared/actions: the double knows neither")
    if not shutil.which("git-lfs"):
        (pytest.fail if os.environ.get("REQUIRE_ACT") else pytest.skip)("needs git-lfs")
    user, parts = github.user, github.folder / "remotes" / PARTS
    repository(parts, {file.name: file for file in (user / REQUESTS).iterdir()})
    shutil.rmtree(user / REQUESTS)
    commit(user, "Without requests")
    git(user, "-c", "protocol.file.allow=always", "submodule", "add", parts, REQUESTS)
    git(user, "config", "-f", ".gitmodules", f"submodule.{REQUESTS}.url", "../parts")
    git(user, "lfs", "install", "--local")
    github.write(".gitattributes", f"{DATA} filter=lfs diff=lfs merge=lfs -text\n")
    (user / DATA).touch()
    github.edit(
        ".github/workflows/deploy.yml", "    with:\n",
        "    with:\n      lfs: true\n      submodules: true\n",
    )  # fmt: skip
    github.commit("Git LFS and a submodule")
    assert "git-lfs.github.com/spec" in git(user, "show", f"HEAD:{DATA}")
    verb_runs.Project(user, account.url).succeed("train")
    return github


@pytest.mark.slow
def test_what_is_in_git_lfs_and_in_a_submodule_is_deployed(with_both):
    payload = acting.event("push", ref="refs/heads/main")
    run = with_both.run("deploy.yml", "push", payload)
    assert run.refused == [], run.log("Deploy")
    assert run.jobs == dict.fromkeys(("Find the model", "Compile the handler", "Deploy"), "success")
    assert "setosa" in run.outputs("Deploy", "predict")["prediction"]
