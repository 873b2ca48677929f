"""The plans, from plain values: no AWS, no clock, no files."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.kit.samples import DEPLOYMENT, IMAGE, JOB
from matlab_sagemaker import digest
from matlab_sagemaker.aws import tags
from matlab_sagemaker.errors import GateError, MissingStepError, UnsafePlanError
from matlab_sagemaker.hosting.plan import (
    SETTLED,
    FoundEndpoint,
    FoundTarget,
    OwnResources,
    plan_deletion,
    plan_deployment,
    plan_rollback,
)
from matlab_sagemaker.training.gate import NONE, Judgement
from matlab_sagemaker.training.job import Channel, Upload
from matlab_sagemaker.training.plan import FoundJob, FoundUploads, plan_attached, plan_training

UPLOADS = tuple(
    Upload(bucket="b", key=f"k{i}", body=b"", measured=digest.measured(b"")) for i in range(3)
)
FRESH = dataclasses.replace(
    JOB, channels=(Channel(name="c", uri="s3://b/", content=1, uploads=UPLOADS),)
)
THERE = FoundTarget(config=True, model=True)
LIVE = FoundEndpoint(
    config_name=DEPLOYMENT.config["EndpointConfigName"],
    status="InService",
    facts={"project": "pump"},
)


def training_plan(found=FoundJob(), uploads=FoundUploads()):  # noqa: B008 (both are frozen)
    return plan_training(FRESH, found, uploads, "b", IMAGE, "1-1-a")


def deployment_calls(found, target=THERE):
    return [step.call for step in plan_deployment(DEPLOYMENT, found, target).steps]


def test_the_first_training_makes_the_bucket_uploads_and_trains():
    calls = [step.call for step in training_plan().steps]
    assert calls == ["create_bucket", *["upload"] * 3, "create_training_job"]


@pytest.mark.parametrize("status", ["Completed", "InProgress"])
def test_a_job_that_has_trained_or_is_training_this_is_not_made_again(status):
    found = FoundJob(attempt=1, status=status)
    assert plan_attached(found, ("trained", "training")).steps == ()


@pytest.mark.parametrize("status", ["Failed", "Stopped", "Stopping"])
def test_a_job_that_did_not_make_it_is_left_and_the_next_attempt_made(status):
    found = FoundJob(attempt=2, status=status)
    assert plan_attached(found, ("trained", "training")) is None
    assert training_plan(found).steps[-1].name == FRESH.name(3)


@given(st.sets(st.sampled_from([upload.key for upload in UPLOADS])))
def test_only_what_is_missing_is_uploaded(present):
    steps = training_plan(uploads=FoundUploads(bucket=True, objects=frozenset(present))).steps
    missing = {step.upload.key for step in steps if step.upload}
    assert missing == {upload.key for upload in UPLOADS} - present
    assert "create_bucket" not in [step.call for step in steps]


def test_the_first_deployment_makes_everything():
    assert deployment_calls(FoundEndpoint(), FoundTarget()) == [
        "create_model",
        "create_endpoint_config",
        "create_endpoint",
    ]


def test_an_endpoint_that_serves_this_is_left_alone():
    assert deployment_calls(LIVE) == []


def test_an_interrupted_deployment_goes_on_at_the_missing_step():
    assert deployment_calls(FoundEndpoint(), FoundTarget(model=True)) == [
        "create_endpoint_config",
        "create_endpoint",
    ]


def test_an_endpoint_that_serves_something_else_is_updated_after_that_is_written_down():
    found = dataclasses.replace(LIVE, config_name="other")
    assert deployment_calls(found) == ["add_tags", "update_endpoint"]


def test_an_endpoint_that_failed_is_made_anew_and_keeps_its_history():
    found = dataclasses.replace(LIVE, status="Failed", facts={**LIVE.facts, "served": "older"})
    assert deployment_calls(found) == ["delete_endpoint", "create_endpoint"]
    request = plan_deployment(DEPLOYMENT, found, THERE).steps[-1].request
    on_trial = {"on-trial": DEPLOYMENT.config["EndpointConfigName"]}
    kept = {"project": "pump", "served": "older"}
    assert tags.facts(request["Tags"]) == {**kept, **on_trial}


@pytest.mark.parametrize("status", ["Updating", "Creating", "RollingBack", "UpdateRollbackFailed"])
def test_an_endpoint_that_nobody_may_change_is_refused_before_anything_is_made(status):
    with pytest.raises(UnsafePlanError, match=status):
        deployment_calls(dataclasses.replace(LIVE, config_name="other", status=status))


def test_many_uploads_are_one_line():
    text = training_plan().as_markdown()
    assert text.splitlines()[2:] == [
        "- `create_bucket b`", "- `upload 3 objects`", f"- `create_training_job {FRESH.name(1)}`",
    ]  # fmt: skip


MADE = OwnResources({"c-1": {}, "c-2": {}}, ("m-1",))


def deletion(found, made=MADE):
    return [(step.call, step.name) for step in plan_deletion("pump", "pump", found, made).steps]


def test_a_deletion_takes_the_endpoint_first_and_then_what_only_it_needed():
    rest = [
        ("delete_endpoint_config", "c-1"),
        ("delete_endpoint_config", "c-2"),
        ("delete_model", "m-1"),
    ]
    assert deletion(LIVE) == [("delete_endpoint", "pump"), *rest]
    assert deletion(FoundEndpoint()) == rest
    with pytest.raises(MissingStepError, match="nothing else that was created for it"):
        deletion(FoundEndpoint(), OwnResources())


PLANS = {
    "deploy": lambda found: plan_deployment(DEPLOYMENT, found, THERE),
    "rollback": lambda found: plan_rollback("pump", "pump", "older", found, THERE),
    "delete": lambda found: plan_deletion("pump", "pump", found, MADE),
}


@pytest.mark.parametrize("verb", PLANS)
@pytest.mark.parametrize("status", [*SETTLED, "SystemUpdating"])
@pytest.mark.parametrize("config", [LIVE.config_name, "other"])
@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, "Its tags name no project"),
        ({"project": "other", "served": "older"}, "Its tags name the project other"),
    ],
)
def test_an_endpoint_of_others_is_left_alone_whatever_its_state(verb, status, config, facts, why):
    found = dataclasses.replace(LIVE, status=status, config_name=config, facts=facts)
    with pytest.raises(UnsafePlanError, match="does not belong to the project pump") as caught:
        PLANS[verb](found)
    assert why in str(caught.value)
    assert "give it the tag matlab-sagemaker:project=pump" in str(caught.value)


@pytest.mark.parametrize("verb", PLANS)
def test_an_endpoint_that_was_handed_over_is_taken(verb):
    found = dataclasses.replace(LIVE, config_name="other", facts={"project": "pump"})
    assert PLANS[verb](found).steps


def test_that_a_gate_was_ignored_is_kept_as_long_as_it_can_be_served_again():
    def leave(found, wanted, judged):
        (step,) = [
            step for step in plan_deployment(wanted, found, THERE, judged).steps
            if step.call == "add_tags"
        ]  # fmt: skip
        facts = {**found.facts, **tags.facts(step.request["Tags"])}
        name = wanted.config["EndpointConfigName"]
        return dataclasses.replace(found, config_name=name, facts=facts)

    failed, itself = Judgement(error=GateError("No.")), Judgement(serves_itself=True)
    wanted = [dataclasses.replace(DEPLOYMENT, instance_count=count) for count in (2, 3, 4, 5)]
    names = [each.config["EndpointConfigName"] for each in wanted]
    second = leave(LIVE, wanted[0], failed)
    assert second.facts["gate-ignored"] == names[0]
    again = plan_deployment(wanted[0], second, THERE, failed)
    assert again.steps == ()
    passed = plan_deployment(wanted[0], second, THERE)
    assert [step.call for step in passed.steps] == ["add_tags"]
    assert "only recording its gate" in passed.because
    assert plan_deployment(wanted[0], second, THERE, itself).steps == (), "as it was"
    assert leave(second, wanted[1], itself).facts["gate-ignored"].split()[0] == names[1]
    third = leave(second, wanted[1], failed)
    assert third.facts["gate-ignored"].split() == [names[1], names[0]]
    fourth = leave(third, wanted[2], NONE)
    assert fourth.facts["gate-ignored"].split() == [names[1], names[0]]
    assert leave(fourth, wanted[3], NONE).facts["gate-ignored"] == names[1]
