"""deploy checks the bucket: objects are written only once, and no lifecycle rule deletes them."""

import json
import uuid

import pytest

from helpers.kit.verb_runs import REGION
from matlab_sagemaker.aws import bucket_rules
from matlab_sagemaker.errors import NotReadyError

PLACE = "sealed/pump"
DAYS = {"Expiration": {"Days": 1}}
ON = {"Status": "Enabled"}


@pytest.fixture
def kit(emulator, connected):
    return connected(emulator)


@pytest.fixture
def bucket(kit, aws):
    name = f"rules-{uuid.uuid4().hex[:8]}"
    aws("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    bucket_rules.put(kit, name)
    return name


def test_a_bucket_as_the_kit_makes_it_is_taken(kit, bucket):
    bucket_rules.require(kit, f"s3://{bucket}/{PLACE}")


def test_the_form_of_the_policy_and_what_else_is_in_it_do_not_count(kit, aws, bucket):
    rules = bucket_rules.statements("aws", bucket)
    for number, rule in enumerate(rules):
        rule["Sid"] = f"number{number}"
        rule["Resource"].reverse()
        rule["Action"] = [rule["Action"]]
    other = {"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [other, *rules]}
    aws("s3").put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    bucket_rules.require(kit, f"s3://{bucket}/{PLACE}")


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize(
    "weaken",
    [
        lambda rule: rule.clear(),
        lambda rule: rule.update(Effect="Allow"),
        lambda rule: rule.update(Principal={"AWS": "123456789012"}),
        lambda rule: rule["Resource"].pop(),
        lambda rule: rule["Condition"].update(StringEquals={"aws:username": "nobody"}),
        lambda rule: rule["Condition"]["Null"].update({"s3:prefix": "false"}),
    ],
)
def test_a_bucket_without_a_statement_or_with_a_weaker_one_is_refused(
    kit, aws, bucket, number, weaken
):
    rules = json.loads(json.dumps(bucket_rules.statements("aws", bucket)))
    name = rules[number]["Sid"]
    weaken(rules[number])
    policy = {"Version": "2012-10-17", "Statement": [rule for rule in rules if rule]}
    aws("s3").put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    with pytest.raises(NotReadyError) as caught:
        bucket_rules.require(kit, f"s3://{bucket}/{PLACE}")
    assert f"does not have {name}:" in caught.value.what
    missing = bucket_rules.statements("aws", bucket)[number]
    assert json.dumps([missing]) in caught.value.do


def test_a_bucket_without_a_policy_is_refused(kit, aws, bucket):
    aws("s3").delete_bucket_policy(Bucket=bucket)
    with pytest.raises(NotReadyError, match="does not have WrittenOnce, "):
        bucket_rules.require(kit, f"s3://{bucket}/{PLACE}")


@pytest.mark.parametrize(
    ("rule", "refused"),
    [
        ({**ON, **DAYS, "Filter": {"Prefix": ""}}, True),
        ({**ON, **DAYS, "Prefix": "sealed/"}, True),
        ({**ON, **DAYS, "Filter": {"Prefix": "sea"}}, True),
        ({**ON, **DAYS, "Filter": {"Prefix": "sealed/pump/pump-1"}}, True),
        ({**ON, **DAYS, "Filter": {"Tag": {"Key": "a", "Value": "b"}}}, True),
        (
            {
                **ON,
                **DAYS,
                "Filter": {"And": {"Prefix": "sealed/", "Tags": [{"Key": "a", "Value": "b"}]}},
            },
            True,
        ),
        ({**ON, **DAYS, "Filter": {"Prefix": "jobs/"}}, False),
        ({**ON, **DAYS, "Filter": {"Prefix": "sealed/pump-2/"}}, False),
        ({**DAYS, "Status": "Disabled", "Filter": {"Prefix": ""}}, False),
        (
            {
                **ON,
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                "Filter": {"Prefix": ""},
            },
            False,
        ),
    ],
)
def test_a_rule_that_may_end_a_sealed_model_is_refused(kit, aws, bucket, rule, refused):
    rules = {"Rules": [{"ID": "tidy", **rule}]}
    aws("s3").put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=rules)
    if not refused:
        bucket_rules.require(kit, f"s3://{bucket}/{PLACE}")
        return
    with pytest.raises(NotReadyError, match="rule tidy of s3://"):
        bucket_rules.require(kit, f"s3://{bucket}/{PLACE}")


@pytest.mark.parametrize("kind", ["code", "data", "models", "sealed"])
def test_what_is_written_is_not_written_over(aws, bucket, kind):
    s3, place = aws("s3"), {"Bucket": bucket, "Key": f"{kind}/pump/a"}
    once = {"IfNoneMatch": "*"}
    for words in ({}, {**once, "ServerSideEncryption": "aws:kms"}):
        with pytest.raises(s3.exceptions.ClientError, match="AccessDenied"):
            s3.put_object(**place, Body=b"1", **words)
    s3.put_object(**place, Body=b"1", **once)
    with pytest.raises(s3.exceptions.ClientError, match="PreconditionFailed"):
        s3.put_object(**place, Body=b"2", **once)
    with pytest.raises(s3.exceptions.ClientError, match="AccessDenied"):
        s3.copy_object(**place, CopySource={"Bucket": bucket, "Key": f"{kind}/pump/a"})


def test_an_upload_in_parts_ends_with_the_condition_or_not_at_all(aws, bucket):
    s3, place = aws("s3"), {"Bucket": bucket, "Key": "sealed/pump/b"}
    upload = {**place, "UploadId": s3.create_multipart_upload(**place)["UploadId"]}
    part = {"PartNumber": 1, "ETag": s3.upload_part(**upload, PartNumber=1, Body=b"1")["ETag"]}
    with pytest.raises(s3.exceptions.ClientError, match="AccessDenied"):
        s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": [part]})
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": [part]}, IfNoneMatch="*")


def test_sagemaker_writes_below_jobs_as_it_does(aws, bucket):
    for body in (b"1", b"2"):
        aws("s3").put_object(Bucket=bucket, Key="jobs/pump/model.tar.gz", Body=body)
