"""Training jobs: what a program finds, and what a client sees of it."""

from __future__ import annotations

import json
import time

import pytest
from botocore.exceptions import ClientError
from emulated import REGION, TIME_SCALE, eventually, unarchive

GROUP = "/aws/sagemaker/TrainingJobs"
ENDS = ("Completed", "Failed", "Stopped")


@pytest.fixture(scope="session")
def train(aws, training_image):
    """Start a job whose program is Python text; give its name."""

    def start(program="", **changes):
        name = changes.pop("TrainingJobName", aws.name("job"))
        spec = {"TrainingImage": training_image, "TrainingInputMode": "File"}
        request = {
            "AlgorithmSpecification": {**spec, **changes.pop("spec", {})},
            "RoleArn": aws.role,
            "OutputDataConfig": {"S3OutputPath": "s3://bucket/out"},
            "ResourceConfig": {
                "InstanceType": "ml.m5.large",
                "InstanceCount": changes.pop("count", 1),
                "VolumeSizeInGB": 5,
            },
            "StoppingCondition": {"MaxRuntimeInSeconds": changes.pop("limit", 60)},
            "HyperParameters": {"program": json.dumps(program), **changes.pop("hyperparameters", {})},
        }
        aws.sm.create_training_job(TrainingJobName=name, **{**request, **changes})
        return name

    return start


@pytest.fixture(scope="session")
def finish(aws):
    """Wait for a job's end and give its description."""

    def wait(name):
        def ended():
            job = aws.sm.describe_training_job(TrainingJobName=name)
            return job if job["TrainingJobStatus"] in ENDS else None

        return eventually(ended)

    return wait


def lines(aws, name):
    return aws.log(GROUP, f"{name}/")


def channel(name, uri, **more):
    source = {"S3DataType": "S3Prefix", "S3Uri": uri}
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}, **more}


def passed(job):
    return [entry["Status"] for entry in job["SecondaryStatusTransitions"]]


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
    for before, after in zip(entries, entries[1:], strict=False):
        assert before["EndTime"] == after["StartTime"]
        assert before["StatusMessage"]
    assert entries[-1]["EndTime"]


def test_the_description_repeats_the_request(train, finish):
    job = finish(train(Environment={"A": "b"}, hyperparameters={"x": "1"}))
    assert job["Environment"] == {"A": "b"}
    assert job["HyperParameters"]["x"] == "1"
    assert job["ResourceConfig"]["VolumeSizeInGB"] == 5
    for absent in ("VpcConfig", "FinalMetricDataList", "CheckpointConfig", "FailureReason"):
        assert absent not in job


def test_the_program_finds_the_configuration_files(aws, train, finish):
    aws.put("channels/data/deep/x.csv", "1,2\n")
    inputs = [channel("training", "s3://bucket/channels/data", ContentType="text/csv")]
    program = "print(json.dumps([config(n) for n in names]))"
    program = "names = ['hyperparameters', 'inputdataconfig', 'resourceconfig']\n" + program
    name = train(program, InputDataConfig=inputs, hyperparameters={"epochs": "3"})
    assert finish(name)["TrainingJobStatus"] == "Completed"
    hyper, data, resources = json.loads(lines(aws, name)[-1])
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
    assert json.loads(lines(aws, name)[-1]) == found


def test_the_environment_is_the_images_the_platforms_and_the_requests(aws, train, finish):
    names = ["FROM_IMAGE", "TRAINING_JOB_NAME", "TRAINING_JOB_ARN", "AWS_REGION", "GIVEN"]
    name = train(f"print([os.environ[n] for n in {names}])", Environment={"GIVEN": "x y"})
    job = finish(name)
    shown = ["yes", name, job["TrainingJobArn"], REGION, "x y"]
    assert lines(aws, name) == [str(shown)]


def test_a_program_reaches_the_emulator_as_its_role(aws, train, finish):
    program = """
import urllib.request
print(os.environ["AWS_ENDPOINT_URL"], os.environ["AWS_SESSION_TOKEN"] != "")
urllib.request.urlopen(os.environ["AWS_ENDPOINT_URL"] + "/moto-api/")
"""
    name = train(program)
    assert finish(name)["TrainingJobStatus"] == "Completed"
    assert lines(aws, name) == [f"{aws.url} True"]


def test_log_lines_appear_while_the_job_runs(aws, train, finish):
    name = train("print('first', flush=True); time.sleep(60)")
    eventually(lambda: "first" in started_lines(aws, name))
    assert aws.sm.describe_training_job(TrainingJobName=name)["SecondaryStatus"] == "Training"
    aws.sm.stop_training_job(TrainingJobName=name)
    finish(name)


def started_lines(aws, name):
    try:
        return lines(aws, name)
    except aws.logs.exceptions.ResourceNotFoundException:
        return []


