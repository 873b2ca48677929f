"""An engine that goes away in mid-run: the message says so, and a re-run completes."""

import pytest

from helpers.kit import verb_runs
from images import dying_engine, serving_images

GONE = "The connection to the Docker engine was lost."


@pytest.mark.parametrize(
    "request_",
    ["GET /v[^ ]+/info", "POST /(v[^ ]+/)?(grpc|session)", "/containers/create", "/wait", "/push"],
)
def test_a_build_tells_that_the_engine_has_gone(project, request_):
    with dying_engine.until(project.docker, request_) as environment:
        result = project.run("build-training-image", **environment)
    assert result.code == 7, result.stdout + result.stderr
    assert GONE in result.annotations[0]
    assert "start Docker" in result.annotations[0]
    assert "Traceback" not in result.stdout + result.stderr
    assert project.run("build-training-image").code == 0


def test_an_octave_handler_is_not_blamed_for_an_engine_that_has_gone(project):
    with dying_engine.until(project.docker, "/containers/create") as environment:
        result = project.run("compile-handler", **environment)
    assert result.code == 7, result.stdout + result.stderr
    assert GONE in result.annotations[0]


@pytest.mark.parametrize("request_", ["/images/[^ ]+/json", "/start", "/kill", "/wait"])
def test_a_check_tells_that_the_engine_has_gone(docker, base_image, tmp_path, request_):
    (tmp_path / "repository").mkdir()
    checked = verb_runs.Project(tmp_path / "repository", "http://127.0.0.1:9")
    checked.write("request.csv", "1,2\n")
    image = serving_images.build(docker, base_image, tmp_path, "well")
    words = ("--model", serving_images.model(tmp_path), "--request", "request.csv")
    with dying_engine.until(docker, request_) as environment:
        given = {**docker.environment, **environment}
        result = checked.run("check-image", image, *words, **given)
    for container in docker.docker("ps", "-aq", "--filter", f"ancestor={image}").split():
        docker.docker("rm", "--force", "--volumes", container)
    assert result.code == 7, result.stdout + result.stderr
    assert GONE in result.annotations[0]
