"""Failures of the Docker builder: each has its fix and exit code, and then the step works."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from helpers.aws import fault_proxy
from helpers.kit import verb_runs
from images import debian, docker_projects, registries
from images import engine as engines

VERB = "build-training-image"


def test_no_engine_is_told_and_a_run_with_one_completes(project):
    result = project.run(VERB, DOCKER_HOST="unix:///nowhere")
    assert result.code == 7
    assert "DOCKER_HOST" in result.annotations[0]
    assert project.run(VERB).code == 0


def test_no_buildx_is_told_and_a_run_with_it_completes(project, tmp_path):
    """A docker command without plugins; the machine's may be outside of DOCKER_CONFIG."""
    program = tmp_path / "bin/docker"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = buildx ]; then echo "docker: unknown command: docker buildx"; exit 1; fi\n'
        f'exec {shutil.which("docker")} "$@"\n'
    )
    program.chmod(0o755)
    result = project.run(VERB, PATH=f"{program.parent}:/usr/bin:/bin")
    assert result.code == 8
    assert "buildx" in result.annotations[0]
    assert "Install" in result.annotations[0]
    assert project.run(VERB).code == 0


def test_a_build_that_ends_early_leaves_no_image_in_the_engine(project, docker, tmp_path):
    """At the second of its two requests; after the first, the engine has a named image."""
    project.succeed(VERB)
    other = f"{project.base}-too"
    docker.docker("tag", project.base, other)
    project.edit("sagemaker.yml", project.base, other)
    program, count = tmp_path / "bin/docker", tmp_path / "count"
    program.parent.mkdir()
    count.touch()
    program.write_text(
        "#!/bin/sh\n"
        f'if [ "$1 $2" = "buildx build" ]; then echo >> {count}; fi\n'
        f'if [ "$(wc -l < {count})" = 2 ]; then echo "ERROR: cancelled"; exit 1; fi\n'
        f'exec {shutil.which("docker")} "$@"\n'
    )
    program.chmod(0o755)
    result = project.run(VERB, PATH=f"{program.parent}:/usr/bin:/bin")
    assert result.code == 6
    assert "ERROR: cancelled" in result.annotations[0]
    tag = re.search(r"Building matlab-sagemaker/candidate:(\S+)…", result.stdout)[1]
    names = docker.docker("images", "--format", "{{.Repository}}:{{.Tag}}")
    docker.docker("rmi", other)
    assert f"unchecked-{tag}" not in names


def test_a_wrong_registry_password_is_told_and_a_run_with_the_right_one_completes(
    project, emulator
):
    def wrong(exchange):
        if not exchange.what.endswith("GetAuthorizationToken"):
            return exchange
        answer = json.loads(exchange.body)
        answer["authorizationData"][0]["authorizationToken"] = "QVdTOndyb25n"  # AWS:wrong
        return fault_proxy.Exchange(
            exchange.what, 200, json.dumps(answer).encode(), exchange.headers
        )

    with fault_proxy.proxy(emulator.url, wrong) as url:
        result = project.run(VERB, AWS_ENDPOINT_URL=url)
    assert result.code == 11
    assert "ECR actions that push" in result.annotations[0]
    assert result.outputs == {}
    assert project.run(VERB).code == 0


@pytest.mark.slow
def test_a_registry_that_goes_away_in_mid_push_is_told_and_the_next_run_completes(
    project, emulator
):
    """Docker itself tries five times, with pauses of 5, 10, 15 and 20 seconds."""
    ecr = verb_runs.client("ecr", emulator.url)
    found = ecr.describe_repositories(repositoryNames=["matlab-sagemaker/candidate"])
    address = found["repositories"][0]["repositoryUri"].partition("/")[0]
    project.grow(20_000_000)
    with registries.cut_after(address, 1_000_000) as gone:

        def moved(exchange):
            body = exchange.body.replace(address.encode(), gone.encode())
            return fault_proxy.Exchange(exchange.what, exchange.status, body, exchange.headers)

        with fault_proxy.proxy(emulator.url, moved) as url:
            result = project.run(VERB, AWS_ENDPOINT_URL=url)
    assert result.code == 10
    assert "was not pushed completely" in result.annotations[0]
    assert "Run again" in result.annotations[0]
    assert result.outputs == {}
    assert project.run(VERB).outputs["changed"] == "true"


def test_a_disk_without_room_is_told_before_anything_is_built(project):
    with small_engine("200m") as small:
        result = project.run(VERB, **small.environment)
    assert result.code == 9
    assert "free; the image needs about" in result.annotations[0]
    assert "docker system prune" in result.annotations[0]
    assert project.run(VERB).code == 0


@pytest.mark.slow
def test_a_disk_that_fills_up_in_the_build_is_told(project, tmp_path):
    with small_engine("3500m") as small:
        small.docker("tag", debian.base_image(small), project.base)
        filling = tmp_path / "filling"
        filling.mkdir()
        instruction = "ONBUILD RUN head -c 4000000000 /dev/zero > /full"
        (filling / "Dockerfile").write_text(f"FROM {project.base}\n{instruction}\n")
        small.build(filling, tag=project.base)
        result = project.run(VERB, **small.environment)
    assert result.code == 9
    assert "is full" in result.annotations[0]
    assert project.run(VERB).code == 0


