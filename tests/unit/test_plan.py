"""The plans, from plain values: no AWS, no clock, no files."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desired import DEPLOYMENT, IMAGE, JOB
from matlab_sagemaker import tags
from matlab_sagemaker.errors import UnsafePlanError
from matlab_sagemaker.plan import (
    SETTLED,
    FoundEndpoint,
    FoundJob,
    FoundMade,
    FoundUploads,
    plan_attached,
    plan_deletion,
    plan_deployment,
    plan_rollback,
    plan_training,
)
from matlab_sagemaker.resources import Channel, Upload

UPLOADS = tuple(Upload(bucket="b", key=f"k{i}", body=b"") for i in range(3))
FRESH = dataclasses.replace(
    JOB, channels=(Channel(name="c", uri="s3://b/", content=1, uploads=UPLOADS),)
)
LIVE = FoundEndpoint(
    model=True,
    config=True,
    config_name=DEPLOYMENT.config["EndpointConfigName"],
    status="InService",
    facts={"project": "pump"},
)


def training_plan(found=FoundJob(), uploads=FoundUploads()):  # noqa: B008 (both are frozen)
    return plan_training(FRESH, found, uploads, "b", IMAGE)


def deployment_calls(found):
    return [step.call for step in plan_deployment(DEPLOYMENT, found).steps]


def test_the_first_training_makes_the_bucket_uploads_and_trains():
    calls = [step.call for step in training_plan().steps]
    assert calls == ["create_bucket", *["upload"] * 3, "create_training_job"]


@pytest.mark.parametrize("status", ["Completed", "InProgress"])
def test_a_job_that_has_trained_or_is_training_this_is_not_made_again(status):
    found = FoundJob(attempt=1, status=status)
    assert found.serves
    assert plan_attached(FRESH, found).steps == ()


@pytest.mark.parametrize("status", ["Failed", "Stopped", "Stopping"])
def test_a_job_that_did_not_make_it_is_left_and_the_next_attempt_made(status):
    found = FoundJob(attempt=2, status=status)
    assert not found.serves
    assert training_plan(found).steps[-1].name == FRESH.name(3)


@given(st.sets(st.sampled_from([upload.key for upload in UPLOADS])))
def test_only_what_is_missing_is_uploaded(present):
    steps = training_plan(uploads=FoundUploads(bucket=True, objects=frozenset(present))).steps
    missing = {step.upload.key for step in steps if step.upload}
    assert missing == {upload.key for upload in UPLOADS} - present
    assert "create_bucket" not in [step.call for step in steps]


def test_the_first_deployment_makes_everything():
    assert deployment_calls(FoundEndpoint()) == [
        "create_model",
        "create_endpoint_config",
        "create_endpoint",
    ]


def test_an_endpoint_that_serves_this_is_left_alone():
    assert deployment_calls(LIVE) == []


def test_an_interrupted_deployment_goes_on_at_the_missing_step():
    assert deployment_calls(FoundEndpoint(model=True)) == [
        "create_endpoint_config",
        "create_endpoint",
    ]


def test_an_endpoint_that_serves_something_else_is_updated_after_that_is_written_down():
    found = dataclasses.replace(LIVE, config_name="other")
    assert deployment_calls(found) == ["add_tags", "update_endpoint"]


def test_an_endpoint_that_failed_is_made_anew_and_keeps_its_record():
    found = dataclasses.replace(LIVE, status="Failed", facts={**LIVE.facts, "served": "older"})
    assert deployment_calls(found) == ["add_tags", "delete_endpoint", "create_endpoint"]
    request = plan_deployment(DEPLOYMENT, found).steps[-1].request
    assert tags.facts(request["Tags"]) == {"project": "pump", "served": "older"}


def test_a_record_that_goes_with_a_failed_endpoint_is_kept_with_the_configuration_before():
    found = dataclasses.replace(
        LIVE, status="Failed", config_arn="its-arn", facts={**LIVE.facts, "served": "older"}
    )
    kept = plan_deployment(DEPLOYMENT, found).steps[0].request
    assert kept["ResourceArn"] == "its-arn"
    assert tags.facts(kept["Tags"]) == {"served": "older", "rolling-back": "", "deployed": ""}
    new = plan_deployment(DEPLOYMENT, dataclasses.replace(found, config=False))
    assert [step.call for step in new.steps[1:]] == ["delete_endpoint", "create_endpoint"]
    assert tags.facts(new.steps[0].request["Tags"])["served"] == "older"
    back = plan_rollback("pump", "pump", "older", found).steps
    assert tags.facts(back[0].request["Tags"])["rolling-back"] == f"{found.config_name} older"


def test_a_failed_endpoint_without_a_record_has_nothing_to_be_kept():
    found = dataclasses.replace(LIVE, status="Failed")
    assert deployment_calls(found) == ["delete_endpoint", "create_endpoint"]
    assert deployment_calls(dataclasses.replace(found, config=False))[1:] == [
        "delete_endpoint",
        "create_endpoint",
    ]


@pytest.mark.parametrize("status", ["Updating", "Creating", "RollingBack", "UpdateRollbackFailed"])
def test_an_endpoint_that_nobody_may_change_is_refused_before_anything_is_made(status):
    with pytest.raises(UnsafePlanError, match=status):
        deployment_calls(dataclasses.replace(LIVE, config_name="other", status=status))


def test_many_uploads_are_one_line():
    text = training_plan().as_markdown()
    assert text.splitlines()[2:] == [
        "- `create_bucket b`", "- `upload 3 objects`", f"- `create_training_job {FRESH.name(1)}`",
    ]  # fmt: skip


MADE = FoundMade(("c-1", "c-2"), ("m-1",))


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
    assert deletion(FoundEndpoint(), FoundMade()) == []


PLANS = {
    "deploy": lambda found: plan_deployment(DEPLOYMENT, found),
    "rollback": lambda found: plan_rollback("pump", "pump", "older", found),
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
    with pytest.raises(UnsafePlanError, match="was not made for the project pump") as caught:
        PLANS[verb](found)
    assert why in str(caught.value)
    assert "give it the tag matlab-sagemaker:project=pump" in str(caught.value)


@pytest.mark.parametrize("verb", PLANS)
def test_an_endpoint_that_was_handed_over_is_taken(verb):
    found = dataclasses.replace(LIVE, config_name="other", facts={"project": "pump"})
    assert PLANS[verb](found).steps
