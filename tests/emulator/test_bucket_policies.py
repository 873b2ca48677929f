"""Bucket policies: statements for everybody count, with their conditions."""

import json

import pytest
from botocore.exceptions import ClientError

from helpers.emulator.clients import REGION

OVER_TLS = {"Bool": {"aws:SecureTransport": "true"}}
IN_PLAIN = {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize(
    ("statement", "refused"),
    [
        ({"Condition": OVER_TLS}, True),
        ({"Condition": IN_PLAIN}, False),
        ({}, True),
        ({"Action": "s3:GetObject"}, False),
        ({"Principal": {"AWS": "*"}}, True),
        ({"Principal": {"AWS": "arn:aws:iam::123456789012:user/somebody"}}, False),
        ({"Effect": "Allow"}, False),
    ],
)
def test_a_deny_counts_where_its_conditions_are_met(aws, statement, refused):
    bucket = aws.name("bucket-of-policy")
    aws.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    resource = f"arn:aws:s3:::{bucket}/*"
    whole = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": resource,
        **statement,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [whole]})
    aws.s3.put_bucket_policy(Bucket=bucket, Policy=policy)
    put = lambda: aws.s3.put_object(Bucket=bucket, Key="k", Body=b"1")  # noqa: E731
    if not refused:
        assert put()
        return
    with pytest.raises(ClientError, match=r"403|Forbidden|AccessDenied"):
        put()


def test_a_bucket_may_demand_that_what_is_there_stays(aws):
    bucket = aws.name("bucket-of-policy")
    aws.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    condition = {
        "Null": {"s3:if-none-match": "true"},
        "Bool": {"s3:ObjectCreationOperation": "true"},
    }
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{bucket}/code/*",
        "Condition": condition,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws.s3.put_bucket_policy(Bucket=bucket, Policy=policy)
    with pytest.raises(ClientError, match="explicit deny in a resource-based policy"):
        aws.s3.put_object(Bucket=bucket, Key="code/1", Body=b"1")
    assert aws.s3.put_object(Bucket=bucket, Key="code/1", Body=b"1", IfNoneMatch="*")
    assert aws.s3.put_object(Bucket=bucket, Key="jobs/1", Body=b"1")
