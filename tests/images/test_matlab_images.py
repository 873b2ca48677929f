"""The training image for MATLAB: built, licensed, and run as SageMaker runs it."""

import json

import pytest

from helpers.aws.moto_server import aws_server
from helpers.kit import secret_traces
from helpers.kit.waiting import eventually
from images import matlab_images, matlab_jobs, running
from images.matlab_jobs import failure

TOKEN = "tester@example.com::validMARKEDTOKENMARKED"
MARK = "MARKEDTOKENMARKED"
EXPIRED = "tester@example.com::expiredMARKEDTOKENMARKED"
SAVE = "fid = fopen(fullfile(env.ModelFolder, 'done'), 'w'); fclose(fid);"
FOR_EVER = "disp('started'); while true, pause(0.05); end"


@pytest.fixture(scope="module")
def context(tmp_path_factory):
    return matlab_images.training_context(tmp_path_factory.mktemp("training") / "context")


@pytest.fixture(scope="module")
def built(docker, matlab_base_image, context):
    """The image built with a token, and what the build printed."""
    products = "Statistics_and_Machine_Learning_Toolbox Optimization_Toolbox"
    image, said = matlab_images.build_training(
        docker, context, matlab_base_image, token=TOKEN, MATLAB_PRODUCTS=products, KEY="k1"
    )
    assert docker.docker("images", "--quiet", image).strip(), said
    return image, said


@pytest.fixture(scope="module")
def secrets():
    """The environment of a Secrets Manager with two tokens."""
    with aws_server("secretsmanager", "eu-west-1") as (environment, client):
        client.create_secret(Name="valid", SecretString=TOKEN)
        client.create_secret(Name="expired", SecretString=EXPIRED)
        region = {"AWS_REGION": "eu-west-1"}
        yield {**environment, **region, "MATLAB_SAGEMAKER_TOKEN_SECRET": "valid"}


@pytest.fixture
def job(tmp_path):
    return matlab_jobs.make(tmp_path / "ml")


@pytest.fixture
def train(docker, built, secrets, job):
    """`train(body)` runs a training function's body as a job."""

    def start(body, network="host", **environment):
        inputs = {"MATLAB_SAGEMAKER_INPUTS": matlab_jobs.give_code(job, body)}
        mount = f"--volume={job}:/opt/ml"
        environment = {**inputs, **secrets, **environment}
        return running.running(docker, built[0], "train", mount, network=network, **environment)

    return start


def test_the_image_is_what_sagemaker_asks_for_and_tells_what_it_holds(docker, built):
    (about,) = json.loads(docker.docker("image", "inspect", built[0]))
    assert about["Config"]["Entrypoint"] == ["/opt/matlab-sagemaker/run"]
    assert (about["Os"], about["Architecture"]) == ("linux", "amd64")
    assert about["Config"]["Labels"]["matlab-sagemaker.key"] == "k1"
    held = "MATLAB_SAGEMAKER_PRODUCTS=Statistics_and_Machine_Learning_Toolbox Optimization_Toolbox"
    assert held in about["Config"]["Env"]
    command = ("run", "--rm", "--network=none", "--entrypoint=cat", built[0])
    installed = docker.docker(*command, "/opt/matlab/products.txt").split()
    products = ["MATLAB", "Optimization_Toolbox", "Statistics_and_Machine_Learning_Toolbox"]
    assert installed == products


def test_the_build_checks_the_licence_and_nothing_that_is_left_shows_the_token(docker, built):
    image, said = built
    assert "starts with this licence" in said
    assert MARK not in said
    for words in (("image", "inspect"), ("history", "--no-trunc", "--format={{.CreatedBy}}")):
        assert not secret_traces.shows(docker.docker(*words, image), TOKEN)
    names = [name for name, data in secret_traces.layers(docker, image) if MARK.encode() in data]
    assert names == []


def test_what_matlab_batch_writes_stays_in_no_layer_of_the_stage_that_has_the_token(
    docker, matlab_base_image, context, tmp_path
):
    script = (
        '#!/bin/sh\\necho "$MLM_LICENSE_TOKEN" | tee /tmp/kept > ~/kept\\necho it was written\\n'
    )
    (tmp_path / "Dockerfile").write_text(
        f"FROM {matlab_base_image}\nRUN printf '{script}' > /usr/local/bin/matlab-batch\n"
    )
    telling = docker.build(tmp_path, tag="matlab-sagemaker-test/telling")
    stage, said = matlab_images.build_training(
        docker, context, telling, "--target=licence-check", token=TOKEN
    )
    assert "it was written" in said
    layers = list(secret_traces.layers(docker, stage))
    assert any(b"licence-checked" in data for _, data in layers)
    assert [name for name, data in layers if secret_traces.shows(data, TOKEN)] == []


