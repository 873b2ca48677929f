"""Compiling with MATLAB: which program runs, how it ends, and that the token stays secret."""

import os

import pytest
import requests
from docker.errors import NotFound

from matlab_sagemaker.errors import (
    DiskFullError,
    DockerMissingError,
    ImageError,
    LicenceError,
    MatlabMissingError,
)
from matlab_sagemaker.images import matlab_compiler

TOKEN = "user@host::team::MARKED9f8e"
# What MATLAB does first: write the file with which the statement begins.
STARTS = """: > "$(echo "$*" | sed "s/.*fopen('//;s/'.*//")\""""


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """A folder first on PATH, in which a test puts its MATLAB."""
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin:/bin")
    return tmp_path


def put(folder, name, script):
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


class Engine:
    """An engine without images, so there is none to remove; it may have gone away."""

    def __init__(self, *, gone=False):
        self.gone = gone

    @property
    def images(self):
        return self

    def remove(self, *_, **__):
        raise NotFound("no such image")

    def ping(self):
        if self.gone:
            raise requests.ConnectionError("no answer")


def compiled(folder, token="", engine=None):
    """Compile, which fails; return the error and the log."""
    lines = []
    (folder / "Handler.m").write_text("% a class")
    source = matlab_compiler.HandlerSource(
        handler="Handler",
        ingredients=dict.fromkeys(("handler/Handler.m", "matlab/a.m"), folder / "Handler.m"),
        release="R2026a",
        key="k",
    )
    with (
        pytest.raises((ImageError, requests.ConnectionError)) as caught,
        matlab_compiler.compiled(source, token, engine or Engine(), lines.append),
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


def test_without_a_token_matlab_itself_compiles_with_what_the_key_counts(programs):
    put(programs, "matlab-batch", "echo the wrong one; exit 1")
    files = """cd "$(echo "$2" | sed "s/.*cd('//;s/'.*//")"; find . -type f"""
    put(programs, "matlab", f'echo "$# $1 $2"; {files}; exit 1')
    _, log = compiled(programs)
    statement, *files = log.splitlines()
    before, _, build = statement.partition("checkRelease('R2026a'); ")
    assert before.startswith("2 -batch fclose(fopen('")
    folder = before.partition("; cd('")[2].partition("'")[0]
    assert f"; addpath('{folder}/matlab'); " in before
    assert sorted(files) == ["./handler/Handler.m", "./matlab/a.m"]
    assert build.startswith("sagemaker.internal.build.microservice('Handler', ")


def test_a_machine_without_matlab_is_told_so(programs):
    error, _ = compiled(programs)
    assert isinstance(error, MatlabMissingError)


@pytest.mark.parametrize(
    ("program", "script", "kind"),
    [
        ("matlab-batch", "echo no; exit 1", LicenceError),
        ("matlab-batch", f"{STARTS}; echo no; exit 1", ImageError),
        ("matlab", "echo no; exit 1", ImageError),
        ("matlab", "echo License checkout failed.; exit 1", LicenceError),
        ("matlab", f"{STARTS}; echo License Manager Error -15; exit 1", LicenceError),
        ("matlab", "echo cp: No space left on device; exit 1", DiskFullError),
        (
            "matlab",
            f"{STARTS}; echo Cannot connect to the Docker daemon at unix:///x.; exit 1",
            DockerMissingError,
        ),
        (
            "matlab",
            f"{STARTS}; echo 'wrong release: this MATLAB is R2025bU1, and matlab.release in "
            "sagemaker.yml is R2026a.'; exit 1",
            MatlabMissingError,
        ),
    ],
)
def test_a_compilation_that_failed_is_told_by_how_far_it_came_and_what_it_said(
    programs, program, script, kind
):
    put(programs, program, script)
    error, _ = compiled(programs, TOKEN if program == "matlab-batch" else "")
    assert type(error) is kind


def test_an_engine_that_has_gone_is_not_matlabs_fault(programs):
    put(programs, "matlab", f"{STARTS}; echo unexpected EOF; exit 1")
    error, _ = compiled(programs, engine=Engine(gone=True))
    assert isinstance(error, requests.ConnectionError)  # `docker.connected` says what that means


def test_no_two_runs_have_the_same_name_for_their_image(programs):
    put(programs, "matlab", 'echo "$2"; exit 1')
    names = {compiled(programs)[1].partition("'ImageName', ")[2] for _ in range(2)}
    assert len(names) == 2
    assert all(name.startswith("'matlab-microservice:k-") for name in names)
