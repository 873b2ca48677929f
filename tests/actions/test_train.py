"""Training: once for the same files, again after a failure, errors on the user's own line."""

import json
import signal
import threading
import time

import pytest

from harness import FUNCTION, jobs, until, wait_for, write_function
from ways import DENIED, Refuser, way


@pytest.fixture
def ready(project):
    """A project whose training image is there."""
    project.succeed("build-training-image")
    return project


SAVE = "model = 1; save(fullfile(env.ModelFolder, 'model.mat'), 'model', '-v7');"


def bucket(result):
    return result.outputs["model-data"].removeprefix("s3://").partition("/")[0]


def test_the_example_trains_once_and_is_found_after_that(ready, aws):
    first = ready.succeed("train")
    metrics = json.loads(first.outputs["metrics"])
    assert metrics["cross_validated_accuracy"] >= 0.93
    assert metrics["resubstitution_accuracy"] >= metrics["cross_validated_accuracy"]
    assert "cross-validated accuracy" in first.stdout
    assert "cross_validated_accuracy" in first.summary
    assert first.report.split() == first.summary.replace(bucket(first), "(bucket)").split()
    again = ready.succeed("train")
    assert again.outputs == {**first.outputs, "changed": "false"}
    assert list(jobs(aws, ready).values()) == ["Completed"]


def test_another_hyperparameter_is_another_job(ready, aws):
    ready.succeed("train")
    ready.edit("sagemaker.yml", "MinLeafSize: 1", "MinLeafSize: 5")
    assert ready.succeed("train").outputs["changed"] == "true"
    assert len(jobs(aws, ready)) == 2


def test_without_an_image_nothing_is_made(project, aws):
    project.edit("sagemaker.yml", "engine: octave", "engine: matlab")
    result = project.run("train")
    assert result.code == 3
    assert "Run build-training-image first" in result.annotations[0]
    assert jobs(aws, project) == {}


def test_an_error_in_the_users_function_is_shown_on_its_line(ready, aws):
    write_function(ready, "x = 1;", "error('flowers:train:noRows', 'There are %d rows.', 0);")
    result = ready.run("train")
    assert result.code == 1
    ((name, status),) = jobs(aws, ready).items()
    assert status == "Failed"
    reason = aws("sagemaker").describe_training_job(TrainingJobName=name)["FailureReason"]
    assert reason.startswith("flowers:train:noRows: There are 0 rows.")
    (annotation,) = result.annotations
    assert f"file={FUNCTION},line=3::" in annotation
    assert "trainClassificationTree" in annotation
    assert "flowers:train:noRows" in result.summary
    assert f"In `{FUNCTION}:3`" in result.report
    assert "flowers:train:noRows" in result.report
    assert ready.run("deploy").code == 3, "nothing is deployed of a failed training"


def test_a_corrected_function_trains_again(ready, aws):
    good = (ready.root / FUNCTION).read_text()
    write_function(ready, "error('a:b', 'c');")
    assert ready.run("train").code == 1
    ready.write(FUNCTION, good)
    ready.succeed("train")
    assert sorted(jobs(aws, ready).values()) == ["Completed", "Failed"]


def test_a_failed_attempt_is_left_and_the_next_gets_the_next_number(ready, aws):
    write_function(ready, "error('a:b', 'c');")
    for _ in range(2):
        assert ready.run("train").code == 1
    assert sorted(name[-2:] for name in jobs(aws, ready)) == ["-1", "-2"]


def test_a_killed_run_is_taken_up_again_by_the_next(ready, aws):
    write_function(
        ready, "pause(4); model = 1; save(fullfile(env.ModelFolder, 'model.mat'), 'model', '-v7');"
    )
    process = ready.start("train")
    wait_for(lambda: jobs(aws, ready))
    process.kill()
    process.communicate()
    result = ready.succeed("train")
    assert "waiting for it" in result.stdout
    assert list(jobs(aws, ready).values()) == ["Completed"]


@pytest.mark.parametrize("word", [signal.SIGTERM, signal.SIGINT])
def test_a_cancelled_run_stops_its_job_and_the_next_run_trains_again(ready, aws, word):
    write_function(ready, "pause(60);")
    process = ready.start("train")
    wait_for(lambda: jobs(aws, ready))
    process.send_signal(word)
    result = ready.finish(process)
    assert result.code == 130
    assert "the training job" in result.annotations[0]
    wait_for(lambda: list(jobs(aws, ready).values()) == ["Stopped"])


def test_a_cancelled_run_leaves_the_job_of_another_run_alone(ready, aws):
    write_function(ready, "pause(60);")
    first = ready.start("train")
    (name,) = wait_for(lambda: jobs(aws, ready))
    second = ready.start("train")
    wait_for(lambda: "waiting for it" in second.stdout.readline())
    second.send_signal(signal.SIGTERM)
    assert "goes on for the run that made it" in ready.finish(second).annotations[0]
    assert jobs(aws, ready) == {name: "InProgress"}
    first.kill()
    ready.finish(first)
    aws("sagemaker").stop_training_job(TrainingJobName=name)


