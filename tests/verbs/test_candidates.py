"""The image that a pull request trains on: a released one if it exists, or else a candidate."""

import json

import pytest

from helpers.kit import verb_runs
from helpers.kit.verb_runs import SAVE, write_function

pytestmark = pytest.mark.slow

BUILD = "build-training-image"
RELEASE = ("--repository", "release")
AGAIN = "The training image is not released yet: the merge builds it"


@pytest.fixture
def pull_request(tmp_path):
    """The environment of a run for a pull request."""
    event = tmp_path / "event.json"
    head = {"sha": "c" * 40, "repo": {"full_name": "acme/flowers"}}
    event.write_text(json.dumps({"pull_request": {"number": 7, "head": head}}))
    return {"GITHUB_EVENT_PATH": str(event), "GITHUB_REPOSITORY": "acme/flowers"}


@pytest.fixture
def proposed(ready):
    """A project that learns nothing, whose training image is released."""
    write_function(ready, SAVE)
    return ready


def test_a_pull_request_trains_on_a_released_image_and_its_merge_takes_the_model(
    proposed, pull_request, aws
):
    image = proposed.succeed(BUILD, "--find-only", **pull_request).outputs["image"]
    assert "/matlab-sagemaker/release@" in image
    trained = proposed.succeed("train", **pull_request)
    assert AGAIN not in trained.report
    found = proposed.succeed("train", "--find-only", *RELEASE).outputs
    assert found["job-name"] == trained.outputs["job-name"]
    again = proposed.succeed("train", *RELEASE)
    assert again.outputs["changed"] == "false"
    assert list(verb_runs.jobs(aws, proposed)) == [found["job-name"]]


def test_a_pull_request_that_changes_the_image_tries_it_and_its_merge_trains_again(
    proposed, pull_request, aws
):
    proposed.edit("sagemaker.yml", "octave #", f"octave\n  base_image: {proposed.name} #")
    candidate = proposed.succeed(BUILD, **pull_request).outputs["image"]
    tried = proposed.succeed("train", **pull_request)
    assert AGAIN in tried.report
    assert image_of(aws, tried) == candidate
    assert proposed.succeed("train", **pull_request).outputs["changed"] == "false"

    unbuilt = proposed.run("train", *RELEASE)
    assert unbuilt.code == 3
    assert "Run build-training-image --repository release first" in unbuilt.annotations[0]
    assert proposed.succeed("train", "--find-only", *RELEASE).outputs["found"] == "false"
    release = proposed.succeed(BUILD, *RELEASE).outputs["image"]
    merged = proposed.succeed("train", *RELEASE)
    assert merged.outputs["changed"] == "true"
    assert image_of(aws, merged) == release
    assert AGAIN not in merged.report

    later = proposed.succeed("train", **pull_request)
    assert later.outputs["job-name"] == merged.outputs["job-name"]
    assert AGAIN not in later.report


def image_of(aws, trained):
    name = trained.outputs["job-name"]
    job = aws("sagemaker").describe_training_job(TrainingJobName=name)
    return job["AlgorithmSpecification"]["TrainingImage"]
