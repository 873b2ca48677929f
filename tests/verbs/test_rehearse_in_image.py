"""Rehearse in an image: Docker starts the engine, or says why it does not."""

import os

import pytest

from helpers.kit import verb_runs
from helpers.kit.paths import KIT

pytestmark = pytest.mark.slow

ASK = ("--request", "requests/three_flowers.csv")
EXPECTED = "requests/expected.csv"


@pytest.fixture
def desk(tmp_path):
    """The example on a machine without access to AWS."""
    return verb_runs.example(tmp_path / "repository", "http://127.0.0.1:9")


DOCKER = """#!/bin/sh
[ "$1" = version ] && exit 0
echo "docker $*" >> {log}
while test "$1" != acme/train:1; do
  test "$1" = --entrypoint && program=$2
  shift
done
shift
exec $program "$@"
"""
# Octave in place of MATLAB's program that reads a batch token; it gets the statement as one word.
MATLAB_BATCH = """#!/bin/sh
echo "token: $MLM_LICENSE_TOKEN, words: $*" >> {log}
test $# = 1 || exit 9
exec octave-cli --norc --no-history --quiet --no-window-system \
    --eval "warning('off', 'all'); addpath('{compat}'); $1"
"""


def test_in_an_image_docker_starts_the_engine_on_the_same_folders(desk, tmp_path):
    docker, log, around = in_image(tmp_path)
    result = desk.succeed("rehearse", *ASK, "--in-image", "acme/train:1", **around)
    assert result.outputs["prediction"] == (desk.root / EXPECTED).read_text()
    said = log.read_text()
    root = desk.root.resolve()
    assert f"--volume {root}:{root}:ro " in said
    docker.write_text(docker.read_text().replace("exec $program", "echo $program; exit 0;"))
    result = desk.succeed("rehearse", "--in-image", "acme/train:1", "--shell", **around)
    assert "To rehearse, run this in the shell that opens now:\n  octave-cli" in result.stdout
    assert "--interactive --tty --entrypoint bash acme/train:1" in log.read_text()


def test_a_batch_token_is_in_the_environment_of_matlab_batch_and_in_no_argument(desk, tmp_path):
    desk.edit("sagemaker.yml", "engine: octave", "engine: matlab")
    docker, log, around = in_image(tmp_path)
    batch = docker.with_name("matlab-batch")
    batch.write_text(MATLAB_BATCH.format(log=log, compat=KIT / "docker/octave/compat"))
    batch.chmod(0o755)
    around["MLM_LICENSE_TOKEN"] = "a secret"
    desk.succeed("rehearse", *ASK, "--in-image", "acme/train:1", **around)
    said = log.read_text()
    assert "--env MLM_LICENSE_TOKEN " in said
    assert "token: a secret, words: addpath(" in said
    assert said.count("a secret") == 1
    batch.write_text("#!/bin/sh\necho License checkout failed.\nexit 1\n")
    refused = desk.run("rehearse", "--in-image", "acme/train:1", **around)
    assert refused.code == 15
    assert "MATLAB did not start.%0ALicense checkout failed." in refused.annotations[0]
    assert "Set MLM_LICENSE_TOKEN to a valid batch token" in refused.annotations[0]
    docker.write_text(docker.read_text().replace("exec $program", "exit 0;"))
    result = desk.succeed("rehearse", "--in-image", "acme/train:1", "--shell", **around)
    assert "run this in the shell that opens now:\n  matlab-batch 'addpath(" in result.stdout
    assert "a secret" not in result.stdout


def in_image(tmp_path):
    """A docker that logs its command line and runs the command here; its file, log and PATH."""
    docker, log = tmp_path / "bin/docker", tmp_path / "log"
    docker.parent.mkdir()
    docker.write_text(DOCKER.format(log=log))
    docker.chmod(0o755)
    return docker, log, {"PATH": f"{docker.parent}:{os.environ['PATH']}"}


@pytest.mark.parametrize(
    ("docker", "code", "said"),
    [
        ("echo Cannot connect to the daemon; exit 1", 7, "No Docker engine answers"),
        ('[ "$1" = version ] && exit 0; exit 125', 6, "Docker cannot run the image acme/train:1"),
    ],
)
def test_where_docker_runs_no_image_the_code_is_not_to_blame(desk, tmp_path, docker, code, said):
    program = tmp_path / "bin/docker"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{docker}\n")
    program.chmod(0o755)
    around = {"PATH": f"{program.parent}:{os.environ['PATH']}"}
    result = desk.run("rehearse", "--in-image", "acme/train:1", **around)
    assert result.code == code
    assert said in result.annotations[0]
