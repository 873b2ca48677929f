"""Compiling with MATLAB: which program, and that the batch token is told by nobody."""

import os

import pytest
from docker.errors import NotFound

from matlab_sagemaker.errors import ImageError, MatlabMissingError
from matlab_sagemaker.images import microservice

TOKEN = "user@host::team::MARKED9f8e"


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """A folder first on PATH, in which a test puts its MATLAB."""
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin:/bin")
    return tmp_path


def put(folder, name, script):
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


class Engine:
    """An engine that has no image, so there is none to forget."""

    @property
    def images(self):
        return self

    def remove(self, *_, **__):
        raise NotFound("no such image")


def compiled(folder, token=""):
    lines = []
    with (
        pytest.raises(ImageError) as caught,
        microservice.compiled("Handler", folder, "image", token, Engine(), lines.append),
    ):
        pytest.fail("nothing was compiled")
    return caught.value, "\n".join(lines)


def test_what_matlab_batch_tells_of_its_token_is_masked(programs):
    put(
        programs, "matlab-batch", 'echo "the token $MLM_LICENSE_TOKEN (MARKED9f8e) expired"; exit 1'
    )
    error, log = compiled(programs, TOKEN)
    assert "the token *** (***) expired" in log
    assert "MARKED9f8e" not in log + str(error)


def test_without_a_token_matlab_itself_compiles(programs):
    put(programs, "matlab-batch", "echo the wrong one; exit 1")
    put(programs, "matlab", 'echo "$1 $2"; exit 1')
    _, log = compiled(programs)
    assert log.startswith("-batch sagemaker.internal.build.microservice('Handler', ")


def test_a_machine_without_matlab_is_told_so(programs):
    error, _ = compiled(programs)
    assert isinstance(error, MatlabMissingError)
