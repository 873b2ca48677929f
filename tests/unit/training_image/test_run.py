"""The entry point as a process, with real Octave: how a job ends and what it leaves."""

from __future__ import annotations

import io
import os
import shutil
import signal
import sys
import tarfile
import time
from typing import TYPE_CHECKING

import psutil
import pytest

from helpers.kit.waiting import read_until

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from training_container import Container

SAVE = "fid = fopen(fullfile(env.ModelFolder, 'done'), 'w'); fclose(fid);"
FOR_EVER = "disp('started'); while true, pause(0.05); end"


def wait_for(condition: Callable[[], bool], limit_s: float = 10) -> bool:
    """Wait until a condition holds; return whether it did in time."""
    end = time.monotonic() + limit_s
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def descendants(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def ended(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_a_job_that_works_exits_with_0_and_leaves_no_failure(container: Container):
    container.give_code(train=SAVE)
    code, log = container.run()
    assert (code, container.failure) == (0, None), log
    assert (container.base / "model/done").exists()
    assert log == ""


def test_log_lines_come_while_the_job_runs(container: Container):
    container.give_code(train="fprintf('epoch 1\\n'); pause(60);")
    with container.start() as process:
        started = time.monotonic()
        read_until(process, "epoch 1")
        assert time.monotonic() - started < 30
        process.terminate()


def test_an_error_is_reported_by_the_matlab_side_alone(container: Container):
    container.give_code(train="helper();", helper="error('kit:test:broken', 'Out of tea.');")
    code, log = container.run()
    assert code == 1
    assert container.failure is not None
    assert container.failure.startswith(
        "kit:test:broken: Out of tea.\nIn helper (helper.m, line 2)"
    )
    assert "Out of tea." in log


def test_code_that_calls_exit_fails_with_its_own_code(container: Container):
    container.give_code(train="exit(3);")
    assert container.run()[0] == 3
    assert "octave ended with exit code 3" in (container.failure or "")


def test_an_engine_that_is_killed_is_told_as_such(container: Container):
    container.give_code(train="kill(getpid(), 9); pause(60);")
    assert container.run()[0] == 128 + signal.SIGKILL
    assert "more memory" in (container.failure or "")


def test_sigterm_ends_the_job_soon_without_calling_it_a_failure(container: Container):
    container.give_code(train=FOR_EVER)
    with container.start() as process:
        read_until(process, "started")
        asked = time.monotonic()
        process.terminate()
        code = process.wait(timeout=20)
    assert time.monotonic() - asked < 5
    assert code in {1, 128 + signal.SIGTERM}
    assert container.failure is None
    assert (container.base / "output/stop-requested").exists()
    assert not list(container.base.rglob("octave-workspace"))


def test_sigterm_while_products_are_installed_is_no_failure_either(
    container: Container, tmp_path: Path
):
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, script in {"matlab": "exit 9", "mpm": "echo installing; exec sleep 60"}.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    container.give_code(train=SAVE)
    variables = {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "MATLAB_SAGEMAKER_ENGINE": "matlab",
        "MATLAB_SAGEMAKER_RELEASE": "R2026a",
        "MATLAB_SAGEMAKER_ROOT": str(tmp_path),
        "MATLAB_REQUIRED_PRODUCTS": "A_Toolbox",
    }
    with container.start(**variables) as process:
        read_until(process, "installing")
        process.terminate()
        assert process.wait(timeout=20) == 128 + signal.SIGTERM
    assert container.failure is None


def test_code_that_watches_the_stop_flag_may_finish_within_the_grace(container: Container):
    flag = "fullfile(fileparts(env.OutputDataFolder), 'stop-requested')"
    container.give_code(
        train=f"disp('started'); while exist({flag}, 'file') ~= 2, pause(0.05); end; {SAVE}"
    )
    with container.start(MATLAB_SAGEMAKER_STOP_GRACE="30") as process:
        read_until(process, "started")
        process.terminate()
        assert process.wait(timeout=20) == 0
    assert (container.base / "model/done").exists()


def test_the_engine_does_not_outlive_an_entry_point_that_is_killed(container: Container):
    container.give_code(train=FOR_EVER)
    with container.start() as process:
        read_until(process, "started")
        [engine] = descendants(process)
        process.kill()
    assert wait_for(lambda: ended(engine))


def test_what_the_code_left_running_ends_with_the_job(container: Container):
    container.give_code(
        train="system('sleep 300 > /dev/null 2>&1 & echo $! > pid'); disp('started'); pause(1);"
    )
    assert container.run()[0] == 0
    pid = int((container.base / "code/pid").read_text())
    assert wait_for(lambda: not psutil.pid_exists(pid) or ended(psutil.Process(pid)))


@pytest.mark.parametrize("words", [["serve"], ["train", "now"]])
def test_other_words_than_train_are_refused_with_usage(container: Container, words: list[str]):
    code, log = container.run(*words)
    assert code == 2
    assert "usage: entrypoint.py train" in log


def test_a_missing_engine_fails_the_job_with_what_to_do(container: Container, tmp_path: Path):
    container.give_code(train=SAVE)
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("sh", "dirname", "python3"):
        (tools / name).symlink_to(sys.executable if name == "python3" else shutil.which(name) or "")
    assert container.run(PATH=str(tools))[0] == 1
    assert "there is no octave-cli on PATH" in (container.failure or "")


def test_matlab_gets_path_and_statement_in_one_word_and_its_code_is_the_jobs(
    container: Container, tmp_path: Path
):
    container.give_code(train=SAVE)
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin/matlab-batch"
    program.write_text('#!/bin/sh\necho "$# ${1#*; } in $(pwd)"\nexit 5\n')
    program.chmod(0o755)
    code, log = container.run(
        PATH=f"{program.parent}:{os.environ['PATH']}", MATLAB_SAGEMAKER_ENGINE="matlab"
    )
    folder = container.base / "code"
    statement = f"addpath('{container.image / 'matlab'}'); exit(sagemaker_training.main())"
    assert f"1 {statement} in {folder}\n" in log
    assert code == 5


def test_a_missing_contract_file_fails_the_job_and_is_named(container: Container):
    (container.base / "input/config/resourceconfig.json").unlink()
    assert container.run()[0] == 1
    assert "resourceconfig.json is missing" in (container.failure or "")


def test_a_job_without_code_is_told_how_to_give_it(container: Container):
    assert container.run()[0] == 1
    assert "Give the job an input channel named code" in (container.failure or "")


def test_a_bundle_that_leads_outside_fails_the_job_and_writes_nothing_there(container: Container):
    channel = container.base / "input/data/code"
    channel.mkdir()
    with tarfile.open(channel / "code.tar.gz", "w:gz") as tar:
        tar.addfile(tarfile.TarInfo("../evil.m"), io.BytesIO())
    container.write_inputs()
    assert container.run()[0] == 1
    assert "'../evil.m' leads outside" in (container.failure or "")
    assert not (container.base / "evil.m").exists()


def write_function(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "train.m").write_text(f"function train(env, varargin)\n{SAVE}\nend\n")


def test_a_code_channel_of_plain_files_is_used_as_it_is(container: Container):
    write_function(container.base / "input/data/code")
    container.write_inputs()
    assert container.run()[0] == 0
    assert (container.base / "model/done").exists()


def test_a_submit_directory_in_the_container_is_used(container: Container, tmp_path: Path):
    write_function(tmp_path / "submitted")
    container.configure(
        sagemaker_program="train", sagemaker_submit_directory=str(tmp_path / "submitted")
    )
    assert container.run()[0] == 0
    assert (container.base / "model/done").exists()


def test_a_submit_directory_that_is_not_there_is_named(container: Container):
    container.configure(sagemaker_program="train", sagemaker_submit_directory="/no/such")
    assert container.run()[0] == 1
    assert "There is no code at /no/such" in (container.failure or "")
