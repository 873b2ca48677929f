"""compile-handler with the engine matlab: MATLAB and its compiler are stood in for, not Docker."""

import base64
import shutil

import pytest

import harness
from containers import kits, matlab_images

CONFIG = """
name: {name}
matlab:
  engine: matlab
training:
  function: trainClassificationTree
  code: code
  channels:
    training: data/training
inference:
  handler: StandinHandler
  code: inference
"""


@pytest.fixture
def project(tmp_path, emulator, docker, base_image):
    made = kits.DockerProject(tmp_path / "repository", emulator, docker, base_image)
    name = made.project.name
    made.project.write("sagemaker.yml", CONFIG.format(name=name))
    shutil.rmtree(made.project.root / "inference")
    shutil.copytree(matlab_images.STANDIN / "handler", made.project.root / "inference")
    made.project.write("inference/own.m", f"% {name}\n")  # no other test has this content
    yield made
    made.close()


@pytest.fixture
def with_matlab(docker, base_image, tmp_path):
    return matlab_images.compiler(docker, base_image, tmp_path / "matlab")


def pull(docker, emulator, image, login):
    """Pull an image with ECR's password; the login is for this pull alone."""
    ecr = harness.client("ecr", emulator.url)
    (granted,) = ecr.get_authorization_token()["authorizationData"]
    user, _, password = base64.b64decode(granted["authorizationToken"]).decode().partition(":")
    with_login = ("--config", login)
    words = ("login", "--username", user, "--password-stdin", granted["proxyEndpoint"])
    docker.docker(*with_login, *words, input=password)
    docker.docker(*with_login, "pull", image)


def test_the_handler_is_compiled_once_and_found_without_matlab_and_docker(
    project, with_matlab, docker, emulator, tmp_path
):
    first = project.succeed("compile-handler", **with_matlab)
    assert first.outputs["changed"] == "true"
    again = project.succeed("compile-handler", DOCKER_HOST="unix:///nowhere")
    assert again.outputs["image"] == first.outputs["image"]
    assert again.outputs["changed"] == "false"
    model = tmp_path / "model"
    model.mkdir()
    (model / "model.txt").write_text("the model")
    pull(docker, emulator, first.outputs["image"], tmp_path / "login")
    with matlab_images.serving(docker, first.outputs["image"], model) as container:
        answer = container.ready().ask("POST", "/invocations", b"hello")
    assert answer == (200, b"hello with the model")


def test_a_handler_that_does_not_compile_fails_with_matlabs_words(project, with_matlab):
    project.edit("sagemaker.yml", "StandinHandler", "AbsentHandler")
    result = project.run("compile-handler", **with_matlab)
    assert result.code != 0
    assert "AbsentHandler.m" in result.stdout


def test_without_matlab_the_step_says_where_to_run_it(project):
    path = "/usr/sbin:/usr/bin:/sbin:/bin"
    result = project.run("compile-handler", PATH=path)
    assert result.code != 0
    assert "no MATLAB on this machine" in result.stdout
