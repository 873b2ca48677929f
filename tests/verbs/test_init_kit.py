"""What init writes about the kit: its repository, its version, its GitHub."""

import pytest

from helpers.kit.git_repository import commit, git, kit_files, repository
from helpers.kit.init_runs import GIVEN, WRITTEN, workflow
from helpers.kit.paths import KIT

pytestmark = pytest.mark.slow


@pytest.fixture
def kit_clone(tmp_path):
    """A clone of the kit, released as v1.4.0, whose remote is GitHub; and its commit."""
    folder = tmp_path / "kit"
    commit = repository(folder, kit_files())
    (folder / "scripts/run").chmod(0o755)
    (folder / ".venv").symlink_to(KIT / ".venv")
    git(folder, "tag", "v1")
    git(folder, "tag", "v1.4.0")
    git(folder, "remote", "add", "origin", "https://github.com/acme-tools/kit.git")
    return folder, commit


@pytest.mark.parametrize(
    "url", ["https://github.com/acme-tools/kit.git", "git@github.com:acme-tools/kit.git"]
)
def test_the_kits_clone_says_where_it_is_from_and_which_version(bare, kit_clone, url):
    folder, commit = kit_clone
    git(folder, "remote", "set-url", "origin", url)
    run = folder / "scripts/run"
    result = bare.finish(bare._start([run, "init", "--engine", "octave"]))
    assert result.code == 0, result.stderr
    assert workflow(bare, "train")["uses"].startswith("acme-tools/kit/.github/")
    assert workflow(bare, "train")["uses"].endswith("train.yml@v1")
    options = ["--engine", "octave", "--ref", commit, "--force"]
    assert bare.finish(bare._start([run, "init", *options])).code == 0
    assert f"train.yml@{commit} # v1.4.0\n" in (bare.root / WRITTEN[1]).read_text()


def test_a_kit_in_the_users_own_folder_is_not_the_users_code(bare, kit_clone):
    folder, _ = kit_clone
    inside = bare.root / "tools/kit"
    inside.parent.mkdir()
    folder.rename(inside)
    result = bare.finish(bare._start([inside / "scripts/run", "init", "--engine", "octave"]))
    assert result.code == 0, result.stderr
    assert "function: trainClassificationTree" in (bare.root / "sagemaker.yml").read_text()


def test_a_kit_copied_into_the_users_repository_is_not_taken_for_it(bare, kit_clone):
    folder, _ = kit_clone
    (folder / ".git").rename(folder.parent / "elsewhere")
    folder.rename(bare.root / "kit")
    start = [bare.root / "kit/scripts/run", "init", "--engine", "octave"]
    refused = bare.finish(bare._start(start))
    assert refused.code == 2
    assert "--kit: The kit's copy on GitHub" in refused.stderr


def test_on_a_server_the_kit_is_of_the_same_server_and_named(bare, kit_clone):
    folder, _ = kit_clone
    git(folder, "remote", "set-url", "origin", "https://git.corp.example/acme-tools/kit.git")
    start = [folder / "scripts/run", "init", "--engine", "octave"]
    refused = bare.finish(bare._start(start))
    assert refused.code == 2
    assert "--kit" in refused.stderr
    git(bare.root, "remote", "set-url", "origin", "ssh://git@git.corp.example/acme/flowers.git")
    assert bare.finish(bare._start(start)).code == 0
    for verb in ("train", "deploy", "operate"):
        assert workflow(bare, verb)["with"]["kit-repository"] == "acme-tools/kit"
        assert workflow(bare, verb)["with"]["kit-ref"] == "v1"


def test_the_default_branch_is_the_remotes(bare):
    commit(bare.root, "First")
    git(bare.root, "branch", "main")
    git(bare.root, "update-ref", "refs/remotes/origin/release/1", "trunk")
    git(bare.root, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/release/1")
    bare.succeed("init", *GIVEN)
    assert "branches: [release/1]" in (bare.root / WRITTEN[1]).read_text()
