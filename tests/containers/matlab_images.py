"""The images for MATLAB, built as the kit builds them on what stands in for MATLAB, and run."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import time
import uuid
from pathlib import Path

from conftest import KIT
from matlab_sagemaker import config, contexts

STANDIN = Path(__file__).resolve().parent / "standin"
PLAIN = ("--platform", "linux/amd64", "--provenance=false", "--sbom=false", "--load")


def training_context(folder):
    """Lay out the build context of the training image; give the folder."""
    contexts.lay_out(contexts.training(config.Matlab(engine="matlab")).files, folder)
    for name in ("Dockerfile", "requirements.txt"):
        shutil.copy(KIT / "docker/training" / name, folder)
    return folder


def build_training(docker, context, base, *options, token="", **arguments):
    """Try to build the training image; give its tag and what the build printed."""
    tag = f"matlab-sagemaker-test/training:{uuid.uuid4().hex[:8]}"
    arguments = {"BASE_IMAGE": base, "LICENCE_CHECK": uuid.uuid4().hex, **arguments}
    words = [f"--build-arg={name}={value}" for name, value in arguments.items()]
    if token:
        secret = context.parent / "token"
        secret.write_text(token)
        words.append(f"--secret=id=batch-token,src={secret}")
    command = ("buildx", "build", "--progress=plain", *PLAIN, "--target", "training")
    return tag, docker.docker(*command, *words, *options, "--tag", tag, context, check=False)


def compiler(docker, base, folder):
    """Make a `matlab` that has a stand-in for MATLAB Compiler SDK; give the variables for it."""
    program = folder / "bin/matlab"
    program.parent.mkdir(parents=True)
    program.write_text(
        f"#!/bin/sh\nMATLABPATH=$MATLABPATH:{STANDIN}/compiler\nexport MATLABPATH\n"
        f'exec {STANDIN}/bin/matlab "$@"\n'
    )
    program.chmod(0o755)
    return {
        **docker.environment,
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "STANDIN": str(STANDIN),
        "STANDIN_WORKER": str(KIT / "docker/octave/worker.m"),
        "STANDIN_BASE_IMAGE": base,
    }


def build_inference(docker, folder, base, command=None):
    """Compile the stand-in handler, and build the inference image FROM its microservice image."""
    microservice = f"matlab-sagemaker-test/microservice:{uuid.uuid4().hex[:8]}"
    words = (STANDIN / "handler", folder / "compiled", "ImageName", microservice)
    quoted = ", ".join(f"'{word}'" for word in ("StandinHandler", *words))
    subprocess.run(
        ["matlab", "-batch", f"sagemaker.internal.build.microservice({quoted})"],
        env={**os.environ, **compiler(docker, base, folder), "MATLABPATH": str(KIT / "matlab")},
        check=True,
    )
    (inspected,) = json.loads(docker.docker("image", "inspect", microservice))
    command = command or inspected["Config"]["Entrypoint"]
    context = folder / "context"
    shutil.copytree(KIT / "docker/inference", context, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(KIT / "docker/common/source_path.py", context)
    return docker.build(
        context,
        f"--build-arg=MICROSERVICE_IMAGE={microservice}",
        f"--build-arg=MICROSERVICE_COMMAND={json.dumps(command)}",
        "--build-arg=HANDLER=StandinHandler",
        "--target=inference",
        tag=f"matlab-sagemaker-test/inference:{uuid.uuid4().hex[:8]}",
    )


class Container:
    """A running container of the image."""

    def __init__(self, docker, identifier, port=0):
        self._docker, self.id, self.port = docker, identifier, port

    def log(self):
        return self._docker.docker("logs", self.id)

    def state(self):
        return json.loads(self._docker.docker("inspect", self.id))[0]["State"]

    def code(self, limit_s=60):
        """Wait for its end and give the exit code."""
        assert eventually(lambda: not self.state()["Running"], limit_s), self.log()
        return self.state()["ExitCode"]

    def stop(self, grace_s):
        """Stop it as SageMaker does; give the exit code and the seconds that it took."""
        started = time.monotonic()
        self._docker.docker("stop", "--time", grace_s, self.id)
        return self.code(), time.monotonic() - started

    def ask(self, method, path, body=b"", timeout_s=60):
        """Send a request; give status and body, (0, b"") where nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)
        try:
            connection.request(method, path, body, {"Content-Type": "text/plain"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except ConnectionError:
            return 0, b""
        finally:
            connection.close()

    def ping(self):
        """Give the status of a ping; SageMaker waits 2 s for it."""
        return self.ask("GET", "/ping", timeout_s=2)[0]

    def ready(self):
        """Wait until a ping succeeds, and give the container."""
        assert eventually(lambda: self.ping() == 200, 30), self.log()
        return self


@contextlib.contextmanager
def running(docker, image, word, *options, port=0, network="host", **environment):
    """Run an image as SageMaker does; the container is gone afterwards."""
    settings = [f"--env={name}={value}" for name, value in environment.items()]
    plain = ("run", "--detach", f"--network={network}", *settings, *options)
    identifier = docker.docker(*plain, image, word).split()[-1]
    try:
        yield Container(docker, identifier, port)
    finally:
        docker.docker("rm", "--force", "--volumes", identifier)


@contextlib.contextmanager
def serving(docker, image, model, **environment):
    """Run an inference image with a read-only model on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    mount = f"--volume={model}:/opt/ml/model:ro"
    settings = {"SAGEMAKER_BIND_TO_PORT": port, **environment}
    with running(docker, image, "serve", mount, port=port, **settings) as container:
        yield container


def eventually(fact, limit_s, every_s=0.1):
    """Wait until a fact holds; tell whether it did in time."""
    end = time.monotonic() + limit_s
    while not fact() and time.monotonic() < end:
        time.sleep(every_s)
    return fact()
