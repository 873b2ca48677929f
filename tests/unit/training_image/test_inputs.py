"""A job verifies its inputs before it uses any of them, in the real container."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from training_container import Container, sha256, tar_of

from contract import read_job
from failure import JobError
from inputs import BLOCK_BYTES, file_sha256, prove_inputs
from matlab_sagemaker.images import sample_job
from unpacking import unpack

if TYPE_CHECKING:
    from collections.abc import Callable

VARIABLE = "MATLAB_SAGEMAKER_INPUTS"


@pytest.fixture
def job(container: Container) -> Container:
    """A job with code and two data files, as inputs.json names them."""
    container.give_code(train="disp('ran');")
    folder = container.base / "input/data/training"
    (folder / "deep").mkdir(parents=True)
    (folder / "iris.csv").write_text("1,2\n")
    (folder / "deep/more.csv").write_text("3,4\n")
    (container.base / "input/config/inputdataconfig.json").write_text('{"code":{},"training":{}}')
    container.write_inputs()
    return container


def prove(job: Container):
    return prove_inputs(read_job(job.base, {}), job.environment())


def refused(job: Container) -> str:
    with pytest.raises(JobError) as caught:
        prove(job)
    return str(caught.value)


def test_a_job_with_the_inputs_that_it_names_runs(job: Container):
    code, log = job.run()
    assert (code, log) == (0, "ran\n")


def test_what_inputs_json_says_is_returned(job: Container):
    job.write_inputs(seal="s3://bucket/sealed/iris", loss="loss=(.*)")
    inputs = prove(job)
    assert inputs is not None
    assert inputs.sha256 == sha256(job.inputs_file)
    assert (inputs.seal, inputs.metrics) == ("s3://bucket/sealed/iris", {"loss": "loss=(.*)"})


def remove(path: Path) -> None:
    path.unlink()


def change(path: Path) -> None:
    path.write_text("9,9\n")


def lengthen(path: Path) -> None:
    path.write_text("1,2\n3\n")


def link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/passwd")


@pytest.mark.parametrize(
    ("name", "tamper", "words"),
    [
        ("iris.csv", remove, "training/'iris.csv' is missing"),
        ("deep/more.csv", remove, "training/'deep/more.csv' is missing"),
        ("deep/added.csv", change, "training/'deep/added.csv' was added"),
        ("deep/empty", Path.mkdir, "training/'deep/empty/' was added"),
        ("iris.csv", change, "training/'iris.csv' has other content"),
        ("iris.csv", lengthen, "training/'iris.csv' has 6 bytes instead of 4"),
        ("iris.csv", link, "training/'iris.csv' has 11 bytes instead of 4"),
        ("inputs.json", change, "training/'inputs.json' was added"),
        ("../code/added.m", change, "code/'added.m' was added"),
    ],
)
def test_a_file_that_is_not_the_one_is_named_and_nothing_runs(
    job: Container, name: str, tamper: Callable[[Path], None], words: str
):
    tamper(job.base / "input/data/training" / name)
    code, log = job.run()
    assert code == 1
    assert "ran" not in log.splitlines()
    assert (job.failure or "").startswith("sagemaker_training:inputs:files: ")
    assert words in (job.failure or "")
    assert not (job.base / "code").exists()


def test_other_code_is_refused_before_it_is_unpacked(job: Container):
    (job.base / "input/data/code/code.tar.gz").write_bytes(tar_of({"train": "disp('evil');"}))
    assert job.run()[0] == 1
    assert "code/'code.tar.gz' has" in (job.failure or "")
    assert not (job.base / "code").exists()


def test_of_many_files_the_first_are_named_and_all_are_counted(job: Container):
    for number in range(9):
        (job.base / f"input/data/training/{number}").write_text("")
    assert ", training/'4' was added, and 4 more." in refused(job)


def test_a_name_that_is_no_text_can_be_told(job: Container):
    os.close(os.open(os.fsencode(job.base) + b"/input/data/training/\xff\n", os.O_CREAT))
    assert job.run()[0] == 1
    assert r"training/'\udcff\n' was added" in (job.failure or "")


def test_an_inputs_json_that_is_not_the_one_is_refused(job: Container):
    environment = job.environment()
    job.inputs_file.write_text(json.dumps(job.write_inputs()))  # the same with other bytes
    with pytest.raises(JobError, match=f"(?s)inputs:changed.*{VARIABLE} is"):
        prove_inputs(read_job(job.base, {}), environment)
    job.inputs_file.unlink()
    with pytest.raises(JobError, match="No such file"):
        prove_inputs(read_job(job.base, {}), environment)


@pytest.mark.parametrize("text", ["{}", "[]", "x", '{"channels":{"code":[["a"]]}}', '"\xff'])
def test_an_inputs_json_of_another_shape_is_refused(job: Container, text: str):
    job.inputs_file.write_text(text, encoding="latin-1")
    assert refused(job).startswith("sagemaker_training:inputs:format: ")


def test_a_job_with_code_and_without_the_variable_is_refused(job: Container):
    assert job.run(**{VARIABLE: ""})[0] == 1
    assert (job.failure or "").startswith("sagemaker_training:inputs:unnamed: ")


def test_a_job_without_both_has_nothing_to_prove(container: Container):
    assert prove_inputs(read_job(container.base, {}), {}) is None


def test_a_job_that_lost_its_code_is_refused(container: Container):
    with pytest.raises(JobError, match="inputs:changed"):
        prove_inputs(read_job(container.base, {}), {VARIABLE: "0" * 64})


@pytest.mark.parametrize(
    ("channels", "words"),
    [({"code": {}}, "'training' is missing"), ({"code": {}, "extra": {}}, "'extra' was added")],
)
def test_channels_that_are_missing_or_added_are_named(
    job: Container, channels: dict[str, object], words: str
):
    (job.base / "input/config/inputdataconfig.json").write_text(json.dumps(channels))
    assert words in refused(job)


def test_of_a_listed_channel_names_and_sizes_are_compared(job: Container):
    inputs = job.write_inputs()
    files = inputs["channels"].pop("training")
    inputs["listed"]["training"] = [[name, size, '"etag-1"'] for name, size, _ in files]
    job.inputs_file.write_text(json.dumps(inputs))
    assert prove(job) is not None
    (job.base / "input/data/training/iris.csv").write_text("1")
    assert "training/'iris.csv' has 1 bytes instead of 4" in refused(job)


@pytest.mark.parametrize("size", [0, 1, BLOCK_BYTES, 2 * BLOCK_BYTES + 1])
def test_the_digest_is_that_of_all_bytes(tmp_path: Path, size: int):
    (tmp_path / "file").write_bytes(os.urandom(size))
    assert file_sha256(tmp_path / "file") == sha256(tmp_path / "file")


def sample(image: Path, folder: Path, seal: str) -> Container:
    """The sample job of a build, with the layout of its container."""
    inputs = sample_job._inputs(seal)
    folder.mkdir()
    (folder / "job.tar").write_bytes(sample_job._job("", inputs))
    unpack(folder / "job.tar", folder)
    job = Container(image, folder / "opt/ml")
    assert job.environment()[VARIABLE] == hashlib.sha256(inputs).hexdigest()
    return job


def test_the_sample_job_of_a_build_proves_its_inputs_and_seals_nothing(image: Path, tmp_path: Path):
    job = sample(image, tmp_path / "plain", "")
    assert job.run() == (0, "the sample's model: 4\n")
    sealing = sample(image, tmp_path / "sealing", "s3://sample/sealed")
    assert sealing.run()[0] == 1
    assert (sealing.failure or "").startswith("sagemaker_training:seal:job: ")