def test_a_run_that_waits_for_the_job_of_a_cancelled_run_trains_by_itself(ready, aws):
    write_function(
        ready, "pause(6); model = 1; save(fullfile(env.ModelFolder, 'model.mat'), 'model', '-v7');"
    )
    first = ready.start("train")
    wait_for(lambda: jobs(aws, ready))
    second = ready.start("train")
    wait_for(lambda: "waiting for it" in second.stdout.readline())
    first.send_signal(signal.SIGTERM)
    assert ready.finish(first).code == 130
    result = ready.finish(second)
    assert result.code == 0
    assert result.outputs["changed"] == "true"
    assert sorted(jobs(aws, ready).values()) == ["Completed", "Stopped"]


def test_a_cancelled_step_of_a_workflow_reaches_the_verb(ready, aws):
    """The runner signals the bash of the step, and nothing below it."""
    write_function(ready, "pause(60);")
    process = ready.start_step("train")
    wait_for(lambda: jobs(aws, ready))
    process.send_signal(signal.SIGINT)
    assert ready.finish(process).code == 130
    wait_for(lambda: list(jobs(aws, ready).values()) == ["Stopped"])


def test_a_function_in_a_package_trains(ready):
    folder = ready.root / "code/+flowers"
    folder.mkdir()
    (ready.root / FUNCTION).rename(folder / "trainClassificationTree.m")
    ready.edit("sagemaker.yml", "function: train", "function: flowers.train")
    metrics = json.loads(ready.succeed("train").outputs["metrics"])
    assert metrics["cross_validated_accuracy"] > 0.9


def test_an_error_is_placed_in_the_file_also_where_the_project_lies_in_a_subfolder(ready):
    write_function(ready, "error('a:b', 'c');")
    top = ready.root.parent / "top"
    top.mkdir()
    ready.root = ready.root.rename(top / "models")
    result = ready.run("train", "--config", "models/sagemaker.yml", folder=top)
    assert f"file=models/{FUNCTION},line=2::" in result.annotations[0]
    assert f"In `models/{FUNCTION}:2`" in result.report


def test_a_file_that_s3_refuses_is_told_with_what_to_allow(ready, aws):
    denied = "<Error><Code>AccessDenied</Code><Message>no s3:PutObject</Message></Error>"
    with way(ready.url, Refuser("/data/training/", 403, denied)) as url:
        result = ready.run("train", AWS_ENDPOINT_URL=url)
    assert result.code == 5
    assert "no s3:PutObject" in result.annotations[0]
    assert jobs(aws, ready) == {}


def test_a_bucket_that_belongs_to_another_account_is_not_used(ready, aws):
    with way(ready.url, Refuser("HEAD /", 403, "")) as url:
        result = ready.run("train", AWS_ENDPOINT_URL=url)
    assert result.code == 5
    assert "belongs to another account" in result.annotations[0]
    assert jobs(aws, ready) == {}


def test_a_job_that_is_gone_is_not_waited_for(ready):
    gone = '{"__type": "ValidationException", "message": "Requested resource not found."}'
    with way(ready.url, Refuser("DescribeTrainingJob", 400, gone)) as url:
        result = ready.run("train", AWS_ENDPOINT_URL=url)
    assert result.code == 1
    assert "is not there any more" in result.annotations[0]


def test_the_region_is_also_read_from_aws_region(ready):
    ready.succeed("train", AWS_DEFAULT_REGION="")
    ready.succeed("train", AWS_REGION="")
    result = ready.run("train", AWS_REGION="", AWS_DEFAULT_REGION="")
    assert result.code == 2
    assert "AWS_REGION" in result.annotations[0]


def test_a_job_that_takes_too_long_is_no_success(ready, aws):
    write_function(ready, "pause(60);")
    ready.edit("sagemaker.yml", "max_runtime: 15m", "max_runtime: 1s")
    result = ready.run("train")
    assert result.code == 1
    assert "raise it" in result.annotations[0]


def test_a_log_that_cannot_be_read_does_not_hide_how_the_job_ended(ready):
    write_function(ready, "error('a:b', 'c');")
    with way(ready.url, Refuser("Logs_", 400, DENIED)) as url:
        result = ready.run("train", AWS_ENDPOINT_URL=url)
    assert result.code == 1
    assert "a:b: c" in result.annotations[0]
    assert result.stdout.count("warning: the log cannot be shown.") == 1


def test_a_job_that_somebody_stops_is_no_success(ready, aws):
    write_function(ready, "pause(60);")
    process = ready.start("train")
    (name,) = wait_for(lambda: jobs(aws, ready))
    aws("sagemaker").stop_training_job(TrainingJobName=name)
    result = ready.finish(process)
    assert result.code == 1
    assert "Somebody stopped it" in result.annotations[0]


def test_a_crash_of_the_engine_is_a_failure_with_a_reason(ready):
    write_function(ready, "kill(getpid(), 9);")
    result = ready.run("train")
    assert result.code == 1
    assert "SIGKILL" in result.annotations[0]


