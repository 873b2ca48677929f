"""One list finds all attempts, and only those with the same request count."""

import itertools

import pytest

from helpers.kit.samples import IMAGE, JOB
from matlab_sagemaker.errors import UnsafePlanError
from matlab_sagemaker.training import attempts
from matlab_sagemaker.training.plan import FoundUploads, plan_training
from matlab_sagemaker.training.takeover import WantedJob

WANTED = WantedJob(job=JOB, image=IMAGE, any_digest=False)


class SageMaker:
    """SageMaker's list and descriptions of some jobs; it counts the calls."""

    def __init__(self):
        self.jobs = {}
        self.calls = []
        self.sagemaker = self  # it is also an `Aws`

    def add(self, number, status="Completed", **changes):
        self.jobs[JOB.name(number)] = {
            **JOB.request(number, IMAGE),
            "TrainingJobStatus": status,
            "SecondaryStatus": status,
            **changes,
        }

    def get_paginator(self, call):
        assert call == "list_training_jobs"
        return self

    def paginate(self, NameContains, PaginationConfig):  # noqa: N803 (the API's names)
        found = [
            {"TrainingJobName": name, "TrainingJobStatus": job["TrainingJobStatus"]}
            for name, job in self.jobs.items()
            if NameContains in name
        ]
        size = PaginationConfig["PageSize"]
        for start in range(0, max(len(found), 1), size):
            self.calls.append("list")
            yield {"TrainingJobSummaries": found[start : start + size]}

    def describe_training_job(self, TrainingJobName):  # noqa: N803
        self.calls.append(TrainingJobName)
        return self.jobs[TrainingJobName]


OTHER = {"Environment": {"LD_PRELOAD": "evil.so"}}


@pytest.fixture
def aws():
    return SageMaker()


def find(aws, **how):
    return attempts.find_now(aws, WANTED, **how)


def test_fifty_attempts_that_failed_cost_one_call(aws):
    for number in range(1, 51):
        aws.add(number, "Failed" if number % 2 else "Stopped")
    found = find(aws)
    assert (found.attempt, found.status, found.next) == (50, "Stopped", 51)
    assert found.job is None
    assert aws.calls == ["list"]


def test_a_long_list_has_pages(aws):
    for number in range(1, 251):
        aws.add(number, "Failed")
    assert find(aws).next == 251
    assert aws.calls == ["list"] * 3


def test_one_that_completed_is_described_and_each_further_one_costs_a_call(aws):
    aws.add(1)
    assert find(aws).trained.name == JOB.name(1)
    assert aws.calls == ["list", JOB.name(1)]
    for others in range(1, attempts.MOST_FOREIGN):
        aws.calls.clear()
        aws.add(others + 1, **OTHER)
        found = find(aws)
        assert found.trained.name == JOB.name(1)
        assert len(found.foreign) == others
        assert len(aws.calls) == 2 + others
        assert found.next == others + 2


def test_what_is_passed_over_is_named_with_what_differs(aws):
    aws.add(1)
    aws.add(2, **OTHER)
    assert f"{JOB.name(2)} (Environment.LD_PRELOAD is set)" in find(aws).warning
    assert "evil" not in find(aws).warning
    aws.jobs.pop(JOB.name(2))
    assert find(aws).warning == ""


def test_after_twenty_it_ends_and_says_which_to_delete(aws):
    for number in range(1, attempts.MOST_FOREIGN + 2):
        aws.add(number, **OTHER)
    with pytest.raises(UnsafePlanError) as caught:
        find(aws)
    assert "Environment.LD_PRELOAD is set" in str(caught.value)
    highest = JOB.name(attempts.MOST_FOREIGN + 1)
    advice, _, command = caught.value.do.partition("for name in ")
    assert f"all but {highest}" in advice, "its number stays taken"
    assert highest not in command
    for number in range(2, attempts.MOST_FOREIGN + 1):
        assert f"{JOB.name(number)} " in command.replace(";", " ")
    assert "delete-training-job" in caught.value.do
    assert len(aws.calls) == 1 + attempts.MOST_FOREIGN


@pytest.mark.parametrize(
    "name",
    [
        "x{name}", "{name}-2", "{stem}-02", "{stem}-0", "{stem}-", "{stem}-1a", "{stem}-²",
        "a-{name}", "{stem}--1",
    ],
)  # fmt: skip
def test_names_that_only_hold_ours_are_no_attempts(aws, name):
    stem = JOB.name(1).removesuffix("-1")
    aws.add(1)
    aws.jobs = {name.format(name=JOB.name(1), stem=stem): aws.jobs[JOB.name(1)]}
    assert find(aws) == attempts.FoundJob()
    assert aws.calls == ["list"]


@pytest.mark.parametrize(
    "order", list(itertools.permutations(("Completed", "InProgress", "Failed")))
)
def test_one_that_has_trained_counts_before_one_that_trains_and_that_before_one_that_failed(
    aws, order
):
    for number, status in enumerate(order, 1):
        aws.add(number, status)
    for status in ("Completed", "InProgress", "Failed"):
        found = find(aws)
        assert (found.status, found.attempt) == (status, order.index(status) + 1)
        aws.add(found.attempt, "Deleting")


@pytest.mark.parametrize("status", ["InProgress", "Stopping"])
def test_one_in_progress_that_is_not_ours_is_not_waited_for(aws, status):
    aws.add(1, status, **OTHER)
    found = attempts.find(aws, WANTED)
    assert (found.attempt, found.next, len(found.foreign)) == (0, 2, 1)


def test_a_number_that_is_known_to_be_taken_is_not_given_again(aws):
    aws.add(1, "Failed")
    assert find(aws, above=3).next == 4


def test_without_its_image_nothing_is_taken_over_but_for_a_pull_request(aws):
    aws.add(1)
    gone = WantedJob(job=JOB, image=None, any_digest=False)
    assert "is not in matlab-sagemaker/release" in attempts.find_now(aws, gone).warning
    looked_at = WantedJob(job=JOB, image=None, any_digest=True)
    assert attempts.find_now(aws, looked_at).trained


@pytest.mark.parametrize("status", ["Completed", "Failed"])
def test_a_number_after_which_none_fits_into_a_name_is_told_with_its_job(aws, status):
    """Whoever may train can create a job with such a number."""
    highest = int("9" * (63 - len(JOB.stem)))
    aws.add(7, "Failed")
    aws.add(highest, status, **OTHER)
    with pytest.raises(UnsafePlanError) as caught:
        plan_training(JOB, find(aws), FoundUploads(), "b", IMAGE, "1-1-a")
    assert JOB.name(highest) in caught.value.what
    assert f"delete-training-job --training-job-name {JOB.name(highest)}" in caught.value.do
    del aws.jobs[JOB.name(highest)]
    plan = plan_training(JOB, find(aws), FoundUploads(), "b", IMAGE, "1-1-a")
    assert plan.steps[-1].name == JOB.name(8)
