"""The batch token is used but leaks nowhere: the test searches for a marked token everywhere."""

import base64
import json
import re
import uuid

import pytest

from helpers.aws import fault_proxy
from helpers.kit import secret_traces, verb_runs
from images import docker_projects
from matlab_sagemaker.training import inputs

SECRET = "matlab-sagemaker-batch-token"  # the template's
CONFIG = """
name: {name}
matlab:
  engine: matlab
  base_image: {base}
  batch_token_secret: {secret}
training:
  function: trainSmall
  code: code
  channels:
    training: data/training
inference:
  handler: TellingHandler
  code: inference
  request: requests/three_flowers.csv
"""
# It prints the worst that user code can: the variable that matlab-batch reads.
TRAIN = """function trainSmall(env, varargin)
disp(['licensed by ' getenv('MLM_LICENSE_TOKEN')]);
pause(1);
model = 1;
save(fullfile(env.ModelFolder, 'model.mat'), 'model', '-v7');
end
"""


HANDLER = """classdef TellingHandler < sagemaker_inference.DefaultInferenceHandler
methods
function inputData = decode_input(obj, inputData, contentType)
end
function told = predict(obj, inputData, model)
told = ['licensed by ' getenv('MLM_LICENSE_TOKEN')];
disp(told);
end
function output = encode_output(obj, told, accept)
output = sprintf('%d', numel(told) > 12);
end
end
end
"""


class Story:
    """An image, a model and a trial made with a marked token, and all that was seen of it."""

    def __init__(self, emulator, docker, project, token):
        self.emulator, self.docker, self.token = emulator, docker, token
        self.name = project.project.name
        recorder = fault_proxy.Recorder()
        with (
            fault_proxy.proxy(emulator.url, recorder) as url,
            secret_traces.Watch(docker) as self.watch,
        ):
            given = {"MLM_LICENSE_TOKEN": token, "INPUT_STORE_TOKEN": "true"}
            self.built = project.run("build-training-image", AWS_ENDPOINT_URL=url, **given)
            assert self.built.code == 0, self.built.stdout
            self.trained = project.run("train", AWS_ENDPOINT_URL=url)
            self.tried = project.run("try-handler", AWS_ENDPOINT_URL=url)
        self.exchanges = recorder.exchanges
        self.image = self.built.outputs["image"]
        docker_projects.pull(docker, emulator, self.image)
        logs = verb_runs.client("logs", emulator.url)
        streams = logs.describe_log_streams(
            logGroupName="/aws/sagemaker/TrainingJobs", logStreamNamePrefix=self.name
        )["logStreams"]
        self.log = [
            event["message"]
            for stream in streams
            for event in logs.get_log_events(
                logGroupName="/aws/sagemaker/TrainingJobs", logStreamName=stream["logStreamName"]
            )["events"]
        ]

    @property
    def jobs(self):
        """The requests for the two training jobs."""
        sent = [e.sent for e in self.exchanges if e.what == "SageMaker.CreateTrainingJob"]
        return [json.loads(text[text.index(b"\n{") :]) for text in sent]

    def secret(self):
        client = verb_runs.client("secretsmanager", self.emulator.url)
        return client.get_secret_value(SecretId=SECRET)["SecretString"]


@pytest.fixture(scope="module")
def story(emulator, docker, matlab_base_image, tmp_path_factory):
    root = tmp_path_factory.mktemp("token") / "repository"
    project = docker_projects.DockerProject(root, emulator, docker, matlab_base_image)
    name = project.project.name
    project.project.write(
        "sagemaker.yml", CONFIG.format(name=name, base=project.base, secret=SECRET)
    )
    project.project.write("code/trainSmall.m", TRAIN)
    project.project.write("inference/TellingHandler.m", HANDLER)
    yield Story(emulator, docker, project, f"tester@example.com::valid{uuid.uuid4().hex}")
    project.close()


def test_the_token_licenses_the_build_and_the_training(story):
    assert story.trained.code == 0, story.trained.stdout
    assert story.secret() == story.token
    assert len([line for line in story.log if "licensed by" in line]) == 2


def test_a_handler_is_tried_with_the_licence_of_the_training(story):
    assert story.tried.code == 0, story.tried.stdout
    assert story.tried.outputs["prediction"] == "1", "it had a token"
    trained, tried = (request["Environment"] for request in story.jobs)
    assert trained.pop(inputs.VARIABLE) != tried.pop(inputs.VARIABLE)
    assert tried == trained
    assert set(tried) == {"MATLAB_REQUIRED_PRODUCTS", "MATLAB_SAGEMAKER_TOKEN_SECRET"}


