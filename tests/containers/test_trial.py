"""A training image is tried before it is pushed: one that cannot train never gets there."""

import pytest

import harness
from containers import kits

VERB, REPOSITORY = "build-training-image", "matlab-sagemaker/training"
TOKEN = "user@host::valid-token-of-a-test"
BATCH, MATLAB = "/usr/local/bin/matlab-batch", "/usr/local/share/standin/matlab"
BOTO3 = "/usr/lib/python3/dist-packages/boto3.py"


def program(place, *lines):
    """Give the instruction that puts another program in the place of one."""
    text = "\\n".join(("#!/bin/sh", *lines))
    return f"RUN rm -f {place} && printf '{text}\\n' > {place} && chmod 755 {place}"


def pushed(project):
    """Give the digests of all training images."""
    ecr = harness.client("ecr", project.project.url)
    try:
        pages = list(ecr.get_paginator("list_images").paginate(repositoryName=REPOSITORY))
    except ecr.exceptions.RepositoryNotFoundException:
        return set()
    return {image["imageDigest"] for page in pages for image in page["imageIds"]}


def refusal(project, instruction, **environment):
    """Build on a base with this instruction more; give why the image was refused."""
    before = pushed(project)
    project.build_on_base(instruction)
    result = project.run(VERB, **environment)
    assert result.code == 6, result.stdout
    assert "The training image does not do" in result.annotations[0]
    assert result.outputs == {}
    assert pushed(project) == before
    return result.annotations[0]


@pytest.mark.parametrize(
    ("does", "words"),
    [("exit 0", "exit code 0, no model"), ("echo broken; exit 3", "exit code 3, no model")],
)
def test_an_octave_image_that_does_not_train_is_refused(project, does, words):
    assert words in refusal(project, program("/usr/bin/octave-cli", does))


@pytest.mark.parametrize(
    ("instruction", "words"),
    [
        (f"RUN echo 'raise ImportError' > {BOTO3}", "licence:boto3"),
        (program(BATCH, "exit 0"), "A job without a token has to start matlab-batch"),
    ],
)
def test_an_image_with_matlab_that_does_not_get_to_the_licence_is_refused(
    matlab, instruction, words
):
    assert words in refusal(matlab, instruction)


def test_an_image_is_tried_by_an_engine_that_does_not_see_this_machines_files(project, tmp_path):
    given = project.variables({})
    (tmp_path / "unseen").mkdir()
    process = kits.start_out_of_sight(project.project, tmp_path / "unseen", VERB, **given)
    result = project.project.finish(process)
    assert result.code == 0, result.stdout
    assert result.outputs["changed"] == "true"


def test_an_image_with_matlab_that_does_not_train_is_refused_where_there_is_a_token(matlab):
    words = refusal(matlab, program(MATLAB, "exit 0"), MLM_LICENSE_TOKEN=TOKEN)
    assert "exit code 0, no model" in words
