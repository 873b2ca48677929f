"""Which of two commits is older, as far as the history in the checkout shows."""

import pytest

from helpers.kit.git_repository import commit, git, repository
from matlab_sagemaker.project.git import is_older

UNKNOWN = "0" * 40


@pytest.fixture
def history(tmp_path):
    """A repository with three commits, one after the other."""
    root = tmp_path / "repository"
    commits = [repository(root, {})]
    commits += [commit(root, message) for message in ("Second", "Third")]
    return root, commits


def clone(root, *options):
    folder = root.parent / "clone"
    git(root, "clone", "-q", *options, f"file://{root}", folder)
    return folder


def test_a_commit_is_older_than_those_that_come_after_it(history):
    root, (first, second, third) = history
    assert is_older(root, first, second)
    assert is_older(root, first, third)
    assert is_older(root, second, first) is False
    assert is_older(root, second, second) is False


def test_a_commit_of_another_line_is_not_newer(history):
    root, (first, _, third) = history
    git(root, "checkout", "-q", "-b", "other", first)
    other = commit(root, "Beside them")
    assert is_older(root, third, other) is False
    assert is_older(root, first, other)


@pytest.mark.parametrize("word", [UNKNOWN, "HEAD", "", "--all", "main"])
def test_of_what_is_no_commit_here_nothing_is_known(history, word):
    root, (first, *_) = history
    assert is_older(root, first, word) is None
    assert is_older(root, word, first) is None


def test_without_a_repository_nothing_is_known(tmp_path):
    assert is_older(tmp_path, UNKNOWN, "1" * 40) is None


def test_a_history_that_is_cut_off_says_no_to_nothing(history):
    root, (first, second, third) = history
    folder = clone(root, "--depth=1")
    assert is_older(folder, second, third) is None
    git(folder, "fetch", "-q", "--depth=1", "origin", first)
    assert is_older(folder, first, third) is None, "it is, and the way there is missing"
    git(folder, "fetch", "-q", "--unshallow", "origin")
    assert is_older(folder, first, third)


def test_a_clone_without_files_tells_and_asks_no_remote_for_a_commit_that_it_lacks(history):
    root, (first, _, third) = history
    git(root, "config", "uploadpack.allowFilter", "true")
    folder = clone(root, "--no-checkout", "--filter=blob:none")
    later = commit(root, "After the clone")
    assert is_older(folder, first, third)
    assert is_older(folder, third, later) is None
