"""A training image is tried before it is pushed: one that cannot train never gets there."""

import json
import time

import pytest

from helpers.kit.waiting import eventually
from images import debian, docker_projects
from matlab_sagemaker.images import sample_job

VERB, REPOSITORY = "build-training-image", "matlab-sagemaker/candidate"
TOKEN = "user@host::valid-token-of-a-test"
LABEL, FILE = "matlab-sagemaker.deadline", "/run/batch-token"
BATCH, MATLAB = "/usr/local/bin/matlab-batch", "/usr/local/share/standin/matlab"
BOTO3 = "/usr/lib/python3/dist-packages/boto3.py"
BOTOCORE = "/usr/lib/python3/dist-packages/botocore.py"


def program(place, *lines):
    """Return the instruction that replaces a program by another one."""
    text = "\\n".join(("#!/bin/sh", *lines))
    return f"RUN rm -f {place} && printf '{text}\\n' > {place} && chmod 755 {place}"


def refusal(project, instruction, **environment):
    """Build on a base with this instruction more; give why the image was refused."""
    before = docker_projects.images(project.project.url, REPOSITORY)
    project.build_on_base(instruction)
    result = project.run(VERB, **environment)
    assert result.code == 6, result.stdout
    assert "The training image does not do" in result.annotations[0]
    assert result.outputs == {}
    assert docker_projects.images(project.project.url, REPOSITORY) == before
    return result.annotations[0]


@pytest.mark.parametrize(
    ("does", "words"),
    [("exit 0", "exit code 0, no model"), ("echo broken; exit 3", "exit code 3, no model")],
)
def test_an_octave_image_that_does_not_train_is_refused(project, does, words):
    assert words in refusal(project, program("/usr/bin/octave-cli", does))


def test_an_octave_image_that_does_not_get_to_its_seal_is_refused(project):
    assert "seal:boto3" in refusal(project, f"RUN echo 'raise ImportError' > {BOTOCORE}")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("instruction", "words"),
    [
        (f"RUN echo 'raise ImportError' > {BOTO3}", "licence:boto3"),
        (program(BATCH, "exit 0"), "A job without a token must start matlab-batch"),
    ],
)
def test_an_image_with_matlab_that_does_not_get_to_the_licence_is_refused(
    matlab, instruction, words
):
    assert words in refusal(matlab, instruction)


def test_an_image_is_tried_by_an_engine_that_does_not_see_this_machines_files(project, tmp_path):
    given = project.variables({})
    (tmp_path / "unseen").mkdir()
    process = docker_projects.start_out_of_sight(
        project.project, tmp_path / "unseen", VERB, **given
    )
    result = project.project.finish(process)
    assert result.code == 0, result.stdout
    assert result.outputs["changed"] == "true"


def in_training(docker):
    """Return the kit's container with this output; other tests have some, too."""
    kits_own = docker.docker("ps", "--quiet", "--filter", f"label={LABEL}").split()
    said = (c for c in kits_own if "it trains" in docker.docker("logs", c, check=False))
    return next(said, "")


@pytest.fixture
def left(docker, matlab):
    """The container of a run with a token that was killed in its trial."""
    trains_long = 'case "$2" in *sagemaker_training*) echo it trains; sleep 900;; esac'
    matlab.build_on_base(program(MATLAB, trains_long))
    run = matlab.start(VERB, MLM_LICENSE_TOKEN=TOKEN)
    found = eventually(lambda: in_training(docker), 200)
    run.kill()
    matlab.project.finish(run)
    yield found
    docker.docker("rm", "--force", "--volumes", found)


def test_a_run_that_is_killed_in_its_trial_leaves_no_token_and_nothing_for_long(
    docker, matlab, left
):
    """Its container ends by itself, and the next run removes it."""
    (about,) = json.loads(docker.docker("inspect", left))
    assert about["State"]["Running"]
    deadline = int(about["Config"]["Labels"][LABEL])
    assert time.time() < deadline < time.time() + 900
    assert "timeout -s KILL 360" in about["Args"][1]
    assert "No such file" in docker.docker("exec", left, "cat", "/run/batch-token", check=False)
    old = f"--label={LABEL}={int(time.time()) - 1}"
    late = docker.docker("run", "--detach", old, "--network=host", matlab.base, "sleep", "900")
    matlab.edit("sagemaker.yml", "engine: matlab", "engine: octave")
    docker.docker("tag", debian.base_image(docker), matlab.base)
    matlab.succeed("compile-handler")
    there = docker.docker("ps", "--all", "--quiet", "--no-trunc")
    assert late.strip() not in there
    assert left in there  # it may be another run's, which goes on


def test_what_has_the_token_ends_by_itself(docker, base_image):
    line = sample_job._with_token(1)
    words = ("--entrypoint=sh", "--network=host", base_image, "-c", f"echo t > {FILE}; {line}")
    container = docker.docker("create", *words, "sh", "-c", "sleep 60").strip()
    docker.docker("start", container)
    assert docker.docker("wait", container).strip() == "137"
    docker.docker("rm", container)


def test_an_image_with_matlab_that_does_not_train_is_refused_where_there_is_a_token(matlab):
    words = refusal(matlab, program(MATLAB, "exit 0"), MLM_LICENSE_TOKEN=TOKEN)
    assert "exit code 0, no model" in words
