"""The job's contract and the engine's command, without starting anything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contract import base_folder, find_region, read_job
from engine import (
    STATEMENT,
    add_to_path,
    engine_command,
    engine_name,
    source_folders,
)
from entrypoint import describe_end, stop_grace_s
from failure import JobError, write_failure

if TYPE_CHECKING:
    from training_container import Container

ARN = "arn:aws:sagemaker:eu-central-1:123456789012:training-job/iris-1"


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "/opt/ml"),
        ({"SAGEMAKER_BASE_DIR": ""}, "/opt/ml"),
        ({"SAGEMAKER_BASE_DIR": "/x"}, "/x"),
    ],
)
def test_the_base_folder_is_opt_ml_unless_told_otherwise(environ: dict[str, str], expected: str):
    assert base_folder(environ) == Path(expected)


@pytest.mark.parametrize("written", ["trainTree", '"trainTree"'])
def test_the_program_is_read_plain_or_as_the_json_of_the_sdk(container: Container, written: str):
    container.configure(sagemaker_program=written, sagemaker_submit_directory='"s3://b/k.tar.gz"')
    job = read_job(container.base, {})
    assert job.program == "trainTree"
    assert job.submit_directory == "s3://b/k.tar.gz"


def test_a_variable_names_the_program_where_no_hyperparameter_does(container: Container):
    variable = {"SAGEMAKER_PROGRAM": "other"}
    container.configure(sagemaker_program="trainTree")
    assert read_job(container.base, variable).program == "trainTree"
    (container.base / "input/config/hyperparameters.json").write_text("{}")
    assert read_job(container.base, variable).program == "other"
    with pytest.raises(JobError, match="no variable SAGEMAKER_PROGRAM"):
        read_job(container.base, {})


@pytest.mark.parametrize(
    "name", ["hyperparameters.json", "inputdataconfig.json", "resourceconfig.json"]
)
@pytest.mark.parametrize(
    ("content", "problem"),
    [(None, "is missing"), ("{", "is not JSON"), ("[]", "not a JSON object"), ("\xff", "not JSON")],
)
def test_a_bad_file_of_the_contract_is_named(
    container: Container, name: str, content: str | None, problem: str
):
    path = container.base / "input/config" / name
    path.unlink()
    if content is not None:
        path.write_text(content, encoding="latin-1")
    with pytest.raises(JobError, match=f"{name}.*{problem}"):
        read_job(container.base, {})


@pytest.mark.parametrize("hyperparameters", [{}, {"sagemaker_program": ""}])
def test_a_job_without_a_program_is_refused(container: Container, hyperparameters: dict[str, str]):
    container.configure(**hyperparameters)
    with pytest.raises(JobError, match="no hyperparameter sagemaker_program"):
        read_job(container.base, {})


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"AWS_REGION": "eu-west-1", "TRAINING_JOB_ARN": ARN}, "eu-west-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-2", "TRAINING_JOB_ARN": ARN}, "eu-west-2"),
        ({"TRAINING_JOB_ARN": ARN}, "eu-central-1"),
        ({"TRAINING_JOB_ARN": "iris"}, None),
        ({}, None),
    ],
)
def test_the_region_comes_from_the_jobs_arn_when_no_variable_tells(
    environ: dict[str, str], expected: str | None
):
    assert find_region(environ) == expected


@pytest.mark.parametrize("value", ["", "python", "Octave"])
def test_an_image_that_declares_no_known_engine_is_refused(value: str):
    with pytest.raises(JobError, match="MATLAB_SAGEMAKER_ENGINE"):
        engine_name({"MATLAB_SAGEMAKER_ENGINE": value})


@pytest.mark.parametrize("value", ["-1", "soon", "1.5", ""])
def test_a_stop_grace_that_is_no_number_is_refused(value: str):
    with pytest.raises(JobError, match="whole number of seconds"):
        stop_grace_s({"MATLAB_SAGEMAKER_STOP_GRACE": value})


def programs(folder: Path, *names: str) -> str:
    """Make programs that do nothing, and return a search path with only these."""
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    return str(folder)


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        (["matlab"], ["matlab", "-batch"]),
        (["matlab", "matlab-batch"], ["matlab-batch"]),
    ],
)
def test_matlab_batch_is_preferred_to_matlab(
    tmp_path: Path, present: list[str], expected: list[str]
):
    command = engine_command("matlab", tmp_path, programs(tmp_path / "bin", *present))
    assert command[:-1] == expected
    assert command[-1].endswith(STATEMENT)


def test_the_engine_dies_with_the_entry_point_where_the_system_can_do_that(tmp_path: Path):
    command = engine_command("matlab", tmp_path, programs(tmp_path / "bin", "matlab", "setpriv"))
    assert command[:4] == ["setpriv", "--pdeathsig", "KILL", "--"]


@pytest.mark.parametrize("engine", ["matlab", "octave"])
def test_a_missing_engine_is_told_before_anything_starts(tmp_path: Path, engine: str):
    with pytest.raises(JobError, match=f"{engine} is not in this image"):
        engine_command(engine, tmp_path, programs(tmp_path / "bin"))


def test_matlab_is_told_where_its_side_of_the_kit_is_and_never_of_the_compat_folder(tmp_path: Path):
    root = tmp_path / "it's"
    for name in ("matlab/+sagemaker_training", "compat"):
        (root / name).mkdir(parents=True)
    statement = engine_command("matlab", root, programs(tmp_path / "bin", "matlab"))[-1]
    quoted = str(root / "matlab").replace("'", "''")
    assert f"; addpath('{quoted}'); {STATEMENT}" in statement
    assert "compat" not in statement


def test_packages_classes_and_private_folders_are_not_on_the_path(tmp_path: Path):
    for name in ("+kit/+internal", "@Tree", "private", ".git", "b/c", "a"):
        (tmp_path / name).mkdir(parents=True)
    names = [folder.relative_to(tmp_path).as_posix() for folder in source_folders(tmp_path)]
    assert names == [".", "a", "b", "b/c"]
    assert source_folders(tmp_path / "absent") == []


def test_a_quote_in_a_folders_name_is_doubled_as_octave_wants_it():
    assert "addpath('/it''s', '/b');" in add_to_path([Path("/it's"), Path("/b")])


def test_the_matlab_sides_failure_is_never_overwritten(tmp_path: Path):
    assert write_failure(tmp_path, "first" + "x" * 2000)
    assert not write_failure(tmp_path, "second")
    text = (tmp_path / "output/failure").read_text()
    assert text.startswith("first")
    assert len(text) == 1024


@pytest.mark.parametrize(
    ("code", "words"), [(3, "exit code 3"), (137, "more memory"), (139, "signal 11")]
)
def test_an_end_is_described_by_what_it_usually_means(code: int, words: str):
    assert words in describe_end(code)
