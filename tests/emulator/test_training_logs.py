"""Training jobs: log lines and metrics."""

from __future__ import annotations

import time

import pytest

from helpers.emulator.clients import LOG_GROUP as GROUP
from helpers.kit.waiting import eventually


def test_log_lines_appear_while_the_job_runs(aws, train, finish):
    name = train("print('first', flush=True); time.sleep(60)")
    eventually(lambda: "first" in aws.job_log(name))
    assert aws.sm.describe_training_job(TrainingJobName=name)["SecondaryStatus"] == "Training"
    aws.sm.stop_training_job(TrainingJobName=name)
    finish(name)


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
    got = aws.job_log(name)
    assert "".join(got) == "".join(expected)
    assert all(len(line) <= 262_118 for line in got)


def test_thirty_thousand_lines_come_whole_and_in_order(aws, train, finish):
    name = train("for i in range(30_000): print('line', i)")
    assert finish(name)["TrainingJobStatus"] == "Completed"
    assert aws.job_log(name) == [f"line {i}" for i in range(30_000)]


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
