"""A cancelled training: the run stops its own job, whenever the signal comes."""

import os
import signal
import threading
import time

import pytest

from helpers.aws.fault_proxy import Exchange, proxy
from helpers.kit.paths import KIT
from helpers.kit.verb_runs import SAVE, jobs, write_function
from helpers.kit.waiting import eventually, read_until

pytestmark = pytest.mark.slow

THROTTLED = b'{"__type": "ThrottlingException", "message": "Rate exceeded"}'


@pytest.mark.parametrize("word", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_cancelled_run_stops_its_job_and_the_next_run_trains_again(ready, aws, word):
    write_function(ready, "pause(60);")
    process = ready.start_really("train")
    eventually(lambda: jobs(aws, ready))
    process.send_signal(word)
    result = ready.finish(process)
    assert result.code == 130
    assert "its training job" in result.annotations[0]
    eventually(lambda: list(jobs(aws, ready).values()) == ["Stopped"])


def test_a_cancelled_run_leaves_the_job_of_another_run_alone(ready, aws):
    write_function(ready, "pause(60);")
    first = ready.start_really("train")
    (name,) = eventually(lambda: jobs(aws, ready))
    second = ready.start_really("train")
    read_until(second, "Log of")
    second.send_signal(signal.SIGTERM)
    assert "keeps running, because another run started it" in ready.finish(second).annotations[0]
    assert jobs(aws, ready) == {name: "InProgress"}
    first.kill()
    ready.finish(first)
    aws("sagemaker").stop_training_job(TrainingJobName=name)


def test_a_cancelled_step_of_a_workflow_reaches_the_verb(ready, aws):
    """The runner signals only the step's bash, not its children."""
    write_function(ready, "pause(60);")
    process = ready.start_step("train")
    eventually(lambda: jobs(aws, ready))
    process.send_signal(signal.SIGINT)
    assert ready.finish(process).code == 130
    eventually(lambda: list(jobs(aws, ready).values()) == ["Stopped"])


class Canceller:
    """Cancels a run during an operation: before AWS hears of it, or after."""

    def __init__(self, operation, moment, answer=None):
        self.operation, self.moment, self.answer = operation, moment, answer
        self.known = threading.Event()
        self.pid = 0

    def run(self, project, *options):
        """Run train, and return how it ended."""
        with proxy(project.url, self) as url:
            process = project.start_really("train", *options, AWS_ENDPOINT_URL=url)
            self.pid = process.pid
            self.known.set()
            return project.finish(process)

    def instead(self, what):
        self._cancel(what, "before")
        return self.answer if what.endswith(self.operation) else None

    def __call__(self, exchange):
        self._cancel(exchange.what, "after")
        return exchange

    def _cancel(self, what, moment):
        if what.endswith(self.operation) and moment == self.moment:
            self.moment = "never again"
            assert self.known.wait(10)
            os.kill(self.pid, signal.SIGINT)
            time.sleep(1)  # the run has closed the connection by then


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_job_that_is_just_being_made_is_stopped_too(ready, aws, moment):
    write_function(ready, "pause(60);")
    result = Canceller("CreateTrainingJob", moment).run(ready)
    assert result.code == 130
    (name,) = jobs(aws, ready)
    assert f"and its training job {name} was stopped" in result.annotations[0]
    eventually(lambda: list(jobs(aws, ready).values()) == ["Stopped"])


@pytest.mark.parametrize("operation", ["CreateTrainingJob", "DescribeTrainingJob"])
def test_a_run_that_would_not_wait_stops_its_job_only_until_it_has_ended(ready, aws, operation):
    """test_train.py tests that the job goes on afterwards."""
    write_function(ready, "pause(60);")
    result = Canceller(operation, "after").run(ready, "--no-wait")
    assert result.code == 130
    (name,) = jobs(aws, ready)
    assert f"and its training job {name} was stopped" in result.annotations[0]
    eventually(lambda: list(jobs(aws, ready).values()) == ["Stopped"])


def test_a_job_that_does_not_appear_may_still_start(ready, aws):
    write_function(ready, "pause(60);")
    never = Exchange("CreateTrainingJob", 500, b"{}")
    result = Canceller("CreateTrainingJob", "before", never).run(ready)
    assert result.code == 130
    assert jobs(aws, ready) == {}
    assert (
        "It may still start. To stop it then: aws sagemaker stop-training-job"
        in (result.annotations[0])
    )


def test_of_two_runs_that_start_together_the_one_without_the_job_stops_nothing(ready, aws):
    """The first has created the job when the second, which saw none, uses the same name."""
    write_function(ready, "pause(60);")
    arrived, first = threading.Event(), []

    class Later:
        def instead(self, what):
            if what.endswith("CreateTrainingJob") and not first:
                first.append(ready.start_really("train"))
                eventually(lambda: jobs(aws, ready))
                arrived.set()

        def __call__(self, exchange):
            return exchange

    with proxy(ready.url, Later()) as url:
        second = ready.start_really("train", AWS_ENDPOINT_URL=url)
        assert arrived.wait(20)
        read_until(second, "Log of")
        second.send_signal(signal.SIGTERM)
        result = ready.finish(second)
    (name,) = jobs(aws, ready)
    assert f"{name} keeps running, because another run started it" in result.annotations[0]
    assert jobs(aws, ready) == {name: "InProgress"}
    first[0].send_signal(signal.SIGTERM)
    assert f"{name} was stopped" in ready.finish(first[0]).annotations[0]


class Busy:
    """Throttles an operation, once for each time that it is named."""

    def __init__(self, *operations):
        self.left = list(operations)

    def instead(self, what):
        operation = what.rpartition(".")[2]
        if operation not in self.left:
            return None
        self.left.remove(operation)
        return Exchange(what, 400, THROTTLED)

    def __call__(self, exchange):
        return exchange


def test_a_job_is_stopped_through_throttling(ready, aws):
    write_function(ready, "pause(60);")
    busy = Busy("ListTags", "StopTrainingJob", "StopTrainingJob")
    with proxy(ready.url, busy) as url:
        process = ready.start_really("train", AWS_ENDPOINT_URL=url)
        eventually(lambda: jobs(aws, ready))
        process.send_signal(signal.SIGINT)
        assert ready.finish(process).code == 130
    assert busy.left == []
    eventually(lambda: list(jobs(aws, ready).values()) == ["Stopped"])


def test_a_second_signal_ends_the_attempt_to_stop_the_job_and_says_that_it_goes_on(ready, aws):
    write_function(ready, "pause(60);")
    busy = Busy(*["StopTrainingJob"] * 100)
    with proxy(ready.url, busy) as url:
        process = ready.start_really("train", AWS_ENDPOINT_URL=url)
        (name,) = eventually(lambda: jobs(aws, ready))
        process.send_signal(signal.SIGINT)
        eventually(lambda: len(busy.left) < 100)
        process.send_signal(signal.SIGTERM)
        result = ready.finish(process)
    assert result.code == 130
    assert f"the training job {name} could not be stopped" in result.annotations[0]
    assert f"stop-training-job --training-job-name {name}" in result.annotations[0]
    aws("sagemaker").stop_training_job(TrainingJobName=name)


def test_a_run_that_ignores_the_end_of_its_terminal_goes_on(ready, aws):
    write_function(ready, "pause(2);", SAVE)
    command = ["nohup", str(KIT / "scripts/run"), "train"]
    process = ready._start(command)
    eventually(lambda: jobs(aws, ready))
    process.send_signal(signal.SIGHUP)
    assert ready.finish(process).code == 0
