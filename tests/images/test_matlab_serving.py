"""The inference image for MATLAB: nginx and launcher, and a stand-in for the microservice."""

import http.client
import json

import pytest

from helpers.kit.waiting import comes_true
from images import matlab_images, running

LABEL = "com.amazonaws.sagemaker.capabilities.accept-bind-to-port"


@pytest.fixture(scope="module")
def image(docker, base_image, tmp_path_factory):
    return matlab_images.build_inference(docker, tmp_path_factory.mktemp("image"), base_image)


@pytest.fixture
def model(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.txt").write_text("the model")
    return folder


@pytest.fixture
def container(docker, image, model):
    with running.serving(docker, image, model) as started:
        yield started.ready()


def test_the_image_is_what_sagemaker_asks_for(docker, image):
    (about,) = json.loads(docker.docker("image", "inspect", image))
    assert about["Config"]["Entrypoint"] == ["/opt/matlab-sagemaker/run"]
    assert not about["Config"]["Cmd"]
    assert about["Config"]["User"] == "0"  # whatever user the microservice image ends with
    assert about["Config"]["Labels"][LABEL] == "true"
    assert (about["Os"], about["Architecture"]) == ("linux", "amd64")


def test_a_request_is_answered_with_the_model(container):
    assert container.ask("POST", "/invocations", b"hello") == (200, b"hello with the model")


def test_headers_of_the_request_reach_the_handler_and_its_type_comes_back(container):
    connection = http.client.HTTPConnection("127.0.0.1", container.port, timeout=10)
    connection.request("POST", "/invocations", b"x", {"Content-Type": "text/x-mine"})
    assert connection.getresponse().getheader("Content-Type") == "text/x-mine"
    connection.close()


def test_pings_are_answered_at_once_while_an_invocation_computes(container):
    answer, times = container.ping_while(lambda: container.ask("POST", "/invocations", b"sleep 8"))
    assert answer == (200, b"sleep with the model")
    assert len(times) > 12
    assert max(times) < 2


def test_a_worker_that_crashes_costs_its_own_request_alone(container):
    assert container.ask("POST", "/invocations", b"crash")[0] == 500
    assert container.ping() == 200
    assert container.ask("POST", "/invocations", b"next") == (200, b"next with the model")


def test_a_microservice_that_ends_is_started_anew(container):
    status, text = container.ask("POST", "/invocations", b"down")
    assert (status, b"ended" in text) == (502, True)
    # The ping may still be answered until the end is noticed.
    anew = "ended with exit code 9. Restarting it."
    assert comes_true(lambda: anew in container.log(), 20), container.log()
    assert container.ready().ask("POST", "/invocations", b"next")[0] == 200


def test_the_ping_succeeds_only_once_the_model_is_loaded(docker, image, model):
    (model / "model.txt").unlink()
    with running.serving(docker, image, model) as started:
        assert comes_true(lambda: "answers GET /ping with 500" in started.log(), 20), started.log()
        assert started.ping() == 503
        assert started.ask("POST", "/invocations", b"x")[0] == 503
        (model / "model.txt").write_text("late")
        assert started.ready().ask("POST", "/invocations", b"x") == (200, b"x with late")


@pytest.mark.parametrize("code", [0, 7])
def test_sigterm_reaches_the_microservice_and_its_exit_code_is_the_containers(
    docker, image, model, code
):
    with running.serving(docker, image, model, STANDIN_EXIT_CODE=code) as started:
        ended, seconds = started.ready().stop(30)
        assert ended == code
        assert seconds < 5
        assert f"ended with exit code {code}, as requested" in started.log()


def test_a_microservice_that_ignores_sigterm_is_killed_within_the_grace(docker, image, model):
    settings = {"STANDIN_DEAF": 1, "MATLAB_SAGEMAKER_STOP_GRACE": 2}
    with running.serving(docker, image, model, **settings) as started:
        code, seconds = started.ready().stop(30)
        assert code == 137
        assert 2 <= seconds < 8


def test_bodies_over_25_mb_are_refused_and_smaller_ones_are_not(container):
    limit = 25 * 1024 * 1024
    assert container.ask("POST", "/invocations", b"x" * (limit + 1))[0] in {413, 0}
    assert container.ask("POST", "/invocations", b"y " + b"x" * (limit - 2))[0] == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/invocations", 405), ("GET", "/other", 404), ("GET", "/api/health", 404)],
)
def test_nothing_else_is_served(container, method, path, status):
    assert container.ask(method, path)[0] == status


def test_the_model_is_read_only_and_what_serves_is_root(docker, container):
    said = docker.docker("exec", container.id, "touch", "/opt/ml/model/x", check=False)
    assert "Read-only file system" in said
    assert "serving as user 0" in container.log()


def test_matlabs_libraries_are_for_the_microservice_alone(docker, container):
    script = (
        "for p in /proc/[0-9]*; do tr '\\0' '\\n' < $p/environ | grep -q ^LD_LIBRARY_PATH= && "
        "tr '\\0' ' ' < $p/cmdline && echo; done"
    )
    with_libraries = docker.docker("exec", container.id, "env", "-u", "LD_LIBRARY_PATH", "sh",
                                   "-c", script, check=False)  # fmt: skip
    assert "muserve" in with_libraries
    assert "nginx" not in with_libraries
    assert "launcher.py" not in with_libraries


def test_a_microservice_that_does_not_start_ends_the_container_with_its_code(
    docker, base_image, model, tmp_path
):
    broken = matlab_images.build_inference(docker, tmp_path, base_image, ["/nowhere/muserve"])
    with running.serving(docker, broken, model) as started:
        assert started.code() == 127
        assert "before it was ready: /nowhere/muserve" in started.log()


@pytest.mark.parametrize(
    ("name", "value"),
    [("SAGEMAKER_BIND_TO_PORT", "0"), ("MATLAB_SAGEMAKER_COMMAND", '["/bin/sh", "-c", "muserve"]')],
)
def test_an_environment_that_makes_no_sense_is_named(docker, image, model, name, value):
    with running.serving(docker, image, model, **{name: value}) as started:
        assert started.code() == 1
        assert "error: " in started.log()