def test_the_stream_is_named_as_sagemaker_names_it(aws, train, finish):
    name = train("print('x')")
    finish(name)
    words = {"logGroupName": GROUP, "logStreamNamePrefix": f"{name}/"}
    (stream,) = aws.logs.describe_log_streams(**words)["logStreams"]
    job, _, rest = stream["logStreamName"].partition("/")
    host, _, epoch = rest.rpartition("-")
    assert (job, host) == (name, "algo-1")
    assert abs(int(epoch) - time.time()) < 60


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("sys.stdout.write('no newline')", ["no newline"]),
        ("print('a\\r'); print(); print('b')", ["a", " ", "b"]),
        ("os.write(1, bytes(range(128, 256)) + b'\\nok\\n')", ["\ufffd" * 128, "ok"]),
        ("os.write(1, b'x' * 300_000 + b'\\n')", ["x" * 200_000, "x" * 100_000]),
        ("print('out', flush=True); print('err', file=sys.stderr)", ["out", "err"]),
    ],
)
def test_output_of_any_kind_comes_to_the_log(aws, train, finish, program, expected):
    name = train(program)
    assert finish(name)["TrainingJobStatus"] == "Completed"
    got = lines(aws, name)
    assert "".join(got) == "".join(expected)
    assert all(len(line) <= 262_118 for line in got)


def test_a_hundred_thousand_lines_come_whole_and_in_order(aws, train, finish):
    name = train("for i in range(100_000): print('line', i)")
    assert finish(name)["TrainingJobStatus"] == "Completed"
    assert lines(aws, name) == [f"line {i}" for i in range(100_000)]


def test_random_bytes_neither_block_nor_break_a_job(train, finish):
    assert finish(train("os.write(1, os.urandom(2_000_000))"))["TrainingJobStatus"] == "Completed"


def test_the_last_value_of_each_metric_is_final(train, finish):
    definitions = [
        {"Name": "loss", "Regex": r"loss=([0-9.]+)"},
        {"Name": "absent", "Regex": r"absent=([0-9.]+)"},
        {"Name": "odd", "Regex": r"odd=(\S+)"},
    ]
    program = "print('loss=0.9 odd=x'); print('loss=0.25')"
    job = finish(train(program, spec={"MetricDefinitions": definitions}))
    assert job["AlgorithmSpecification"]["MetricDefinitions"] == definitions
    (metric,) = job["FinalMetricDataList"]
    assert (metric["MetricName"], metric["Value"]) == ("loss", 0.25)
    assert metric["Timestamp"]


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
    assert not list(emulator.work.parent.rglob("outside.txt"))


def test_an_image_without_its_program_fails_the_job(aws, train, finish):
    image = aws.push({"other": "x"})
    job = finish(train(spec={"TrainingImage": image}))
    assert job["TrainingJobStatus"] == "Failed"
    assert "entry point /run is missing" in job["FailureReason"]


def test_container_entrypoint_and_arguments_replace_the_images(aws, train, finish):
    words = {"ContainerEntrypoint": ["/bin/echo", "hello"], "ContainerArguments": ["a", "b c"]}
    name = train(spec=words)
    assert finish(name)["TrainingJobStatus"] == "Completed"
    assert lines(aws, name) == ["hello a b c"]


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
    eventually(lambda: "up" in started_lines(aws, name))
    aws.sm.stop_training_job(TrainingJobName=name)
    job = finish(name)
    assert job["TrainingJobStatus"] == job["SecondaryStatus"] == "Stopped"
    assert passed(job)[2:] == ["Training", "Stopping", "Uploading", "Stopped"]
    model = unarchive(aws.get(job["ModelArtifacts"]["S3ModelArtifacts"]))
    assert model == {"saved.txt": b"kept"}


def test_a_program_that_ignores_sigterm_is_killed_after_the_grace(aws, train, finish):
    program = "signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True)"
    name = train(f"{program}\nwhile True: time.sleep(1)")
    eventually(lambda: "up" in started_lines(aws, name))
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
    with pytest.raises(ClientError, match="ValidationException.*in status Completed"):
        aws.sm.stop_training_job(TrainingJobName=name)


def test_what_a_program_leaves_running_ends_with_it(aws, train, finish):
    program = """
child = subprocess.Popen(["sleep", "4321"], start_new_session=True)
print(child.pid, flush=True)
"""
    name = train(program)
    assert finish(name)["TrainingJobStatus"] == "Completed"
    pid = int(lines(aws, name)[0])
    assert not alive(pid)


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_jobs_run_side_by_side_without_mixing(aws, train, finish):
    program = "print(os.environ['TRAINING_JOB_NAME']); (ml / 'model/m').write_text('x')"
    names = [train(program) for _ in range(6)]
    for name in names:
        assert finish(name)["TrainingJobStatus"] == "Completed"
        assert lines(aws, name) == [name]


def test_a_job_leaves_no_files_behind(train, finish, emulator):
    name = train("(ml / 'model/m').write_text('x')")
    finish(name)
    eventually(lambda: not list((emulator.work / "jobs").glob(f"*{name}")))
