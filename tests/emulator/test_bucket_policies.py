"""Bucket policies: statements for everybody count, with their conditions."""

import json

import pytest
from botocore.exceptions import ClientError

from emulated import REGION

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
