"""Waiting for a training: a killed run, two runs, a training that takes too long."""

import signal
import time

import pytest

from helpers.aws.fault_proxy import Refuser, proxy
from helpers.kit.verb_runs import SAVE, jobs, until, write_function
from helpers.kit.waiting import eventually, read_until

pytestmark = pytest.mark.slow


def test_a_killed_run_is_taken_up_again_by_the_next(ready, aws):
    write_function(ready, "pause(4);", SAVE)
    process = ready.start_really("train")
    eventually(lambda: jobs(aws, ready))
    process.kill()
    process.communicate()
    result = ready.succeed("train")
    assert "waiting for it" in result.stdout
    assert list(jobs(aws, ready).values()) == ["Completed"]


def test_a_run_that_waits_for_the_job_of_a_cancelled_run_trains_by_itself(ready, aws):
    write_function(ready, "pause(6);", SAVE)
    first = ready.start_really("train")
    eventually(lambda: jobs(aws, ready))
    second = ready.start("train")
    read_until(second, "waiting for it")
    first.send_signal(signal.SIGTERM)
    assert ready.finish(first).code == 130
    result = ready.finish(second)
    assert result.code == 0
    assert result.outputs["changed"] == "true"
    assert sorted(jobs(aws, ready).values()) == ["Completed", "Stopped"]


def test_a_job_that_is_gone_is_not_waited_for(ready):
    write_function(ready, SAVE)
    gone = '{"__type": "ValidationException", "message": "Requested resource not found."}'
    with proxy(ready.url, Refuser("DescribeTrainingJob", 400, gone)) as url:
        result = ready.run("train", AWS_ENDPOINT_URL=url)
    assert result.code == 1
    assert "no longer exists" in result.annotations[0]


def test_a_job_that_takes_too_long_is_no_success(ready, aws):
    write_function(ready, "pause(60);")
    ready.edit("sagemaker.yml", "max_runtime: 15m", "max_runtime: 1s")
    result = ready.run("train")
    assert result.code == 1
    assert "Raise that limit" in result.annotations[0]


def test_a_job_that_somebody_stops_is_no_success(ready, aws):
    write_function(ready, "pause(60);")
    process = ready.start("train")
    (name,) = eventually(lambda: jobs(aws, ready))
    aws("sagemaker").stop_training_job(TrainingJobName=name)
    result = ready.finish(process)
    assert result.code == 1
    assert "Somebody stopped it" in result.annotations[0]


def test_a_run_that_waits_no_longer_leaves_the_job_to_the_next(ready, aws):
    write_function(ready, "pause(6);", SAVE)
    result = ready.run("train", "--longest-wait", "2s")
    assert result.code == 1
    assert "Run this again: it continues to wait for the same job" in result.annotations[0]
    assert result.verdict == "failure"
    assert list(jobs(aws, ready).values()) == ["InProgress"]
    assert ready.succeed("train").outputs["changed"] == "false"


def test_a_run_waits_less_than_its_job_may_last(ready, aws):
    write_function(ready, "pause(6);", SAVE)
    result = ready.run("train", "--longest-wait", "5h", "--job-timeout", "3s")
    assert result.code == 1
    assert "the workflow job's time limit" in result.annotations[0]
    assert list(jobs(aws, ready).values()) == ["InProgress"]


def test_a_run_that_trains_in_anothers_place_waits_no_longer_for_that(ready, aws, tmp_path):
    """A separate limit would begin with its training, five seconds later."""
    go_on = tmp_path / "go-on"
    write_function(ready, until(go_on), SAVE)
    first = ready.start_really("train")
    eventually(lambda: jobs(aws, ready))
    second = ready.start("train", "--longest-wait", "10s")
    read_until(second, "waiting for it")
    begun = time.monotonic()
    time.sleep(5)
    first.send_signal(signal.SIGTERM)
    assert ready.finish(first).code == 130
    result = ready.finish(second)
    assert time.monotonic() - begun < 14
    assert result.code == 1
    assert "continues to wait for the same job" in result.annotations[0]
    assert sorted(jobs(aws, ready).values()) == ["InProgress", "Stopped"]
    go_on.touch()


@pytest.mark.parametrize("option", ["--longest-wait", "--job-timeout"])
def test_a_wait_that_is_no_time_is_told_before_anything_is_sent(ready, aws, option):
    result = ready.run("train", option, "soon")
    assert result.code == 2
    assert "such as 90m" in result.annotations[0]
    assert jobs(aws, ready) == {}
