"""A link in the user's repository where the workflows check the kit out.

actions/checkout follows it, so that the kit replaces the files of another folder, such as data.
Source: https://github.com/actions/checkout/blob/main/src/git-directory-helper.ts
"""

import shutil

import pytest

from helpers.kit.verb_runs import jobs

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("verb", ["train", "deploy", "compile-handler", "build-training-image"])
def test_a_repository_in_which_the_kits_folder_is_a_link_is_refused(ready, aws, verb):
    (ready.root / ".kit").symlink_to("data/training")
    result = ready.run(verb)
    assert result.code == 2
    assert ".kit is a link in this repository" in result.annotations[0]
    assert jobs(aws, ready) == {}


def test_what_would_be_checked_out_through_the_link_would_be_data(ready):
    """Outside of a runner nothing is checked out there, so the link is accepted."""
    before = ready.succeed("train", "--find-only", GITHUB_ACTIONS="").summary
    (ready.root / ".kit").symlink_to("data/training")
    (ready.root / ".kit/kit.csv").write_text("1,2,3,4,evil\n")
    assert ready.succeed("train", "--find-only", GITHUB_ACTIONS="").summary != before


def test_files_below_that_name_are_no_part_of_what_is_trained(ready):
    before = ready.succeed("train", "--find-only").summary
    shutil.copytree(ready.root / "code", ready.root / "code/.kit")
    assert ready.succeed("train", "--find-only").summary == before, "it names the key"