def test_what_the_users_code_prints_cannot_command_the_runner(ready):
    write_function(
        ready, "fprintf('::set-output name=job-name::evil\\n::error::forged\\n');", "model = 1;",
        "save(fullfile(env.ModelFolder, 'model.mat'), 'model', '-v7');",
    )  # fmt: skip
    result = ready.succeed("train")
    lines = result.stdout.splitlines()
    assert "  | ::error::forged" in lines
    assert result.annotations == []
    assert result.outputs["job-name"].startswith(ready.name)


def test_data_that_lies_in_s3_is_read_from_there(ready, aws):
    bucket = f"{ready.name}-data"
    aws("s3").create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    body = (ready.root / "data/training/iris.csv").read_bytes()
    aws("s3").put_object(Bucket=bucket, Key="iris/iris.csv", Body=body)
    ready.edit("sagemaker.yml", "training: data/training", f"training: s3://{bucket}/iris/")
    ready.succeed("train")
    assert ready.succeed("train").outputs["changed"] == "false"
    aws("s3").put_object(
        Bucket=bucket, Key="iris/iris.csv", Body=body + b"5.1,3.5,1.4,0.2,setosa\n"
    )
    assert ready.succeed("train").outputs["changed"] == "true"


def test_an_s3_channel_with_nothing_in_it_is_refused_before_anything_is_billed(ready, aws):
    bucket = f"{ready.name}-empty"
    aws("s3").create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    ready.edit("sagemaker.yml", "training: data/training", f"training: s3://{bucket}/nothing/")
    result = ready.run("train")
    assert result.code == 2
    assert "there is nothing in" in result.annotations[0]
    assert jobs(aws, ready) == {}


@pytest.mark.parametrize("file", ["data/training/iris.csv", "code/weights.mat"])
def test_a_file_that_was_left_in_git_lfs_trains_nothing(ready, aws, file):
    oid = f"oid sha256:{'4d' * 32}"
    ready.write(file, f"version https://git-lfs.github.com/spec/v1\n{oid}\nsize 12345\n")
    result = ready.run("train")
    assert result.code == 2
    assert f"file={file}" in result.annotations[0]
    assert "`lfs: true`" in result.annotations[0]
    assert jobs(aws, ready) == {}


def test_a_name_that_only_matlab_knows_says_what_runs_it(ready):
    write_function(ready, "model = fitcsvm([1 2; 3 4], [1; 2]);")
    result = ready.run("train")
    assert result.code == 1
    assert "'fitcsvm' undefined" in result.annotations[0]
    assert "`rehearse: false`" in result.annotations[0]


def test_a_role_that_is_not_there_is_told_in_aws_words(ready, aws):
    result = ready.run("train", "--role", "nobody")
    assert result.code == 5
    assert "aws.role in sagemaker.yml" in result.annotations[0]
    assert jobs(aws, ready) == {}


def test_a_run_that_waits_no_longer_leaves_the_job_to_the_next(ready, aws):
    write_function(ready, "pause(6);", SAVE)
    result = ready.run("train", "--longest-wait", "2s")
    assert result.code == 1
    assert "Run it again: it takes the job up" in result.annotations[0]
    assert result.verdict == "failure"
    assert list(jobs(aws, ready).values()) == ["InProgress"]
    assert ready.succeed("train").outputs["changed"] == "false"


def test_a_run_waits_less_than_its_job_may_last(ready, aws):
    write_function(ready, "pause(6);", SAVE)
    result = ready.run("train", "--longest-wait", "5h", "--job-timeout", "3s")
    assert result.code == 1
    assert "what the job's time limit leaves of it" in result.annotations[0]
    assert list(jobs(aws, ready).values()) == ["InProgress"]
    assert ready.succeed("train").outputs["changed"] == "false"


def test_a_run_that_trains_in_anothers_place_waits_no_longer_for_that(ready, aws, tmp_path):
    """Its training would be done soon after: with a limit of its own, it would be waited for."""
    go_on = tmp_path / "go-on"
    write_function(ready, until(go_on), SAVE)
    first = ready.start("train")
    wait_for(lambda: jobs(aws, ready))
    second = ready.start("train", "--longest-wait", "20s")
    wait_for(lambda: "waiting for it" in second.stdout.readline())
    trained = threading.Timer(27, go_on.touch)
    trained.start()
    time.sleep(10)
    first.send_signal(signal.SIGTERM)
    assert ready.finish(first).code == 130
    result = ready.finish(second)
    trained.cancel()
    assert result.code == 1
    assert "takes the job up" in result.annotations[0]
    assert sorted(jobs(aws, ready).values()) == ["InProgress", "Stopped"]


@pytest.mark.parametrize("option", ["--longest-wait", "--job-timeout"])
def test_a_wait_that_is_no_time_is_told_before_anything_is_sent(ready, aws, option):
    result = ready.run("train", option, "soon")
    assert result.code == 2
    assert "such as 90m" in result.annotations[0]
    assert jobs(aws, ready) == {}
