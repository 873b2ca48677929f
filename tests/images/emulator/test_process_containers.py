"""The emulator with Docker as a process: what it needs to start; it leaves nothing behind."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from helpers.emulator.clients import Aws, unarchive
from helpers.kit.waiting import eventually
from images.emulated_docker import TRAINING, containers, left, login, push, volumes

NOBODY = 65534
READS_ALL = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")  # Python's home too
AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *READS_ALL)
SLEEPS = "print('up', flush=True); time.sleep(600)"


def registries(work):
    """Return the registry processes of a work folder."""
    mark = f"SAGEMAKER_EMULATOR_CONTAINER={work}#registry".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue
    return found


@pytest.fixture
def sleeping(client, job):
    """Return an emulator's clients and image, with a job that sleeps in a container."""

    def begin(emulator):
        aws = Aws(emulator.url)
        image = push(client, aws, TRAINING)
        name = job(aws, image, SLEEPS)
        eventually(lambda: "up" in aws.job_log(name))
        return aws, image

    return begin


def test_its_end_in_the_middle_of_training_leaves_nothing(client, start, sleeping):
    emulator = start()
    sleeping(emulator)
    assert len(containers(client, emulator)) == len(registries(emulator.work)) == 1
    names = volumes(client, emulator)
    assert names
    assert emulator.stop() == 0, emulator.errors
    assert containers(client, emulator) == []
    assert left(client, names) == set()
    assert registries(emulator.work) == []
    assert [path.name for path in emulator.work.iterdir()] == ["lock"]


def test_what_a_killed_emulator_left_ends_when_the_next_one_starts(client, start, sleeping):
    first = start()
    _, image = sleeping(first)
    first.stop(signal.SIGKILL)
    (still,) = registries(first.work)
    assert len(containers(client, first)) == 1
    second = start()
    assert second.line.startswith("ready")
    assert containers(client, second) == []
    assert still not in registries(second.work)
    client.images.remove(image)  # which does not show that it is the killed one's


def test_images_that_it_pulled_are_gone_with_it_and_those_of_the_user_stay(client, start, job):
    emulator = start()
    aws = Aws(emulator.url)
    uri = push(client, aws, TRAINING)
    done = job(aws, uri, "")
    eventually(lambda: aws.completed(done))
    assert client.images.get(uri) == client.images.get(TRAINING)
    assert emulator.stop() == 0
    assert uri not in client.images.get(TRAINING).attrs["RepoDigests"]


def test_an_image_that_cannot_be_pulled_fails_the_job_in_awss_words(client, start, job):
    emulator = start()
    aws = Aws(emulator.url)
    uri = push(client, aws, TRAINING)
    (registry,) = registries(emulator.work)
    os.kill(registry, signal.SIGKILL)
    name = job(aws, uri, "")

    def failure():
        return aws.sm.describe_training_job(TrainingJobName=name).get("FailureReason")

    assert eventually(failure).startswith(
        "ClientError: Cannot pull algorithm container. "
        "Either the image does not exist or its permissions are incorrect."
    )


def test_a_registry_that_is_gone_is_a_server_error_and_no_hang(start):
    emulator = start()
    aws = Aws(emulator.url)
    repository = aws.repository()
    (registry,) = registries(emulator.work)
    os.kill(registry, signal.SIGKILL)
    with pytest.raises(aws.ecr.exceptions.ServerException, match="registry does not answer"):
        aws.blob(repository, b"x")
    assert login(aws)["username"] == "AWS"


def test_files_of_root_are_no_trouble_for_an_emulator_that_is_not_root(
    client, docker, start, tmp_path, job
):
    if docker.root is None:
        pytest.skip("needs an engine of its own, whose socket can be given to a user")
    os.chown(docker.root / "socket", NOBODY, NOBODY)
    os.chown(tmp_path, NOBODY, NOBODY)
    emulator = start(prefix=AS_NOBODY)
    aws = Aws(emulator.url)
    made = "(ml / 'model/a').mkdir(); (ml / 'model/a/b').write_text(str(os.getuid()))"
    name = job(aws, push(client, aws, TRAINING), made)
    eventually(lambda: aws.completed(name))
    eventually(lambda: not list((emulator.work / "jobs").iterdir()))
    model = aws.get(f"s3://bucket/out/{name}/output/model.tar.gz")
    assert emulator.stop() == 0, emulator.errors
    assert unarchive(model) == {"a/b": b"0"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"DOCKER_HOST": "unix:///nowhere/socket"}, ("No Docker daemon answers", "DOCKER_HOST")),
        ({"DOCKER_HOST": "tcp://192.0.2.1:2375"}, ("another machine", "DOCKER_HOST")),
        ({"PATH": "/nowhere"}, ("docker-registry is not installed", "apt-get install")),
    ],
    ids=["no-daemon", "remote-daemon", "no-registry"],
)
def test_what_it_lacks_is_told_at_the_start(start, changes, words):
    emulator = start(**changes)
    assert emulator.process.wait(15) == 2
    assert [word for word in words if word not in emulator.errors] == []
