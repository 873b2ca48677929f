"""check-image runs an image as SageMaker would, and names the first fault."""

import contextlib
import json
import time

import pytest
from docker.client import DockerClient

from helpers.kit import verb_runs
from images import docker_projects, registries, serving_images
from matlab_sagemaker.errors import ImageError
from matlab_sagemaker.images import container


@pytest.fixture
def checked(docker, base_image, tmp_path):
    """Return a function that builds an image with a fault, and checks it."""
    (tmp_path / "repository").mkdir()
    project = verb_runs.Project(tmp_path / "repository", "http://127.0.0.1:9")
    project.write("request.csv", "1,2\n")
    model = serving_images.model(tmp_path)

    def check(habit="well", *options, image=None, **environment):
        image = image or serving_images.build(docker, base_image, tmp_path, habit)
        words = ("--model", model, "--request", "request.csv", *options)
        result = project.run("check-image", image, *words, **docker.environment, **environment)
        left = docker.docker("ps", "--all", "--quiet", "--filter", f"ancestor={image}")
        assert left == ""
        return result

    return check


def checks_of(result):
    return {check["name"]: check for check in json.loads(result.outputs["checks"])}


def test_an_image_that_does_all_is_passed_with_what_was_found(checked):
    result = checked()
    assert result.code == 0, result.stdout + result.stderr
    found = {name: check["found"] for name, check in checks_of(result).items()}
    assert found["platform"] == "linux/amd64"
    assert found["manifest"] == "none: not pushed yet"
    assert found["ping"].startswith("200 after")
    assert found["answer"].startswith("200, 10 bytes")  # the model's line, and the request's
    assert found["stop"].startswith("exit code 7")
    assert "| ping | 200 after" in result.summary
    assert result.outputs["passed"] == "true"


@pytest.mark.parametrize(
    ("habit", "options", "check", "words"),
    [
        ("dies", (), "ping", ("ended with exit code 1", "no model, no service")),
        ("unwell", ("--timeout", "3"), "ping", ("503 after 3 s", "GET /ping with 200")),
        ("hopeless", (), "ping", ("410: the server has given up", "GET /ping with 200")),
        ("wrong", (), "answer", ("500", "Undefined function 'predct'", "Correct the handler")),
        ("writes", (), "answer", ("none", "Read-only file system")),
        pytest.param(
            "deaf",
            (),
            "stop",
            ("still running 30 s after SIGTERM", "exec form"),
            marks=pytest.mark.slow,
        ),
    ],
)
def test_what_an_image_does_wrong_is_named(checked, habit, options, check, words):
    result = checked(habit, *options)
    assert result.code == 6
    assert [name for name, c in checks_of(result).items() if c["passed"] is False] == [check]
    assert f"{check}: " in result.annotations[0]
    for part in words:
        assert part in result.annotations[0]
    assert "✘" in result.stdout


def test_another_answer_than_expected_is_not_passed_and_no_request_is_none(checked, tmp_path):
    expected = tmp_path / "repository/expected.csv"
    expected.write_text("something,else\n")
    result = checked("well", "--expected", str(expected))
    assert result.code == 6
    wrong = [name for name, check in checks_of(result).items() if check["passed"] is False]
    assert wrong == ["expected answer"]
    assert "expected: something,else" in result.annotations[0]

    silent = checked("well", "--request", "")
    assert silent.code == 0, silent.stdout
    assert "answer" not in checks_of(silent)


def test_an_engine_that_does_not_see_the_model_is_told(docker, base_image, tmp_path):
    (tmp_path / "repository").mkdir()
    (tmp_path / "unseen").mkdir()
    project = verb_runs.Project(tmp_path / "repository", "http://127.0.0.1:9")
    project.write("request.csv", "1,2\n")
    image = serving_images.build(docker, base_image, tmp_path, "well")
    model, unseen = serving_images.model(tmp_path), tmp_path / "unseen"
    words = ("check-image", image, "--model", model, "--request", "request.csv")
    process = docker_projects.start_out_of_sight(project, unseen, *words, **docker.environment)
    result = project.finish(process)
    assert result.code == 6, result.stdout
    assert "cannot see this machine's files" in result.annotations[0]
    assert "DOCKER_HOST" in result.annotations[0]
    assert docker.docker("ps", "--all", "--quiet", "--filter", f"ancestor={image}") == ""


@pytest.fixture
def empty(docker, tmp_path):
    """Return a function that makes an image without any program; return its name."""
    folder = tmp_path / "empty"
    folder.mkdir()
    (folder / "Dockerfile").write_text("FROM scratch\nCOPY Dockerfile /\n")

    def make(name, platform="linux/amd64"):
        words = ("--platform", platform, "--provenance=false", "--sbom=false", "--load")
        docker.docker("buildx", "build", *words, "--tag", name, folder)
        return name

    yield make
    docker.docker("image", "prune", "--force")


def test_a_pushed_image_is_judged_by_its_manifest(docker, checked, empty, tmp_path):
    with registries.registry(tmp_path) as address:
        name = empty(f"{address}/server:1")
        docker.docker("push", name)
        assert checks_of(checked(image=name))["manifest"]["found"] == registries.MANIFEST
        oci = registries.as_oci(address, "server", "1")
        result = checked(image=f"{address}/server@{oci}")
    assert result.code == 6
    assert "vnd.oci.image.manifest" in result.annotations[0]
    assert "oci-mediatypes=false" in result.annotations[0]


