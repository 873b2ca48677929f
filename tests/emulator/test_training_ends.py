"""Training jobs: every way in which they end."""

from __future__ import annotations

import os
import time

import pytest
from botocore.exceptions import ClientError

from helpers.emulator.clients import TIME_SCALE, alive, channel, passed, unarchive
from helpers.kit.waiting import eventually


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("sys.exit(3)", "AlgorithmError: exit code: 3"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "AlgorithmError: exit code: 137"),
        ("(ml / 'output/failure').touch(); sys.exit(1)", "AlgorithmError: exit code: 1"),
        ("(ml / 'output/failure').write_text('id: why\\nIn f'); sys.exit(1)", "id: why\nIn f"),
        ("(ml / 'output/failure').write_text('ä' * 2000); sys.exit(1)", "ä" * 1024),
        ("(ml / 'output/failure').write_bytes(b'\\xff!'); sys.exit(1)", "\ufffd!"),
    ],
)
def test_a_job_that_exits_otherwise_is_failed_and_says_why(train, finish, program, reason):
    job = finish(train(program))
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Failed", "Failed")
    assert job["FailureReason"] == reason
    assert "ModelArtifacts" not in job


def test_a_failure_file_alone_fails_no_job(train, finish):
    job = finish(train("(ml / 'output/failure').write_text('only words')"))
    assert job["TrainingJobStatus"] == "Completed"
    assert "FailureReason" not in job


def test_a_channel_without_objects_fails_the_download(train, finish):
    job = finish(train(InputDataConfig=[channel("training", "s3://bucket/nothing/here")]))
    assert passed(job) == ["Starting", "Downloading", "Failed"]
    assert job["FailureReason"].startswith("ClientError: Data download failed:No S3 objects found")


def test_a_bucket_that_does_not_exist_fails_the_download(train, finish):
    job = finish(train(InputDataConfig=[channel("training", "s3://no-such-bucket-x/a")]))
    assert job["FailureReason"].startswith("ClientError: Data download failed:")
    assert "NoSuchBucket" in job["FailureReason"]


def test_an_output_bucket_that_does_not_exist_fails_the_job(train, finish):
    job = finish(train(OutputDataConfig={"S3OutputPath": "s3://no-such-bucket-x/out"}))
    assert job["TrainingJobStatus"] == "Failed"
    assert job["FailureReason"].startswith("ClientError: Artifact upload failed:")


def test_a_key_with_dots_cannot_leave_its_channel(aws, train, finish, emulator):
    aws.put("evil/../../../../outside.txt", "x")
    job = finish(train(InputDataConfig=[channel("training", "s3://bucket/evil/")]))
    assert job["TrainingJobStatus"] == "Failed"
    # Unlike rglob, walk does not stumble over another job's folder that goes away meanwhile.
    names = {name for _, _, files in os.walk(emulator.work.parent) for name in files}
    assert "outside.txt" not in names


def test_an_image_without_its_program_fails_the_job(aws, train, finish):
    image = aws.push({"other": "x"})
    job = finish(train(spec={"TrainingImage": image}))
    assert job["TrainingJobStatus"] == "Failed"
    assert "entry point /run is missing" in job["FailureReason"]


def test_one_failing_host_ends_the_others(train, finish):
    program = """
if config("resourceconfig")["current_host"] == "algo-2":
    sys.exit(7)
time.sleep(60)
"""
    assert finish(train(program, count=2))["TrainingJobStatus"] == "Failed"


STOPPABLE = """
def end(*_):
    (ml / "model/saved.txt").write_text("kept")
    sys.exit(EXIT)
signal.signal(signal.SIGTERM, end)
print("up", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("code", [0, 1])
def test_a_stopped_job_keeps_its_model_whatever_its_exit_code(aws, train, finish, code):
    name = train(STOPPABLE.replace("EXIT", str(code)))
    eventually(lambda: "up" in aws.job_log(name))
    aws.sm.stop_training_job(TrainingJobName=name)
    job = finish(name)
    assert job["TrainingJobStatus"] == job["SecondaryStatus"] == "Stopped"
    assert passed(job)[2:] == ["Training", "Stopping", "Uploading", "Stopped"]
    model = unarchive(aws.get(job["ModelArtifacts"]["S3ModelArtifacts"]))
    assert model == {"saved.txt": b"kept"}


def test_a_program_that_ignores_sigterm_is_killed_after_the_grace(aws, train, finish):
    program = "signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True)"
    name = train(f"{program}\nwhile True: time.sleep(1)")
    eventually(lambda: "up" in aws.job_log(name))
    begun = time.monotonic()
    aws.sm.stop_training_job(TrainingJobName=name)
    assert finish(name)["TrainingJobStatus"] == "Stopped"
    assert time.monotonic() - begun >= 120 * TIME_SCALE


def test_time_that_is_up_ends_a_job_as_stopped(aws, train, finish):
    job = finish(train("time.sleep(60)", limit=1))
    assert job["TrainingJobStatus"] == "Stopped"
    assert job["SecondaryStatus"] == "MaxRuntimeExceeded"
    assert passed(job)[-1] == "MaxRuntimeExceeded"
    assert aws.get(job["ModelArtifacts"]["S3ModelArtifacts"])


def test_a_job_that_has_ended_cannot_be_stopped(aws, train, finish):
    name = train()
    finish(name)
    with pytest.raises(ClientError, match=r"ValidationException.*in status Completed"):
        aws.sm.stop_training_job(TrainingJobName=name)


def test_what_a_program_leaves_running_ends_with_it(aws, train, finish):
    program = """
child = subprocess.Popen(["sleep", "4321"], start_new_session=True)
print(child.pid, flush=True)
"""
    name = train(program)
    assert finish(name)["TrainingJobStatus"] == "Completed"
    pid = int(aws.job_log(name)[0])
    assert not alive(pid)


def test_a_job_leaves_no_files_behind(train, finish, emulator):
    name = train("(ml / 'model/m').write_text('x')")
    finish(name)
    eventually(lambda: not list((emulator.work / "jobs").glob(f"*{name}")))
