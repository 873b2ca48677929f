"""Training: once for the same files, again after a failure; errors name the user's own line."""

import json
import re
import shutil
from dataclasses import replace

import pytest

from helpers.aws.fault_proxy import DENIED, Recorder, Refuser, proxy
from helpers.kit.verb_runs import (
    EXAMPLE,
    FUNCTION,
    HANDLER,
    SAVE,
    SAVE_ONLY,
    jobs,
    rule,
    until,
    write_function,
)
from helpers.kit.waiting import eventually


@pytest.fixture
def ready(ready):
    """A training that learns nothing, unless a test writes another one."""
    write_function(ready, SAVE)
    return ready


def bucket(result):
    return result.outputs["model-data"].removeprefix("s3://").partition("/")[0]


def test_the_example_trains_once_and_again_with_another_hyperparameter(ready, aws):
    shutil.copy(EXAMPLE / FUNCTION, ready.root / FUNCTION)
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
    ready.edit("sagemaker.yml", "MinLeafSize: 1", "MinLeafSize: 5")
    other = ready.succeed("train")
    assert other.outputs["changed"] == "true"
    assert other.outputs["job-name"] != first.outputs["job-name"]


def test_without_waiting_the_job_is_started_once_and_goes_on(ready, aws, tmp_path):
    go = tmp_path / "go"
    write_function(ready, until(go), SAVE)
    started = ready.succeed("train", "--no-wait").outputs
    ((name, status),) = jobs(aws, ready).items()
    assert status == "InProgress", "it is not stopped when the verb has ended"
    told = {"found": "false", "running": "true", "job-name": name, "changed": "true"}
    nothing = {"model-data": "", "metrics": "{}", "gate": "none", "gate-rows": "[]"}
    assert started == {**told, **nothing}
    again = ready.succeed("train", "--no-wait")
    assert again.outputs == {**started, "changed": "false"}
    assert "is training exactly this already" in again.stdout
    go.touch()
    trained = ready.succeed("train").outputs
    assert (trained["job-name"], trained["changed"]) == (name, "false")
    assert ready.succeed("train", "--no-wait").outputs == trained


@pytest.mark.slow
def test_without_waiting_a_job_that_failed_is_tried_again(ready, aws):
    write_function(ready, "error('a:b', 'c');")
    assert ready.run("train").code == 1
    assert ready.succeed("train", "--no-wait").outputs["job-name"].endswith("-2")
    eventually(lambda: list(jobs(aws, ready).values()) == ["Failed"] * 2)


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
    assert (result.outputs["job-name"], result.outputs["found"]) == (name, "false")
    assert ready.run("deploy").code == 3, "nothing is deployed of a failed training"


@pytest.mark.slow
def test_a_failed_attempt_is_left_and_the_next_gets_the_next_number(ready, aws):
    write_function(ready, "error('a:b', 'c');")
    for _ in range(2):
        assert ready.run("train").code == 1
    assert sorted(name[-2:] for name in jobs(aws, ready)) == ["-1", "-2"]
    write_function(ready, SAVE)
    assert ready.succeed("train").outputs["job-name"].endswith("-1"), "corrected, it is another job"
    assert sorted(jobs(aws, ready).values()) == ["Completed", "Failed", "Failed"]


def test_a_function_in_a_package_trains(ready):
    folder = ready.root / "code/+flowers"
    folder.mkdir()
    (ready.root / FUNCTION).rename(folder / "trainClassificationTree.m")
    ready.edit("sagemaker.yml", "function: train", "function: flowers.train")
    ready.succeed("train")


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
    with proxy(ready.url, Refuser(f"/data/{ready.name}/training/", 403, denied)) as url:
        result = ready.run("train", AWS_ENDPOINT_URL=url)
    assert result.code == 5
    assert "no s3:PutObject" in result.annotations[0]
    assert jobs(aws, ready) == {}


def test_a_bucket_that_belongs_to_another_account_is_not_used(ready, aws):
    with proxy(ready.url, Refuser("HEAD /", 403, "")) as url:
        result = ready.run("train", AWS_ENDPOINT_URL=url)
    assert result.code == 5
    assert "belongs to another account" in result.annotations[0]
    assert jobs(aws, ready) == {}


def test_the_region_is_also_read_from_aws_region(ready):
    ready.succeed("train", "--find-only", AWS_DEFAULT_REGION="")
    ready.succeed("train", "--find-only", AWS_REGION="")
    result = ready.run("train", "--find-only", AWS_REGION="", AWS_DEFAULT_REGION="")
    assert result.code == 2
    assert "AWS_REGION" in result.annotations[0]


def test_a_log_that_cannot_be_read_does_not_hide_how_the_job_ended(ready):
    write_function(ready, "error('a:b', 'c');")
    with proxy(ready.url, Refuser("Logs_", 400, DENIED)) as url:
        result = ready.run("train", AWS_ENDPOINT_URL=url)
    assert result.code == 1
    assert "a:b: c" in result.annotations[0]
    assert result.stdout.count("warning: the log cannot be shown.") == 1


def test_a_crash_of_the_engine_is_a_failure_with_a_reason(ready):
    write_function(ready, "kill(getpid(), 9);")
    result = ready.run("train")
    assert result.code == 1
    assert "SIGKILL" in result.annotations[0]


