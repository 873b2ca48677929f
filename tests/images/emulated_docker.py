"""Small images for the emulator's container tests: the programs of its other tests, in Docker."""

from __future__ import annotations

import base64
import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path

from docker.client import DockerClient

from helpers.emulator.clients import ACCOUNT
from helpers.emulator.image_programs import SERVE, TRAIN

BASE = f"matlab-sagemaker-test/python-{os.getpid()}"  # other workers have their own images
TRAINING, SERVING = f"{BASE}-training", f"{BASE}-serving"
LEFT_OUT = re.compile(
    r"/(__pycache__|test|idlelib|tkinter|ensurepip|(site|dist)-packages|lib2to3|config-[^/]*)/"
    r"|/(_test|_tkinter|_sqlite3|_ssl|_hashlib|_g?dbm|_curses|readline|_ctypes_test)[^/]*\.so$"
)
DOCKERFILE = """
FROM {base}
COPY main.py /main.py
ENV FROM_IMAGE=yes
VOLUME /volume
ENTRYPOINT ["{python}", "-S", "-E", "-B", "/main.py"]
"""


@contextlib.contextmanager
def client(engine, build_folder):
    """Yield docker-py's client of an engine, with the images; they are removed afterwards."""
    build(engine, build_folder)
    with contextlib.closing(DockerClient.from_env(environment=engine.variables)) as found:
        yield found
        for name in (TRAINING, SERVING, BASE):
            found.images.remove(name)


def build(engine, folder):
    """Build the images of training and serving programs."""
    python_base(engine)
    for name, program in ((TRAINING, TRAIN), (SERVING, SERVE)):
        (folder / "main.py").write_text(program)
        (folder / "Dockerfile").write_text(DOCKERFILE.format(base=BASE, python=python()))
        engine.build(folder, tag=name)


def python():
    """Return the interpreter of this machine outside of a virtual environment."""
    return str(Path(sys.executable).resolve())


def python_base(engine):
    """Import an image with the machine's Python, chown and the libraries that they link."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path in sorted({*programs(), *libraries()}):
            tar.add(path.resolve(), arcname=str(path), recursive=False)
        tar.addfile(folder("tmp"))
    command = ["docker", "import", "-", BASE]
    done = subprocess.run(
        command, input=buffer.getvalue(), env=engine.variables, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


def folder(name):
    info = tarfile.TarInfo(name)
    info.type, info.mode = tarfile.DIRTYPE, 0o1777
    return info


def programs():
    yield Path(python())
    yield Path(shutil.which("chown"))
    for root in {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}:
        for path in Path(root).rglob("*"):
            if path.is_file() and not LEFT_OUT.search(str(path)):
                yield path


def libraries():
    """Yield the libraries that the programs and Python's modules link, from ldd."""
    linked = [str(path) for path in programs() if path.suffix != ".py"]
    command = ["ldd", *linked]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    for word in told.split():
        if word.startswith("/") and not word.endswith(":"):
            yield Path(word)


def login(aws):
    """Return user and password as `docker login` takes them from ECR."""
    (data,) = aws.ecr.get_authorization_token()["authorizationData"]
    user, _, password = base64.b64decode(data["authorizationToken"]).decode().partition(":")
    return {"username": user, "password": password}


def push(docker_client, aws, image, tag="v1", *, repository=None, auth=None):
    """Push an image of the engine to a repository of ECR; return its URI by digest.

    The engine then removes that name, so that running the image needs a pull.
    """
    name = repository or aws.repository()
    (found,) = aws.ecr.describe_repositories(repositoryNames=[name])["repositories"]
    uri = found["repositoryUri"]
    docker_client.images.get(image).tag(uri, tag)
    words = {"stream": True, "decode": True, "auth_config": auth or login(aws)}
    lines = list(docker_client.images.push(uri, tag, **words))
    docker_client.images.remove(f"{uri}:{tag}")
    errors = [line["error"] for line in lines if "error" in line]
    if errors:
        raise PushError(errors[0])
    digest = next(line["aux"]["Digest"] for line in lines if "aux" in line)
    assert found["registryId"] == ACCOUNT
    return f"{uri}@{digest}"


class PushError(Exception):
    """Docker's stream reported an error."""


def containers(docker_client, emulator):
    """Return the containers of an emulator, whether they run or not."""
    label = f"matlab-sagemaker.emulator={emulator.work}"
    return docker_client.api.containers(all=True, filters={"label": label})


def volumes(docker_client, emulator):
    """Return the names of the volumes that an emulator's containers have."""
    mounts = [mount for one in containers(docker_client, emulator) for mount in one["Mounts"]]
    return {mount["Name"] for mount in mounts if mount["Type"] == "volume"}


def left(docker_client, names):
    """Return those of the volumes that still exist."""
    return names & {volume.name for volume in docker_client.volumes.list()}
