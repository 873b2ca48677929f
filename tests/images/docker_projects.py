"""A user's repository, with an emulator that runs containers."""

from __future__ import annotations

import base64
import os
import uuid

import pytest

from helpers.aws import template_account
from helpers.emulator.process import Emulator
from helpers.kit import verb_runs
from helpers.kit.paths import KIT

# An instruction that makes the base's python3 that of Ubuntu 20.04.
OLD_PYTHON = (
    "RUN printf '#!/bin/sh\\ncase $* in *version_info*) exit 1;; --version) echo Python 3.8.10; "
    'exit;; esac\\nexec /usr/bin/python3 "$@"\\n\' > /usr/local/bin/python3 '
    "&& chmod 755 /usr/local/bin/python3"
)


def images(url, repository):
    """Return digest and tag of every image in a repository, or nothing if it does not exist."""
    ecr = verb_runs.client("ecr", url)
    try:
        pages = list(ecr.get_paginator("list_images").paginate(repositoryName=repository))
    except ecr.exceptions.RepositoryNotFoundException:
        return set()
    return {(i["imageDigest"], i.get("imageTag")) for page in pages for i in page["imageIds"]}


class GuardedEmulator(Emulator):
    """An emulator that runs containers and enforces IAM, in an account with the template's stack.

    Steps, jobs and endpoints run as the template's roles; the test itself acts as the account's
    administrator.
    """

    def __init__(self, work, docker, *options):
        super().__init__(work, "--docker", "--enforce-iam", *options, **docker.environment)
        self.account = template_account.Account(self.url)
        text = template_account.TEMPLATE.read_text(encoding="utf-8")
        parameters = {**template_account.PARAMETERS, "StoreToken": "true"}
        self.account.create("kit", text, parameters)

    @property
    def denied(self):
        """Return all that was denied, a line each."""
        return [line for line in self.errors.splitlines() if "emulator: denied" in line]


class DockerProject:
    """The example, built by Docker on its own base: no other test has built its images."""

    def __init__(self, root, emulator, docker, base_image):
        self.docker = docker
        self.base = f"matlab-sagemaker-test/kit:{uuid.uuid4().hex[:12]}"
        docker.docker("tag", base_image, self.base)
        self.project = verb_runs.example(root, emulator.url, template_account.RoleProject)
        self.project.account = emulator.account
        self.project.edit("sagemaker.yml", "octave #", f"octave\n  base_image: {self.base} #")

    def edit(self, *words):
        self.project.edit(*words)

    def run(self, verb, *words, **environment):
        """Run a verb with Docker as the builder; return its result."""
        return self.project.run(verb, *words, **self.variables(environment))

    def succeed(self, verb, *words, **environment):
        """Run a verb that has to succeed; return its result."""
        return self.project.succeed(verb, *words, **self.variables(environment))

    def start(self, verb, *words, **environment):
        """Start a verb; `project.finish` waits for it."""
        return self.project.start(verb, *words, **self.variables(environment))

    def build_on_base(self, instruction):
        """Add an instruction to the base."""
        place = self.project.root.parent / f"base-{uuid.uuid4().hex[:8]}"
        place.mkdir()
        (place / "Dockerfile").write_text(f"FROM {self.base}\n{instruction}\n")
        self.docker.build(place, tag=self.base)

    def grow(self, size):
        """Add a layer to the base that no registry has and that does not compress."""
        self.build_on_base(f"RUN head -c {size} /dev/urandom > /noise && echo {self.base}")

    def install(self, size):
        """Make each build on the base install something that no other test's cache has."""
        self.build_on_base(
            f"ONBUILD RUN : {uuid.uuid4()} && head -c {size} /dev/urandom > /installed"
        )

    def variables(self, environment):
        """Return a verb's variables: those of the engine, and the test's own."""
        return {"INPUT_BUILDER": "docker", **self.docker.environment, **environment}

    def close(self):
        """Remove the name of the base."""
        self.docker.docker("rmi", "--no-prune", self.base, check=False)


def start_out_of_sight(project, folder, verb, *words, **environment):
    """Start a verb whose temporary files the engine cannot see: they are on a disk of their own."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to mount a disk for one process")
    hide = 'mount -t tmpfs unseen "$TMPDIR" && exec "$@"'
    command = ["unshare", "--mount", "sh", "-c", hide, "sh", KIT / "scripts/run", verb, *words]
    keys = project.keys(verb, *words)
    return project._start(command, TMPDIR=str(folder), **{**keys, **environment})


def pull(docker, emulator, uri):
    """Pull an image with the login that ECR gives."""
    _with_login(docker, emulator, "pull", uri)


def push(docker, emulator, uri):
    """Push an image with that login."""
    _with_login(docker, emulator, "push", uri)


def _with_login(docker, emulator, *words):
    ecr = verb_runs.client("ecr", emulator.url)
    given = ecr.get_authorization_token()["authorizationData"][0]
    user, password = base64.b64decode(given["authorizationToken"]).decode().split(":")
    registry = given["proxyEndpoint"].partition("://")[2]
    docker.docker("login", "--username", user, "--password-stdin", registry, input=password)
    docker.docker(*words)
    docker.docker("logout", registry)
