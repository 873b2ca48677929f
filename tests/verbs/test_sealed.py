"""Steps deploy and report only what the job has sealed; a job without a card is not deployed."""

import contextlib
import json

import pytest

from helpers.kit.verb_runs import jobs, rule
from matlab_sagemaker.aws import bucket_rules, s3


@pytest.fixture
def card(trained, aws):
    """The location of the trained job's card, and its content."""
    (name,) = jobs(aws, trained)
    model = trained.succeed("train", "--find-only").outputs["model-data"]
    bucket, key = s3.split(f"{model.partition(name)[0]}{name}/card.json")
    place = {"Bucket": bucket, "Key": key}
    return place, json.loads(aws("s3").get_object(**place)["Body"].read())


@pytest.fixture
def replaced(aws, card):
    """Return a function that replaces the job's card by another one, or none, for a while."""
    place, written = card

    def put(said):
        aws("s3").delete_object(**place)
        if said is not None:
            aws("s3").put_object(**place, Body=json.dumps(said).encode(), IfNoneMatch="*")

    @contextlib.contextmanager
    def replaced(said):
        put(said)
        try:
            yield
        finally:
            put(written)

    return replaced


def test_what_was_sealed_is_found_deployed_and_told(fresh, aws, card):
    place, said = card
    found = fresh.succeed("train", "--find-only").outputs
    assert found["model-data"] == said["model"]["uri"]
    assert json.loads(found["metrics"]) == said["metrics"]
    deployed = fresh.succeed("deploy").outputs
    model = aws("sagemaker").describe_model(ModelName=deployed["model-name"])
    assert model["PrimaryContainer"]["ModelDataUrl"] == said["model"]["uri"]
    assert said["model"]["uri"].startswith(
        f"s3://{place['Bucket']}/sealed/{fresh.name}/{found['job-name']}/"
    )
    assert json.loads(fresh.succeed("status").outputs["metrics"]) == said["metrics"]


def test_the_metrics_are_the_cards_not_those_that_sagemaker_read_in_the_log(
    trained, replaced, card
):
    trained.succeed("deploy")
    trained.serve_on("ml.m5.xlarge")
    trained.succeed("deploy")
    with replaced({**card[1], "metrics": {"loss": 0.5}}):
        found = trained.succeed("train", "--find-only").outputs
        shown = [trained.succeed(verb).stdout for verb in ("status", "rollback")]
        shown.append(trained.succeed("delete", "--endpoint-name", trained.endpoint).stdout)
    assert json.loads(found["metrics"]) == {"loss": 0.5}
    assert [text.count("loss 0.5") for text in shown] == [2, 2, 2]
    assert not any("accuracy" in text for text in shown)


def test_numbers_that_nothing_has_sealed_count_neither_for_the_candidate_nor_for_production(
    trained, replaced
):
    trained.succeed("deploy")
    rule(trained, gate="'> 0'")
    with replaced(None):
        plan = json.loads(trained.succeed("deploy", "--dry-run").outputs["plan"])
        judged = trained.run("train")
    assert plan["serves"]["metrics"] == {}
    (row,) = json.loads(judged.outputs["gate-rows"])
    assert (row["got"], row["passed"]) == ("no number", False)


def test_a_job_that_has_sealed_nothing_is_shown_and_not_deployed(fresh, replaced):
    rule(fresh)
    with replaced(None):
        shown = fresh.succeed("train")
        result = fresh.run("deploy")
    assert "does not have the kit's entrypoint" in shown.summary
    assert shown.outputs["found"] == "true"
    assert result.code == 2
    assert "has sealed no model" in result.annotations[0]
    assert "Derive the image FROM the kit's" in result.annotations[0]
    assert fresh.run("status").code == 3


@pytest.mark.parametrize(
    "change",
    [
        {"job": "another-1"},
        {"inputs": "0" * 64},
        {"model": {"uri": "s3://elsewhere/model.tar.gz"}},
        {"metrics": 3},
    ],
)
def test_a_card_that_is_not_the_jobs_stops_everything(fresh, replaced, card, change):
    place, said = card
    with replaced({**said, **change}):
        for verb in ("train", "deploy"):
            result = fresh.run(verb)
            assert result.code == 4, verb
            assert place["Key"] in result.annotations[0]


def test_a_bucket_in_which_a_model_could_be_written_over_is_not_deployed_from(fresh, aws, card):
    s3_, where = aws("s3"), {"Bucket": card[0]["Bucket"]}
    policy = s3_.get_bucket_policy(**where)["Policy"]
    s3_.delete_bucket_policy(**where)
    try:
        result = fresh.run("deploy")
    finally:
        s3_.put_bucket_policy(**where, Policy=policy)
    assert result.code == 18
    assert "does not have WrittenOnce" in result.annotations[0]
    assert fresh.run("status").code == 3


def test_a_bucket_whose_rule_may_end_a_model_is_not_deployed_from(fresh, aws, card):
    s3_, where = aws("s3"), {"Bucket": card[0]["Bucket"]}
    rule = {"ID": "tidy", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 9}}
    s3_.put_bucket_lifecycle_configuration(**where, LifecycleConfiguration={"Rules": [rule]})
    try:
        result = fresh.run("deploy")
    finally:
        s3_.delete_bucket_lifecycle(**where)
    assert result.code == 18
    assert "The lifecycle rule tidy" in result.annotations[0]


def test_the_bucket_that_train_makes_has_the_statements(card, aws):
    bucket = card[0]["Bucket"]
    policy = json.loads(aws("s3").get_bucket_policy(Bucket=bucket)["Policy"])
    assert policy["Statement"] == bucket_rules.statements("aws", bucket)


def test_a_handler_is_not_tried_in_an_image_that_seals_nothing(trained, replaced):
    with replaced(None):
        told = trained.succeed("try-handler")
    assert told.outputs["tried"] == "false"
    assert "does not have the kit's entrypoint" in told.outputs["reason"]