def test_what_the_users_code_prints_cannot_command_the_runner(ready):
    forged = "fprintf('::set-output name=job-name::evil\\n::error::forged\\n');"
    write_function(ready, forged, SAVE)
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
    write_function(
        ready, "disp(fileread(fullfile(env.ChannelInputFolders.training, 'iris.csv')));", SAVE
    )
    assert "  | 5.9,3.0,5.1,1.8,virginica" in ready.succeed("train").stdout.splitlines()
    assert ready.succeed("train").outputs["changed"] == "false"
    aws("s3").put_object(Bucket=bucket, Key="iris/iris.csv", Body=body)  # the same, but later
    again = ready.succeed("train")
    assert again.outputs["changed"] == "true"
    assert f"s3://{bucket}/iris/ was written to after the job was created" in again.stdout


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
    result = ready.run("train", "--training-role", "nobody")
    assert result.code == 5
    assert "Set aws.training_role" in result.annotations[0]
    assert jobs(aws, ready) == {}


def metrics_as(project, more):
    """Give both metrics of the example `more` beside the pattern, and remove their rules."""
    rule(project)
    text = (project.root / "sagemaker.yml").read_text()
    project.write("sagemaker.yml", text.replace("better: higher}", f"{more}}}"))


def test_a_training_without_a_required_metric_is_red_and_stays_found(ready, aws):
    write_function(ready, "disp('resubstitution accuracy: 1'); disp('accuracy = x');", SAVE_ONLY)
    for verb in ("train", "train", "deploy"):  # as it trains, as it is found, as it is deployed
        result = ready.run(verb)
        assert result.code == 1
        (told,) = result.annotations
        assert "file=sagemaker.yml,line=18::" in told
        assert "has no value for cross_validated_accuracy." in told
        assert "the nearest: accuracy = x" in told
    assert ready.succeed("train", "--find-only").outputs["found"] == "true"
    assert list(jobs(aws, ready).values()) == ["Completed"]
    metrics_as(ready, "required: false, better: higher, unit: '1'")
    assert ready.succeed("train").outputs["changed"] == "false", "only the pattern is in the key"


def test_a_metric_without_a_value_is_named_with_what_was_printed_in_its_place(ready):
    metrics_as(ready, "required: false")
    write_function(ready, "disp('accuracy = 0.9');", SAVE_ONLY)
    for _ in range(2):  # as it trains, and as it is found
        result = ready.succeed("train")
        assert re.search("::warning::.*the nearest: accuracy = 0.9", result.stdout)
        assert "the nearest: accuracy = 0.9" in result.summary
        assert "the nearest: accuracy = 0.9" in result.report
    assert json.loads(result.outputs["metrics"]) == {}


def test_a_model_without_the_file_that_the_handler_reads_is_no_success(ready):
    write_function(ready, "x = 1; save(fullfile(env.ModelFolder, 'other.mat'), 'x', '-v7');")
    for verb in ("train", "deploy"):
        result = ready.run(verb)
        assert result.code == 1
        assert "saved no model.mat, only: other.mat" in result.annotations[0]
    handler = (ready.root / HANDLER).read_text()
    own = "methods\n        function model = load_model(obj, modelFolder)\n        end\n"
    ready.write(HANDLER, handler.replace("methods\n", own, 1))
    metrics_as(ready, "required: false")
    ready.succeed("train")


def test_a_variable_reaches_the_function_and_a_batch_token_goes_nowhere(ready, aws):
    write_function(ready, "printf('%s\\n', getenv('LEVEL'));", SAVE)
    ready.edit(
        "sagemaker.yml", "  max_runtime", "  environment: {LEVEL: 'set here'}\n  max_runtime"
    )
    assert "  | set here" in ready.succeed("train").stdout.splitlines()
    ready.edit("sagemaker.yml", "'set here'", "'me@host::team::MARKED9f8e'")
    watch = Recorder()
    with proxy(ready.url, watch) as url:
        result = ready.run("train", AWS_ENDPOINT_URL=url)
    assert result.code == 2
    assert "file=sagemaker.yml,line=15::" in result.annotations[0]
    assert "matlab.batch_token_secret" in result.annotations[0]
    assert watch.exchanges == []
    assert "MARKED" not in str(result)
    runs = (file for file in ready.root.parent.glob("run-*/*") if file.is_file())
    assert not any("MARKED" in file.read_text() for file in runs)
    assert len(jobs(aws, ready)) == 1


def describing(added):
    """Return a function that adds a member to AWS's description of a training job."""

    def change(exchange):
        if not exchange.what.endswith("DescribeTrainingJob") or exchange.status != 200:
            return exchange
        return replace(exchange, body=json.dumps(added(json.loads(exchange.body))).encode())

    return Recorder(change)


def test_a_new_job_that_aws_describes_otherwise_is_stopped_and_there_is_no_second(ready, aws):
    """As if AWS had a new default that this kit does not know."""
    write_function(ready, "pause(60);")
    with proxy(ready.url, describing(lambda job: {**job, "NewDefault": True})) as url:
        result = ready.run("train", AWS_ENDPOINT_URL=url)
    assert result.code == 4
    assert (
        "differently from what this run has requested: NewDefault is set" in result.annotations[0]
    )
    eventually(lambda: list(jobs(aws, ready).values()) == ["Stopped"])


def test_a_member_that_is_newer_than_boto3_is_another_job(trained):
    """boto3 drops it: somebody with a newer boto3 could train with it under any name."""

    def added(job):
        return {**job, "AlgorithmSpecification": {**job["AlgorithmSpecification"], "New": "x"}}

    with proxy(trained.url, describing(added)) as url:
        result = trained.succeed("train", "--find-only", AWS_ENDPOINT_URL=url)
    assert result.outputs["found"] == "false"
    assert "AlgorithmSpecification.New is set" in result.stdout