def test_the_search_sees_what_it_looks_at(story):
    lines = story.watch.command_lines
    assert [line for line in lines if "buildx\0build" in line and "id=batch-token" in line]
    assert [line for line in lines if "octave-cli" in line and "sagemaker_training" in line]
    assert [text for text in story.watch.containers if "MATLAB_SAGEMAKER_TOKEN_SECRET" in text]
    assert [text for text in story.watch.containers if "/run/batch-token" in text]  # the trial's
    kept = [e for e in story.exchanges if e.what.startswith("secretsmanager.")]
    assert [e for e in kept if secret_traces.shows(e.sent, story.token)]


def test_no_command_line_showed_it(story):
    shown = [line for line in story.watch.command_lines if secret_traces.shows(line, story.token)]
    assert shown == []


def test_docker_tells_it_of_no_container_and_no_image(story):
    assert not [text for text in story.watch.containers if secret_traces.shows(text, story.token)]
    for words in (("image", "inspect"), ("history", "--no-trunc")):
        assert not secret_traces.shows(story.docker.docker(*words, story.image), story.token)
    assert not secret_traces.shows(story.docker.docker("buildx", "du", "--verbose"), story.token)


def test_no_layer_holds_it(story):
    names = []
    for name, data in secret_traces.layers(story.docker, story.image):
        assert not secret_traces.shows(data, story.token), name
        names.append(name)
    assert len(names) > 3


def test_the_cache_in_the_image_is_of_digests_alone(story):
    """It is a field of the configuration, in base64: no search for the token would see it."""
    files = secret_traces.layers(story.docker, story.image)
    (config,) = [data for _, data in files if b"moby.buildkit.cache.v0" in data]
    told = base64.b64decode(json.loads(config)["moby.buildkit.cache.v0"]).decode()
    names = {"digest", "inputs", "layers", "layer", "link", "selector", "createdAt"}
    others = set(re.findall(r'"([^"]*)"', told)) - names
    assert not [one for one in others if not re.fullmatch(r"sha256:[0-9a-f]{64}|[\d.:TZ-]+", one)]
    assert json.loads(told)


def test_the_registrys_password_is_seen_by_nobody(story):
    """A build gets it to reuse parts of other images."""
    ecr = verb_runs.client("ecr", story.emulator.url)
    token = ecr.get_authorization_token()["authorizationData"][0]["authorizationToken"]
    login = base64.b64decode(token).decode()
    lines = (story.built.stdout + story.built.stderr).splitlines()
    assert [line for line in lines if line.startswith("::add-mask::")]  # the runner hides it
    told = {line for line in lines if not line.startswith("::add-mask::")}
    told |= story.watch.command_lines
    for secret in (login, login.partition(":")[2]):
        assert not [text for text in told if secret_traces.shows(text, secret)]


def test_aws_was_told_it_by_secrets_manager_alone(story):
    others = [e for e in story.exchanges if not e.what.startswith("secretsmanager.")]
    assert {e.what for e in others} >= {
        "SageMaker.CreateTrainingJob",
        "SageMaker.DescribeTrainingJob",
    }
    for exchange in others:
        told = exchange.sent + exchange.body + repr(exchange.headers).encode()
        assert not secret_traces.shows(told, story.token), exchange.what


def test_the_job_names_the_secret_and_not_the_token(story):
    for request in story.jobs:
        secret = request["Environment"]["MATLAB_SAGEMAKER_TOKEN_SECRET"]
        assert secret.startswith("arn:aws:secretsmanager:")


@pytest.mark.parametrize("step", ["built", "trained", "tried"])
def test_no_log_output_or_summary_shows_it(story, step):
    result = getattr(story, step)
    told = (result.stdout, result.stderr, result.summary, json.dumps(result.outputs))
    assert not [text for text in told if secret_traces.shows(text, story.token)]
    assert not [line for line in story.log if secret_traces.shows(line, story.token)]


def test_no_file_of_the_emulator_holds_it(story):
    seen = 0
    for path, data in secret_traces.files(story.emulator.work):
        assert not secret_traces.shows(data, story.token), path
        seen += 1
    assert seen > 3
    assert not secret_traces.shows(story.emulator.errors, story.token)


def test_a_layer_that_holds_it_would_be_found(story, tmp_path):
    (tmp_path / "leak").write_text(story.token)
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY leak /\n")
    image = story.docker.build(tmp_path, tag="matlab-sagemaker-test/leak")
    layers = secret_traces.layers(story.docker, image)
    found = [name for name, data in layers if secret_traces.shows(data, story.token)]
    assert len(found) == 1
    story.docker.docker("rmi", image)
