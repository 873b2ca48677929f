"""compile-handler with the engine matlab: Docker, and stand-ins for MATLAB and its compiler."""

import base64
import json
import shutil
import uuid
from pathlib import Path

import pytest

from helpers.aws import fault_proxy
from helpers.kit import secret_traces, verb_runs
from helpers.kit.waiting import eventually
from images import docker_projects, dying_engine, matlab_images, running

REPOSITORY = "matlab-sagemaker/release"
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
    made = docker_projects.DockerProject(tmp_path / "repository", emulator, docker, base_image)
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
    """Pull an image with ECR's password; the login is only for this pull."""
    ecr = verb_runs.client("ecr", emulator.url)
    (granted,) = ecr.get_authorization_token()["authorizationData"]
    user, _, password = base64.b64decode(granted["authorizationToken"]).decode().partition(":")
    with_login = ("--config", login)
    words = ("login", "--username", user, "--password-stdin", granted["proxyEndpoint"])
    docker.docker(*with_login, *words, input=password)
    docker.docker(*with_login, "pull", image)


def share(project):
    """Make the handler call a function in a sub-folder of a second folder, and that a package."""
    project.edit("sagemaker.yml", "  code: inference\n", "  code: [inference, shared]\n")
    for file, text in (
        ("shared/deep/joined.m", "function text = joined()\n text = flora.word();\nend\n"),
        ("shared/+flora/word.m", "function text = word()\n text = ' with ';\nend\n"),
    ):
        (project.project.root / file).parent.mkdir(parents=True)
        project.project.write(file, text)
    project.edit("inference/StandinHandler.m", "words{1} ' with ' model", "words{1} joined() model")


def test_a_changed_handler_sends_little_where_matlab_has_its_layers_already(project, with_matlab):
    project.succeed("compile-handler", **with_matlab)
    project.project.write("inference/own.m", f"% {project.project.name}, changed\n")
    again = project.succeed("compile-handler", **with_matlab).outputs
    assert again["changed"] == "true"
    assert 0 < int(again["pushed-bytes"]) < 1_000_000


def test_the_handler_is_compiled_once_and_found_without_matlab_and_docker(
    project, with_matlab, docker, emulator, tmp_path
):
    share(project)
    first = project.succeed("compile-handler", **with_matlab)
    assert first.outputs["changed"] == "true"
    again = project.succeed("compile-handler", DOCKER_HOST="unix:///nowhere")
    assert again.outputs["image"] == first.outputs["image"]
    assert again.outputs["changed"] == "false"
    assert "The microservice is healthy." in first.stdout
    key = first.outputs["tag"].removeprefix("inference-")
    assert key not in docker.docker("images", "matlab-microservice")
    model = tmp_path / "model"
    model.mkdir()
    (model / "model.txt").write_text("the model")
    pull(docker, emulator, first.outputs["image"], tmp_path / "login")
    with running.serving(docker, first.outputs["image"], model) as container:
        answer = container.ready().ask("POST", "/invocations", b"hello")
    assert answer == (200, b"hello with the model")


def test_a_handler_that_does_not_compile_fails_with_matlabs_words(project, with_matlab):
    before = docker_projects.images(project.project.url, REPOSITORY)
    project.edit("inference/StandinHandler.m", "prediction = [words", "prediction = [[words")
    result = project.run("compile-handler", **with_matlab)
    assert result.code == 6
    assert "MATLAB could not compile StandinHandler." in result.annotations[0]
    assert "of file inference/StandinHandler.m" in result.annotations[0], "not a copy of it"
    assert docker_projects.images(project.project.url, REPOSITORY) == before


def test_what_the_key_does_not_count_is_not_compiled(
    project, with_matlab, docker, emulator, tmp_path
):
    (project.project.root / "inference/.git").mkdir()
    project.project.write("inference/.git/config", "url = https://user:secret@host/\n")
    image = project.succeed("compile-handler", **with_matlab).outputs["image"]
    pull(docker, emulator, image, tmp_path / "login")
    listing = ("--entrypoint", "tar", image, "-tf", "/usr/bin/mlrtapp/sagemaker_handler.ctf")
    members = docker.docker("run", "--rm", *listing).split()
    docker.docker("rmi", image)
    assert [name for name in members if name.endswith("/own.m")]
    assert not [name for name in members if ".git" in name]


def test_a_matlab_of_another_release_compiles_nothing(project, with_matlab):
    result = project.run("compile-handler", **with_matlab, STANDIN_RELEASE="R2025bU1")
    assert result.code == 15
    assert "is R2025bU1, but matlab.release in sagemaker.yml is R2026a" in result.annotations[0]
    assert result.outputs == {}
    project.edit("sagemaker.yml", "  engine: matlab", "  engine: matlab\n  release: R2025bU1")
    assert project.succeed("compile-handler", **with_matlab, STANDIN_RELEASE="R2025bU1")