NO_AWS = {
    "AWS_CONFIG_FILE": "/none",
    "AWS_SHARED_CREDENTIALS_FILE": "/none",
    "AWS_EC2_METADATA_DISABLED": "true",
}
NO_REGION = {**NO_AWS, "AWS_REGION": "", "AWS_DEFAULT_REGION": ""}
NO_CREDENTIALS = {**NO_AWS, "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}


@pytest.mark.slow
def test_a_registry_that_refuses_to_tell_is_no_fault_of_the_image(
    docker, base_image, checked, tmp_path
):
    """An engine of version 29 has a digest of any image, which no registry needs to have."""
    built = serving_images.build(docker, base_image, tmp_path, "well")
    with registries.registry(tmp_path) as address:
        name = f"{address}/server:1"
        docker.docker("tag", built, name)
        docker.docker("push", name)  # all of the base, which takes half a minute to compress
    with registries.denying(address):
        for lacking in (NO_REGION, NO_CREDENTIALS):
            result = checked(image=name, **lacking)
            assert result.code == 0, result.stdout
            manifest = checks_of(result)["manifest"]
            assert manifest["passed"] is None
            refused = "unknown: the registry does not say (The registry refuses access to "
            assert manifest["found"].startswith(refused)
            absent = checked(image=f"{address}/absent:1", **lacking)
            assert absent.code == 6
            assert "denied" in absent.annotations[0]
    docker.docker("rmi", name)


def test_an_image_that_cannot_start_is_told(checked, empty):
    result = checked(image=empty("matlab-sagemaker-test/empty"))
    assert result.code == 6
    assert "start: refused" in result.annotations[0]
    assert "`serve`" in result.annotations[0]


def test_an_image_of_another_architecture_is_refused_and_not_run(checked, empty):
    result = checked(image=empty("matlab-sagemaker-test/arm", "linux/arm64"))
    assert result.code == 6
    assert "platform: linux/arm64" in result.annotations[0]
    assert "--platform linux/amd64" in result.annotations[0]
    assert "ping" not in checks_of(result)


def test_an_image_that_is_nowhere_is_told(checked):
    result = checked(image="127.0.0.1:9/nobody/nothing:1")
    assert result.code == 6
    assert "docker login" in result.annotations[0]


def test_a_registry_that_fails_in_mid_pull_is_told_in_its_words(docker, checked, tmp_path):
    """Docker has already answered 200, so the error comes in its stream."""
    with registries.registry(tmp_path) as address:
        name = f"{address}/server:1"
        model = serving_images.model(tmp_path)
        docker.docker("import", model, name)  # of a build it would keep the layer
        docker.docker("push", name)
        docker.docker("rmi", name)
        assert registries.lose_layers(tmp_path) == 1
        result = checked(image=name)
    assert result.code == 6
    assert (
        f"The Docker engine does not have the image {name} and could not" in result.annotations[0]
    )
    assert "unknown blob" in result.annotations[0]
    assert "run again" in result.annotations[0]


def test_an_image_in_ecr_is_pulled_with_ecrs_own_login(project):
    """It serves the model of the example's training."""
    project.succeed("build-training-image")
    data = project.succeed("train").outputs["model-data"]
    compiled = project.succeed("compile-handler").outputs
    words = ("--model", data, "--request", "requests/three_flowers.csv")
    result = project.succeed("check-image", compiled["image"], *words)
    found = {name: check["found"] for name, check in checks_of(result).items()}
    assert found["manifest"] == registries.MANIFEST
    assert found["answer"].startswith("200, ")
    assert found["stop"].startswith("exit code 0")
    named = f"matlab-sagemaker/release:{compiled['tag']}"
    again = project.succeed("check-image", named, *words)
    assert f"Running {compiled['image']} as" in again.stdout
    absent = project.run("check-image", "matlab-sagemaker/release:inference-none", *words)
    assert absent.code == 3
    assert "compile-handler" in absent.annotations[0]

    given = ("check-image", compiled["image"], "--model", data)  # as deploy.yml's job `check` does
    assert checks_of(project.succeed(*given))["expected answer"]["passed"] is True
    project.edit("requests/expected.csv", "setosa", "virginica")
    wrong = project.run(*given)
    assert wrong.code == 6
    failed = [name for name, check in checks_of(wrong).items() if check["passed"] is False]
    assert failed == ["expected answer"]


def test_a_model_that_does_not_load_is_told_as_soon_as_the_server_gives_up(project, tmp_path):
    image = project.succeed("compile-handler").outputs["image"]
    words = ("--model", serving_images.model(tmp_path), "--request", "requests/three_flowers.csv")
    started = time.monotonic()
    result = project.run("check-image", image, *words)
    assert time.monotonic() - started < 60
    assert result.code == 6
    assert "the server has given up" in result.annotations[0]
    assert "model.mat" in result.annotations[0]


def test_a_microservice_that_is_slow_to_start_is_let_through_where_one_that_ends_is_not(
    docker, base_image, tmp_path
):
    lines = []
    slow = serving_images.build(docker, base_image, tmp_path, "unwell")
    dying = serving_images.build(docker, base_image, tmp_path, "dies")
    with contextlib.closing(DockerClient.from_env(environment=docker.variables)) as engine:
        container.require_start(engine, slow, 2, lines.append)
        with pytest.raises(ImageError, match="no model, no service"):
            container.require_start(engine, dying, 60, lines.append)
    assert [line[:42] for line in lines] == ["The microservice is not healthy after 2 s."]


def test_what_the_table_has_shown_is_not_printed_again(checked):
    result = checked("well", GITHUB_OUTPUT="")
    assert result.code == 0
    assert "checks  (shown above)" in result.stdout
    assert "linux/amd64" in result.stdout
    assert '"found"' not in result.stdout
