"""Waiting for a training job while AWS is unreachable, with a clock that only sleep moves."""

from datetime import datetime, timedelta, timezone

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError

from matlab_sagemaker.aws import polling
from matlab_sagemaker.errors import UnreachableError
from matlab_sagemaker.training import attempts

NAME = "flowers-1"
LINES = ("epoch 1", "epoch 2", "error: it failed")


def error(code, status=400):
    metadata = {"HTTPStatusCode": status}
    said = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": metadata}
    return ClientError(said, "DescribeTrainingJob")


FAULTS = {
    "5xx": error("InternalFailure", 500),
    "throttled": error("ThrottlingException"),
    "reset": ConnectionClosedError(endpoint_url="https://a"),
    "DNS": EndpointConnectionError(endpoint_url="https://a", error="no such name"),
}


class World:
    """A job that fails after an hour, its log, and a time during which AWS is unreachable."""

    def __init__(
        self, ends_at=3600.0, outage=(0, 0), fault=None, log_answers=(), reason=LINES[-1], ago_s=0.0
    ):
        self.now, self.ends_at, self.outage, self.fault = 0.0, ends_at, outage, fault
        self.log_answers, self.reason, self.ago_s = iter(log_answers), reason, ago_s
        self.sagemaker = self.logs = self  # it is also an `Aws`
        self.said = []

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds

    def describe_training_job(self, TrainingJobName):  # noqa: N803 (the API's names)
        if self.outage[0] <= self.now < self.outage[1]:
            raise self.fault
        status = "Failed" if self.now >= self.ends_at else "InProgress"
        ended = {}
        if status == "Failed" and self.ago_s is not None:
            past = datetime.now(timezone.utc) - timedelta(seconds=self.ago_s)
            ended = {"TrainingEndTime": past}
        return {
            "TrainingJobName": TrainingJobName,
            "TrainingJobStatus": status,
            "SecondaryStatus": status,
            "FailureReason": self.reason,
            **ended,
        }

    def get_paginator(self, call):
        assert call == "describe_log_streams"
        return self

    def paginate(self, **_):
        answer = next(self.log_answers, {"logStreams": [{"logStreamName": "s"}]})
        if isinstance(answer, Exception):
            raise answer
        return [answer]

    def get_log_events(self, nextToken="0", **_):  # noqa: N803
        at = int(nextToken)
        shown = LINES if self.now >= self.ends_at else LINES[:2]
        events = [{"timestamp": 0, "message": line} for line in shown[at:]]
        return {"events": events, "nextForwardToken": str(at + len(events))}

    def wait(self, **how):
        return attempts.wait(self, NAME, self.said.append, clock=self, **how)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("start", [0, 1000])
def test_five_minutes_without_aws_do_not_end_the_wait(fault, start):
    world = World(outage=(start, start + polling.PATIENCE_S), fault=FAULTS[fault])
    assert world.wait().status == "Failed"
    assert world.said == list(LINES)


@pytest.mark.parametrize("fault", FAULTS)
def test_an_hour_without_aws_ends_the_wait_and_not_the_job(fault):
    world = World(outage=(1000, 4600), fault=FAULTS[fault])
    with pytest.raises(UnreachableError) as caught:
        world.wait()
    assert "has not answered for 5 minutes" in caught.value.what
    assert f"{NAME} keeps running" in caught.value.what
    assert "it continues with the same job" in caught.value.do
    assert f"aws sagemaker stop-training-job --training-job-name {NAME}" in caught.value.do
    assert world.now < 1400


def test_what_will_not_pass_ends_the_wait_at_once():
    world = World(outage=(1000, 4600), fault=error("AccessDeniedException"))
    with pytest.raises(Exception, match="AWS refused"):
        world.wait()
    assert world.now < 1010


BROKEN = [
    {}, {"logStreams": None}, {"logStreams": [{}]}, {"logStreams": "half"}, [],
    *FAULTS.values(), error("AccessDeniedException"), ValueError("no time"),
]  # fmt: skip


@pytest.mark.parametrize("answer", BROKEN, ids=repr)
def test_a_broken_log_answer_ends_no_wait_and_is_told_once(answer):
    world = World(log_answers=[answer] * 3)
    assert world.wait().status == "Failed"
    warnings = [line for line in world.said if line.startswith("warning: the log cannot be shown")]
    assert len(warnings) == 1
    if answer is not BROKEN[-2]:  # a log that may not be read is not requested again
        assert [line for line in world.said if line not in warnings] == list(LINES)


@pytest.mark.parametrize(
    ("reason", "ago_s"),
    [
        (LINES[-1], 0),
        (f"AlgorithmError: {LINES[-1]}, exit code: 1", 0),
        ("InternalServerError", attempts.LATE_LINES_S),
        ("CapacityError", None),
    ],
    ids=["its last line is there", "in AWS's words", "it ended a while ago", "it never began"],
)
def test_a_job_that_failed_costs_no_wait_beyond_its_end(reason, ago_s):
    world = World(reason=reason, ago_s=ago_s)
    world.wait()
    assert world.now - world.ends_at <= polling.LONGEST * 1.2 + polling.FIRST
    assert world.said == list(LINES)