def test_runs_with_the_same_key_do_not_take_each_others_image(project, with_matlab, tmp_path):
    compiled, go_on, slow = (tmp_path / name for name in ("compiled", "go-on", "slow/matlab"))
    slow.parent.mkdir()
    slow.write_text(
        f'#!/bin/sh\nPATH={with_matlab["PATH"]} matlab "$@" || exit\ntouch {compiled}\n'
        f"while ! [ -e {go_on} ]; do sleep 0.1; done\n"
    )
    slow.chmod(0o755)
    path = {"PATH": f"{slow.parent}:{with_matlab['PATH']}"}
    first = project.start("compile-handler", **{**with_matlab, **path})
    eventually(compiled.exists, 120)
    second = project.succeed("compile-handler", **with_matlab)
    go_on.touch()
    end = project.project.finish(first)
    assert end.code == 0, end.stdout
    assert end.outputs["image"] == second.outputs["image"]


def test_an_image_whose_microservice_cannot_start_gets_no_tag(project, with_matlab):
    before = docker_projects.images(project.project.url, REPOSITORY)
    project.build_on_base("ENV STANDIN_LACKS=libmwmclmcr.so")
    result = project.run("compile-handler", **{**with_matlab, "STANDIN_BASE_IMAGE": project.base})
    assert result.code == 6
    assert "does not serve: it ended with exit code 1" in result.annotations[0]
    assert "error while loading libmwmclmcr.so" in result.annotations[0]
    assert result.outputs == {}
    assert docker_projects.images(project.project.url, REPOSITORY) == before


def test_a_microservice_image_with_an_old_python_is_told(project, with_matlab):
    project.build_on_base(docker_projects.OLD_PYTHON)
    result = project.run("compile-handler", **{**with_matlab, "STANDIN_BASE_IMAGE": project.base})
    assert result.code == 6
    assert "python3 is too old: Python 3.8.10" in result.annotations[0]
    assert "newer matlab.release" in result.annotations[0]


def test_a_refused_token_is_told_as_that(project, with_matlab_batch):
    given = {**with_matlab_batch, "MLM_LICENSE_TOKEN": "tester@example.com::expiredtoken"}
    result = project.run("compile-handler", **given)
    assert result.code == 12
    assert "MLM_LICENSE_TOKEN" in result.annotations[0]
    assert "expiredtoken" not in result.stdout + result.stderr


def test_an_engine_that_goes_away_in_matlabs_build_is_told(project, with_matlab):
    with dying_engine.until(project.docker, "POST /(v[^ ]+/)?(grpc|session)") as gone:
        result = project.run("compile-handler", **{**with_matlab, **gone})
    assert result.code == 7
    assert "The connection to the Docker engine was lost." in result.annotations[0]


def test_without_matlab_the_step_says_where_to_run_it(project):
    path = "/usr/sbin:/usr/bin:/sbin:/bin"
    result = project.run("compile-handler", PATH=path)
    assert result.code != 0
    assert "no MATLAB on this machine" in result.stdout


@pytest.fixture
def with_matlab_batch(with_matlab):
    """A machine that has matlab-batch, too, which prints the worst that it can.

    The image also gets another name, under which the test can search it afterwards.
    """
    program = Path(with_matlab["PATH"].partition(":")[0]) / "matlab-batch"
    program.write_text(
        '#!/bin/sh\necho "licensed by $MLM_LICENSE_TOKEN"\n'
        f'{matlab_images.STANDIN}/bin/matlab-batch "$@" || exit\n'
        "for key in $(docker images --format '{{.Tag}}' matlab-microservice); do\n"
        '  docker tag "matlab-microservice:$key" "matlab-sagemaker-test/kept:${key%-*}"\n'
        "done\n"
    )
    program.chmod(0o755)
    return with_matlab


def test_the_token_licenses_the_compilation_and_is_seen_nowhere(
    project, with_matlab_batch, docker, emulator, tmp_path
):
    token, recorder = f"tester@example.com::valid{uuid.uuid4().hex}", fault_proxy.Recorder()
    with fault_proxy.proxy(emulator.url, recorder) as url, secret_traces.Watch(docker) as watch:
        given = {**with_matlab_batch, "AWS_ENDPOINT_URL": url, "MLM_LICENSE_TOKEN": token}
        result = project.succeed("compile-handler", **given)
    assert "licensed by ***" in result.stdout
    assert [line for line in watch.command_lines if "matlab\0-batch" in line or "--eval" in line]
    pull(docker, emulator, result.outputs["image"], tmp_path / "login")
    key = result.outputs["tag"].removeprefix("inference-")
    images = (result.outputs["image"], f"matlab-sagemaker-test/kept:{key}")
    seen = {
        "command lines": watch.command_lines,
        "requests and answers": [
            e.sent + e.body + repr(e.headers).encode() for e in recorder.exchanges
        ],
        "what the step tells": [
            result.stdout,
            result.stderr,
            result.summary,
            json.dumps(result.outputs),
        ],
        "images": [docker.docker("image", "inspect", *images)],
        "histories": [docker.docker("history", "--no-trunc", image) for image in images],
        "builds": [docker.docker("buildx", "du", "--verbose")],
        "layers": (data for image in images for _, data in secret_traces.layers(docker, image)),
        "the emulator's files": (data for _, data in secret_traces.files(emulator.work)),
    }
    for where, texts in seen.items():
        shown = [secret_traces.shows(text, token) for text in texts]
        assert shown, where
        assert not any(shown), where
