"""What a deployment would change: unknown values hide no others, and a second one is empty."""

import dataclasses
import json

from hypothesis import given
from hypothesis import strategies as st

from helpers.kit.samples import DEPLOYMENT
from matlab_sagemaker.hosting import preview
from matlab_sagemaker.hosting.plan import FoundEndpoint, FoundTarget, plan_deployment
from matlab_sagemaker.hosting.preview import AFTER_MERGE

VPC = {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}
IMAGES = st.sampled_from([f"1.dkr.ecr.x.amazonaws.com/release@sha256:{c * 64}" for c in "ab"])
COMMITS = st.sampled_from(["a" * 40, "b" * 40])
STATUSES = st.sampled_from(["InService", "OutOfService", "Failed", None])


@st.composite
def deployments(draw):
    """Draw a deployment of the endpoint, of a trained or existing model."""
    job = draw(st.sampled_from(["", "pump-1", "pump-2"]))
    return dataclasses.replace(
        DEPLOYMENT,
        image=draw(IMAGES),
        is_trained=bool(job),
        training_job=job,
        model_data=f"s3://bucket/{job or draw(st.sampled_from('ab'))}/model.tar.gz",
        role=draw(st.sampled_from(["arn:aws:iam::1:role/a", "arn:aws:iam::1:role/b"])),
        instance_type=draw(st.sampled_from(["ml.m5.large", "ml.m5.xlarge"])),
        instance_count=draw(st.integers(1, 2)),
        vpc=draw(st.sampled_from([None, VPC])),
        commit=draw(COMMITS),
    )


def endpoint(serves, status="InService", facts=()):
    if status is None:
        return FoundEndpoint()
    name = serves.config["EndpointConfigName"]
    told = {"project": DEPLOYMENT.project, **dict(facts)}
    return FoundEndpoint(config_name=name, status=status, arn="arn", facts=told)


def shown(desired, found, serves, newest):
    serving = preview.configuration(serves) if found.status == "InService" else None
    return preview.preview(desired, found, serving, newest, {"training-1": True})


@given(deployments(), deployments(), STATUSES, st.booleans(), st.booleans())
def test_a_plan_with_what_is_not_known_is_the_plan_once_that_is_known(
    desired, serves, status, has_image, has_model
):
    found = endpoint(serves, status)
    data = {"model_data": desired.model_data, "training_job": desired.training_job}
    partly = dataclasses.replace(
        desired,
        image=desired.image if has_image else "",
        **(data if has_model else dict.fromkeys(data, "")),
    )
    early = shown(partly, found, serves, None)
    whole = shown(desired, found, serves, desired.commit)
    known = {line.what: line.after for line in whole.lines}
    later = [
        dataclasses.replace(line, after=known[line.what]) if line.after is None else line
        for line in early.lines
    ]
    assert later == list(whole.lines)
    waits = {line.what for line in early.lines if line.after is None} - {preview.COMMIT}
    assert bool(waits) is not (has_image and has_model)
    assert early.text.count(AFTER_MERGE) == len(waits) + 1


@given(deployments(), deployments(), STATUSES, st.booleans())
def test_once_it_is_made_nothing_is_left_to_be_planned(desired, serves, status, overtaken):
    found = endpoint(serves, status, {"deployed": "c" * 40})
    newest = found.newest if overtaken else desired.commit
    steps = plan_deployment(desired, found, FoundTarget(), overtaken=overtaken).steps
    tags = {t["Key"]: t["Value"] for step in steps for t in step.request.get("Tags", [])
            if step.call in ("add_tags", "create_endpoint")}  # fmt: skip
    facts = {key.partition(":")[2]: text for key, text in tags.items()}
    done = endpoint(desired, facts={**found.facts, **facts})
    assert done.newest == newest
    after = shown(desired, done, desired, newest)
    there = FoundTarget(config=True, model=True)
    assert plan_deployment(desired, done, there, overtaken=overtaken).steps == ()
    assert {line.sign for line in after.lines} == {"="}
    assert not after.changes
    before = shown(desired, found, serves, newest)
    makes = any(step.call != "add_tags" for step in steps)
    assert before.changes == makes


def test_each_thing_has_a_line_of_its_own():
    vpc = dataclasses.replace(DEPLOYMENT, vpc=VPC, training_job="pump-1")
    newer = dataclasses.replace(vpc, vpc=None, instance_type="ml.m5.xlarge", commit="b" * 40)
    text = shown(newer, endpoint(vpc), vpc, "b" * 40).text.splitlines()
    kinds = [vpc.instance_type, newer.instance_type]
    assert f"~ instance type: {' → '.join(kinds)}" in text
    assert "- subnets: subnet-1" in text
    assert "+ newest commit: bbbbbbb" in text
    assert text[-1].startswith("= stays: training image training-1, endpoint ")
    first = shown(vpc, FoundEndpoint(), vpc, "a" * 40)
    assert f"+ endpoint: {vpc.endpoint_name}" in first.text
    failed = shown(vpc, endpoint(vpc, "Failed"), vpc, "a" * 40).text
    assert failed.index("- failed endpoint") < failed.index("+ endpoint")


def test_as_data_what_is_not_known_is_null_and_no_account_is_told():
    unknown = dataclasses.replace(DEPLOYMENT, image="")
    told = shown(unknown, endpoint(DEPLOYMENT), DEPLOYMENT, None)
    lines = {line["what"]: line for line in json.loads(json.dumps(told.as_json))}
    assert lines["model"]["after"] is None
    assert lines["model"]["sign"] == "~"
    assert "arn:" not in told.text
    assert ".dkr.ecr." not in told.text
    assert "~ model: " in told.as_markdown