@contextlib.contextmanager
def small_engine(size):
    """Yield an engine whose disk is a file system in memory, of this size."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to mount a small disk")
    with tempfile.TemporaryDirectory(prefix="engine-") as folder:  # a socket's path must be short
        root = Path(folder)
        for name in ("config", "data"):
            (root / name).mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "small", root / "data"]
        subprocess.run(mount, check=True)
        try:
            with engines.own_daemon(root) as small:
                engines.ensure_buildx(small)
                yield small
        finally:
            engines.unmount_below(root)


def test_an_unknown_release_is_told_and_the_right_one_completes(project, tmp_path):
    """A base image whose registry answers, and does not have it."""
    with registries.registry(tmp_path) as address:
        right, wrong = f"base_image: {project.base}", f"base_image: {address}/deps:r2099a"
        project.edit("sagemaker.yml", right, wrong)
        result = project.run(VERB)
        project.edit("sagemaker.yml", wrong, right)
    assert result.code == 14
    assert "matlab.release" in result.annotations[0]
    assert "matlab.base_image" in result.annotations[0]
    assert project.run(VERB).code == 0


def test_a_product_that_mathworks_does_not_have_is_told_before_anything_is_sent(project):
    project.edit(
        "sagemaker.yml",
        "  engine: octave",
        "  products: [Statistics and Machine Learning Tolbox]\n  engine: octave",
    )
    result = project.run(VERB, AWS_ENDPOINT_URL="http://127.0.0.1:9")
    assert result.code == 2
    assert "Statistics and Machine Learning Toolbox" in result.annotations[0]


def test_a_product_that_the_release_lacks_is_told_and_one_that_it_has_completes(matlab):
    lacking, held = "Deep Learning Toolbox", "Statistics and Machine Learning Toolbox"
    matlab.edit("sagemaker.yml", "  engine", f"  products: [{lacking}]\n  engine")
    result = matlab.run(VERB)
    assert result.code == 13
    assert "matlab.products" in result.annotations[0]
    assert "Deep_Learning_Toolbox" in result.annotations[0]
    assert re.search(r"\| #\d+ [\d.]+ Error: Unrecognized products", result.stdout)  # as it is sent
    matlab.edit("sagemaker.yml", lacking, held)
    assert matlab.run(VERB).code == 0


def test_an_mpm_that_fails_otherwise_is_not_taken_for_an_unknown_product(matlab):
    matlab.build_on_base("RUN printf '#!/bin/sh\\necho HTTP 503\\nexit 1\\n' > /usr/local/bin/mpm")
    result = matlab.run(VERB)
    assert result.code == 6
    assert "mpm could not install" in result.annotations[0]
    assert "HTTP 503" in result.annotations[0]
    assert "run again" in result.annotations[0]


def test_a_release_that_mpm_does_not_know_is_told_and_the_right_one_completes(matlab):
    matlab.edit("sagemaker.yml", "  engine", "  release: R2099a\n  engine")
    result = matlab.run(VERB)
    assert result.code == 14
    assert "matlab.release" in result.annotations[0]
    assert "R2099a" in result.annotations[0]
    matlab.edit("sagemaker.yml", "R2099a", "R2026a")
    assert matlab.run(VERB).code == 0


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["project", "matlab"])
def test_a_base_with_an_old_python_is_told_and_a_newer_one_completes(request, docker, engine):
    project = request.getfixturevalue(engine)
    docker.docker("tag", project.base, f"{project.base}-newer")
    project.build_on_base(docker_projects.OLD_PYTHON)
    result = project.run(VERB)
    assert result.code == 6
    assert "python3 is too old: Python 3.8.10" in result.annotations[0]
    assert "to a newer image (Debian 12 and Ubuntu 22.04 are new enough)" in result.annotations[0]
    docker.docker("tag", f"{project.base}-newer", project.base)
    docker.docker("rmi", f"{project.base}-newer")
    assert project.run(VERB).code == 0


def test_a_refused_batch_token_fails_the_build_and_a_good_one_completes(matlab):
    result = matlab.run(VERB, MLM_LICENSE_TOKEN="user@host::expired-token-of-a-test")
    assert result.code == 12
    assert "token" in result.annotations[0]
    assert "expired-token-of-a-test" not in result.stdout + result.stderr + result.summary
    assert matlab.run(VERB, MLM_LICENSE_TOKEN="user@host::valid-token-of-a-test").code == 0


def test_a_refused_batch_token_does_not_replace_the_one_that_is_stored(matlab):
    name, good = "matlab-sagemaker-batch-token", "user@host::valid-token-of-a-test"
    matlab.edit("sagemaker.yml", "  engine", f"  batch_token_secret: {name}\n  engine")
    secrets = verb_runs.client("secretsmanager", matlab.project.url)
    secrets.put_secret_value(SecretId=name, SecretString="stored-before")

    def stored_by(token):
        result = matlab.run(VERB, MLM_LICENSE_TOKEN=token, INPUT_STORE_TOKEN="true")
        return result, secrets.get_secret_value(SecretId=name)["SecretString"]

    refused, value = stored_by("user@host::expired-token-of-a-test")
    assert (refused.code, value) == (12, "stored-before")
    taken, value = stored_by(good)
    assert (taken.code, value) == (0, good)
    assert f"The secret {name} contains the batch token.\n" in taken.stdout