@pytest.mark.parametrize(
    ("token", "arguments", "words"),
    [
        (EXPIRED, {}, "licence check failed"),
        ("", {"MATLAB_PRODUCTS": "Optimisation_Toolbox"}, "products were not installed"),
        ("", {"MATLAB_RELEASE": "R1999z"}, "products were not installed"),
    ],
)
def test_a_build_that_cannot_succeed_says_why(
    docker, matlab_base_image, context, token, arguments, words
):
    image, said = matlab_images.build_training(
        docker, context, matlab_base_image, token=token, **arguments
    )
    assert not docker.docker("images", "--quiet", image).strip()
    assert words in said
    assert MARK not in said


def test_without_a_token_the_image_is_the_same_but_unchecked(
    docker, matlab_base_image, context, built
):
    products = "Statistics_and_Machine_Learning_Toolbox Optimization_Toolbox"
    image, said = matlab_images.build_training(
        docker, context, matlab_base_image, MATLAB_PRODUCTS=products, KEY="k1"
    )
    assert "the licence is not checked" in said
    layers = [
        json.loads(docker.docker("image", "inspect", name))[0]["RootFS"]["Layers"]
        for name in (image, built[0])
    ]
    assert layers[0] == layers[1]


def test_a_job_trains_with_the_token_of_the_secret_and_its_log_does_not_tell_it(train, job):
    with train(f"disp(getenv('MLM_LICENSE_TOKEN')); {SAVE}") as container:
        assert container.code() == 0, container.log()
        assert container.log().splitlines() == ["***"]
    assert (job / "model/done").exists()
    assert failure(job) == ""


def test_an_expired_token_fails_the_job_and_the_failure_says_what_to_do(train, job):
    with train(SAVE, MATLAB_SAGEMAKER_TOKEN_SECRET="expired") as container:
        assert container.code() == 1
        assert MARK not in container.log()
    assert failure(job).startswith("sagemaker_training:licence:notStarted")
    assert MARK not in failure(job)


def test_a_job_without_a_network_hears_of_network_isolation(train, job):
    with train(SAVE, network="none") as container:
        assert container.code() == 1
    assert "EnableNetworkIsolation" in failure(job)


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [("exit(3);", 3, "exit code 3"), ("error('kit:test:broken', 'no');", 1, "kit:test:broken")],
)
def test_a_jobs_exit_code_is_matlabs(train, job, body, code, words):
    with train(body) as container:
        assert container.code() == code
    assert words in failure(job)


def test_sigterm_ends_the_job_within_its_grace_with_the_engines_own_code(train, job):
    with train(FOR_EVER) as container:
        eventually(lambda: "started" in container.log(), 20)
        code, seconds = container.stop(120)
    assert code in {1, 143}
    assert seconds < 5
    assert failure(job) == ""


def test_code_that_watches_the_stop_flag_may_finish(train, job):
    flag = "exist(fullfile(fileparts(env.OutputDataFolder), 'stop-requested'), 'file')"
    body = f"disp('started'); while ~{flag}, pause(0.05); end; {SAVE}"
    with train(body, MATLAB_SAGEMAKER_STOP_GRACE="60") as container:
        eventually(lambda: "started" in container.log(), 20)
        code, _ = container.stop(120)
    assert code == 0
    assert (job / "model/done").exists()


def test_products_that_the_image_lacks_are_installed_with_a_warning(train):
    body = "disp(fileread('/opt/matlab/products.txt'));"
    with train(body, MATLAB_REQUIRED_PRODUCTS="MATLAB Parallel_Computing_Toolbox") as container:
        assert container.code() == 0, container.log()
        assert "does not have Parallel_Computing_Toolbox" in container.log()
        assert "billed" in container.log()
        assert "Parallel_Computing_Toolbox\nStatistics" in container.log()


def test_a_product_that_mpm_does_not_know_fails_the_job(train, job):
    with train(SAVE, MATLAB_REQUIRED_PRODUCTS="Optimisation_Toolbox") as container:
        assert container.code() == 1
    assert "sagemaker_training:products:install" in failure(job)
