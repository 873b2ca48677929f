"""Fixtures for all folders that run verbs: one emulator per session, one project per test."""

import functools
import uuid

import pytest

from helpers.emulator import clients
from helpers.emulator.image_programs import RUN, SERVE
from helpers.emulator.process import Emulator
from helpers.github.token_server import TokenServer
from helpers.kit import verb_runs
from helpers.kit.verb_runs import CREDENTIALS, HANDLER, REGION
from matlab_sagemaker.aws import session


@pytest.fixture(scope="session")
def issuer():
    """Signs the tokens that the emulator accepts as GitHub's."""
    with TokenServer() as server:
        yield server


@pytest.fixture(scope="session")
def emulator(issuer, tmp_path_factory):
    """The address of an emulator that runs for the whole session."""
    options = ("--time-scale", "0.01", "--issuer", issuer.url)
    started = Emulator(tmp_path_factory.mktemp("emulator") / "work", *options)
    verb_runs.set_up(started.url)
    yield started.url
    assert started.stop() == 0


@pytest.fixture(scope="session")
def aws(emulator):
    """Return a function from a service's name to a client, with which tests check AWS."""
    return functools.cache(lambda service: verb_runs.client(service, emulator))


@pytest.fixture
def connected(monkeypatch):
    """Return a function that gives the kit's session at an address."""

    def connect(url):
        for name, value in {**CREDENTIALS, "AWS_ENDPOINT_URL": url}.items():
            monkeypatch.setenv(name, value)
        return _session(url)

    return connect


@functools.cache
def _session(_url):
    """Return one session for each address: every new one reads botocore's data again."""
    return session.connect(REGION)


@pytest.fixture
def project(emulator, tmp_path):
    """The example's repository."""
    return verb_runs.example(tmp_path / "repository", emulator)


@pytest.fixture(scope="session")
def _training_image(emulator, tmp_path_factory):
    """Build the image that serves every project with the example's settings."""
    first = verb_runs.example(tmp_path_factory.mktemp("image") / "repository", emulator)
    first.succeed("build-training-image", "--repository", "release")


@pytest.fixture
def ready(project, _training_image):
    """A project whose training image exists."""
    return project


@pytest.fixture(scope="session")
def trained_once(emulator, _training_image, tmp_path_factory):
    """One trained project with both images, for all tests of endpoints."""
    project = verb_runs.example(tmp_path_factory.mktemp("trained") / "repository", emulator)
    for verb in ("train", "compile-handler"):
        project.succeed(verb)
    return project


@pytest.fixture
def trained(trained_once):
    """The trained project with its own endpoint; a test's changes are undone."""
    files = [trained_once.root / name for name in ("sagemaker.yml", HANDLER)]
    texts, endpoint = [file.read_text() for file in files], trained_once.endpoint
    trained_once.call_endpoint(f"e{uuid.uuid4().hex[:12]}")
    yield trained_once
    trained_once.endpoint = endpoint
    for file, text in zip(files, texts, strict=True):
        file.write_text(text)


@pytest.fixture(scope="session")
def stand_in(trained_once):
    """Return a function that returns the code of a handler whose image serves without Octave.

    It starts at once. It is for tests of the endpoint, not of its answers.
    """
    original = (trained_once.root / HANDLER).read_text()
    aws = clients.Aws(trained_once.url)

    @functools.cache
    def handler(program=""):
        before = (trained_once.root / HANDLER).read_text()
        trained_once.write(HANDLER, f"{original}% In its place: {program!r}\n")
        tag = trained_once.succeed("compile-handler", "--find-only").outputs["tag"]
        aws.push({"run": RUN, "main.py": program + SERVE}, "matlab-sagemaker/release", tag)
        text = (trained_once.root / HANDLER).read_text()
        trained_once.write(HANDLER, before)
        return text

    return handler


@pytest.fixture
def fresh(trained, stand_in):
    """The same, with a stand-in for the server."""
    trained.write(HANDLER, stand_in())
    return trained


@pytest.fixture
def slow(trained, stand_in):
    """The same, with a server that needs two seconds to start."""
    trained.write(HANDLER, stand_in("import time\ntime.sleep(2)\n"))
    return trained


@pytest.fixture
def broken(stand_in):
    """The code of a handler whose container ends at once."""
    return stand_in("raise SystemExit('it does not start')\n")
