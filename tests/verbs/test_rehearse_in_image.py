"""Rehearse in an image: Docker starts the engine, or says why it does not."""

import os

import pytest

from helpers.kit import verb_runs

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


def test_in_an_image_docker_starts_the_engine_on_the_same_folders(desk, tmp_path):
    docker, log = tmp_path / "bin/docker", tmp_path / "log"
    docker.parent.mkdir()
    docker.write_text(DOCKER.format(log=log))
    docker.chmod(0o755)
    around = {"PATH": f"{docker.parent}:{os.environ['PATH']}", "MLM_LICENSE_TOKEN": "a secret"}
    result = desk.succeed("rehearse", *ASK, "--in-image", "acme/train:1", **around)
    assert result.outputs["prediction"] == (desk.root / EXPECTED).read_text()
    said = log.read_text()
    root = desk.root.resolve()
    assert f"--volume {root}:{root}:ro " in said
    assert "--env MLM_LICENSE_TOKEN " in said
    assert "a secret" not in said
    docker.write_text(docker.read_text().replace("exec $program", "echo $program; exit 0;"))
    result = desk.succeed("rehearse", "--in-image", "acme/train:1", "--shell", **around)
    assert "To rehearse, run this in the shell that opens now:\n  octave-cli" in result.stdout
    assert "--interactive --tty --entrypoint bash acme/train:1" in log.read_text()


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
