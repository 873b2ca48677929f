"""The images for MATLAB, built as the kit builds them, but on a stand-in for MATLAB."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import uuid
from pathlib import Path

from helpers.kit.paths import KIT
from matlab_sagemaker.project import build_context, config

STANDIN = Path(__file__).resolve().parent / "standin"
RELEASE = KIT / "tests/matlab/release"  # tells which release it is, as in the tests of .m files
PLAIN = ("--platform", "linux/amd64", "--provenance=false", "--sbom=false", "--load")


def training_context(folder):
    """Write the build context of the training image; return the folder."""
    build_context.lay_out(
        build_context.training(config.MatlabSection(engine="matlab")).files, folder
    )
    for name in ("Dockerfile", "requirements.txt"):
        shutil.copy(KIT / "docker/training" / name, folder)
    return folder


def build_training(docker, context, base, *options, token="", **arguments):
    """Try to build the training image; return its tag and what the build printed."""
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
    """Make a `matlab` that has a stand-in for MATLAB Compiler SDK; return the variables for it."""
    program = folder / "bin/matlab"
    program.parent.mkdir(parents=True)
    program.write_text(
        f"#!/bin/sh\nSTANDIN_PATH={STANDIN}/compiler:{RELEASE}\nexport STANDIN_PATH\n"
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
    compile_ = "sagemaker.internal.build.microservice"
    subprocess.run(
        ["matlab", "-batch", f"addpath('{KIT}/matlab'); {compile_}({quoted})"],
        env={**os.environ, **compiler(docker, base, folder)},
        check=True,
    )
    (inspected,) = json.loads(docker.docker("image", "inspect", microservice))
    command = command or inspected["Config"]["Entrypoint"]
    context = folder / "context"
    shutil.copytree(KIT / "docker/inference", context, ignore=shutil.ignore_patterns("__pycache__"))
    for file in (KIT / "docker/common").glob("*.py"):
        shutil.copy(file, context)
    return docker.build(
        context,
        f"--build-arg=MICROSERVICE_IMAGE={microservice}",
        f"--build-arg=MICROSERVICE_COMMAND={json.dumps(command)}",
        "--build-arg=HANDLER=StandinHandler",
        "--target=inference",
        tag=f"matlab-sagemaker-test/inference:{uuid.uuid4().hex[:8]}",
    )
