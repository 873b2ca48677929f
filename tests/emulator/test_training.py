"""Training jobs: what a program finds in its container, and what a client gets from it."""

from __future__ import annotations

import itertools
import json

import pytest

from helpers.emulator.clients import REGION, channel, passed, unarchive


def test_a_job_that_exits_0_is_completed_with_its_model(aws, train, finish):
    job = finish(train("(ml / 'model' / 'a').mkdir(); (ml / 'model/a/m.txt').write_text('42')"))
    assert job["TrainingJobStatus"] == job["SecondaryStatus"] == "Completed"
    assert passed(job) == ["Starting", "Downloading", "Training", "Uploading", "Completed"]
    uri = f"s3://bucket/out/{job['TrainingJobName']}/output/model.tar.gz"
    assert job["ModelArtifacts"]["S3ModelArtifacts"] == uri
    assert unarchive(aws.get(uri)) == {"a/m.txt": b"42"}
    assert job["TrainingStartTime"] <= job["TrainingEndTime"]
    assert job["BillableTimeInSeconds"] >= 1
    assert "FailureReason" not in job


def test_transitions_follow_each_other_without_gaps(train, finish):
    entries = finish(train())["SecondaryStatusTransitions"]
    for before, after in itertools.pairwise(entries):
        assert before["EndTime"] == after["StartTime"]
        assert before["StatusMessage"]
    assert entries[-1]["EndTime"]


def test_the_description_repeats_the_request(train, finish):
    job = finish(train(Environment={"A": "b"}, hyperparameters={"x": "1"}))
    assert job["Environment"] == {"A": "b"}
    assert job["HyperParameters"]["x"] == "1"
    assert job["ResourceConfig"]["VolumeSizeInGB"] == 5
    assert job["OutputDataConfig"]["KmsKeyId"] == "", "as SageMaker, whose SDK reads it"
    for absent in ("VpcConfig", "FinalMetricDataList", "CheckpointConfig", "FailureReason"):
        assert absent not in job


def test_the_program_finds_the_configuration_files(aws, train, finish):
    aws.put("channels/data/deep/x.csv", "1,2\n")
    inputs = [channel("training", "s3://bucket/channels/data", ContentType="text/csv")]
    program = "print(json.dumps([config(n) for n in names]))"
    program = "names = ['hyperparameters', 'inputdataconfig', 'resourceconfig']\n" + program
    name = train(program, InputDataConfig=inputs, hyperparameters={"epochs": "3"})
    assert finish(name)["TrainingJobStatus"] == "Completed"
    hyper, data, resources = json.loads(aws.job_log(name)[-1])
    assert hyper == {"program": json.dumps(program), "epochs": "3"}
    assert data == {
        "training": {
            "TrainingInputMode": "File",
            "S3DistributionType": "FullyReplicated",
            "RecordWrapperType": "None",
            "ContentType": "text/csv",
        }
    }
    assert resources["current_host"] == "algo-1"
    assert resources["hosts"] == ["algo-1"]


@pytest.mark.parametrize(
    ("uri", "found"),
    [
        ("s3://bucket/tree/train", {"x.csv": "1", "deep/y.csv": "2"}),
        ("s3://bucket/tree/train/", {"x.csv": "1", "deep/y.csv": "2"}),
        ("s3://bucket/tree/train/x.csv", {"x.csv": "1"}),
        ("s3://bucket/tree/tr", {"train/x.csv": "1", "train/deep/y.csv": "2"}),
    ],
)
def test_a_channel_holds_what_lies_under_its_prefix(aws, train, finish, uri, found):
    aws.put("tree/train/x.csv", "1")
    aws.put("tree/train/deep/y.csv", "2")
    aws.put("tree/train/folder/", "")
    program = """
root = ml / "input/data/training"
print(json.dumps({str(p.relative_to(root)): p.read_text() for p in root.rglob("*") if p.is_file()}))
"""
    name = train(program, InputDataConfig=[channel("training", uri)])
    assert finish(name)["TrainingJobStatus"] == "Completed"
    assert json.loads(aws.job_log(name)[-1]) == found


def test_the_environment_is_the_images_the_platforms_and_the_requests(aws, train, finish):
    names = ["FROM_IMAGE", "TRAINING_JOB_NAME", "TRAINING_JOB_ARN", "AWS_REGION", "GIVEN"]
    name = train(f"print([os.environ[n] for n in {names}])", Environment={"GIVEN": "x y"})
    job = finish(name)
    shown = ["yes", name, job["TrainingJobArn"], REGION, "x y"]
    assert aws.job_log(name) == [str(shown)]


def test_a_program_reaches_the_emulator_as_its_role(aws, train, finish):
    program = """
import urllib.request
print(os.environ["AWS_ENDPOINT_URL"], os.environ["AWS_SESSION_TOKEN"] != "")
urllib.request.urlopen(os.environ["AWS_ENDPOINT_URL"] + "/moto-api/")
"""
    name = train(program)
    assert finish(name)["TrainingJobStatus"] == "Completed"
    assert aws.job_log(name) == [f"{aws.url} True"]


def test_output_data_is_uploaded_beside_the_model(aws, train, finish):
    name = train("(ml / 'output/data/report.txt').write_text('good')")
    finish(name)
    output = aws.get(f"s3://bucket/out/{name}/output/output.tar.gz")
    assert unarchive(output) == {"report.txt": b"good"}


def test_no_output_data_makes_no_archive(aws, train, finish):
    name = train()
    finish(name)
    found = aws.s3.list_objects_v2(Bucket="bucket", Prefix=f"out/{name}/")["Contents"]
    assert [entry["Key"].rpartition("/")[2] for entry in found] == ["model.tar.gz"]


def test_container_entrypoint_and_arguments_replace_the_images(aws, train, finish):
    words = {"ContainerEntrypoint": ["/bin/echo", "hello"], "ContainerArguments": ["a", "b c"]}
    name = train(spec=words)
    assert finish(name)["TrainingJobStatus"] == "Completed"
    assert aws.job_log(name) == ["hello a b c"]


def test_every_host_of_a_job_runs_and_they_share_one_model(aws, train, finish):
    program = """
host = config("resourceconfig")["current_host"]
(ml / "model" / host).write_text(str(config("resourceconfig")["hosts"]))
"""
    name = train(program, count=2)
    job = finish(name)
    model = unarchive(aws.get(job["ModelArtifacts"]["S3ModelArtifacts"]))
    hosts = b"['algo-1', 'algo-2']"
    assert model == {"algo-1": hosts, "algo-2": hosts}


def test_jobs_run_side_by_side_without_mixing(aws, train, finish):
    program = "print(os.environ['TRAINING_JOB_NAME']); (ml / 'model/m').write_text('x')"
    names = [train(program) for _ in range(6)]
    for name in names:
        assert finish(name)["TrainingJobStatus"] == "Completed"
        assert aws.job_log(name) == [name]
