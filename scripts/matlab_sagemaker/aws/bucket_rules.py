"""Protects sealed models: the bucket's policy forbids overwriting, and no lifecycle rule expires.

Anyone who may write to the bucket can write each object once; nobody can overwrite one. The
template in scripts/setup makes the same policy.
Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from matlab_sagemaker.aws import s3, session
from matlab_sagemaker.errors import NotReadyError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.aws.session import Aws

KEPT = ("code", "data", "models", "sealed")  # not jobs/: SageMaker itself writes there


def statements(partition: str, bucket: str) -> list[dict[str, Any]]:
    """Return the policy statements that prevent overwriting."""
    places = [f"arn:{partition}:s3:::{bucket}/{kind}/*" for kind in KEPT]
    put = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": places}
    encryption = "s3:x-amz-server-side-encryption"
    return [
        {
            "Sid": "WrittenOnce",
            **put,
            "Condition": {
                "Null": {"s3:if-none-match": "true"},
                # Parts of an upload take no condition; the request that completes it does.
                "Bool": {"s3:ObjectCreationOperation": "true"},
            },
        },
        {
            "Sid": "EncryptedAsTheBucketSays",
            **put,
            "Condition": {"Null": {encryption: "false"}},
        },
        {
            "Sid": "NotEncryptedWithKeysOfOthers",
            **put,
            "Condition": {"Null": {f"{encryption}-customer-algorithm": "false"}},
        },
    ]


def put(aws: Aws, bucket: str) -> None:
    """Set these statements as the policy of a new bucket."""
    rules = statements(aws.partition, bucket)
    text = json.dumps({"Version": "2012-10-17", "Statement": rules})
    with session.explained(f"writing the policy of s3://{bucket}"):
        aws.s3.put_bucket_policy(Bucket=bucket, Policy=text, ExpectedBucketOwner=aws.account)


def require(aws: Aws, place: str) -> None:
    """Raise NotReadyError if objects below the s3:// `place` could be overwritten or expire."""
    bucket, prefix = s3.split(place)
    _require_statements(aws, bucket)
    with session.explained(f"reading the lifecycle rules of s3://{bucket}"):
        rules = _lifecycle_rules(aws, bucket)
    for rule in rules:
        if _may_expire(rule, f"{prefix}/"):
            raise NotReadyError(
                f"The lifecycle rule {rule.get('ID', '(without a name)')} of s3://{bucket} may "
                "expire or archive a model that an endpoint serves.",
                why="An endpoint loads its model again whenever it gets a new instance.",
                do="Limit the rule to another prefix, such as jobs/, that does not include "
                f"{prefix}/.",
            )


def _require_statements(aws: Aws, bucket: str) -> None:
    with session.explained(f"reading the policy of s3://{bucket}"):
        found = [_normal(statement) for statement in _statements_of(aws, bucket)]
    wanted = statements(aws.partition, bucket)
    if missing := [rule for rule in wanted if _normal(rule) not in found]:
        raise NotReadyError(
            f"The policy of s3://{bucket} does not have "
            f"{', '.join(rule['Sid'] for rule in missing)}: a model that an endpoint serves "
            "could be overwritten.",
            why="The kit deploys only from a bucket where nothing can be overwritten. Sealed "
            "models in this bucket may have been overwritten already: delete them, and train "
            "again.",
            do="Update the stack of scripts/setup/aws.yml, or add these statements to the "
            f"bucket's policy: {json.dumps(missing)}",
        )


def _statements_of(aws: Aws, bucket: str) -> list[dict[str, Any]]:
    try:
        answer = aws.s3.get_bucket_policy(Bucket=bucket, ExpectedBucketOwner=aws.account)
    except ClientError as error:
        if session.code(error) != "NoSuchBucketPolicy":
            raise
        return []
    found = json.loads(answer["Policy"])["Statement"]
    return found if isinstance(found, list) else [found]


def _normal(value: Any) -> Any:
    """Normalise a statement for comparison: without its Sid, and with lists in order."""
    if isinstance(value, dict):
        return {name: _normal(inner) for name, inner in value.items() if name != "Sid"}
    values = value if isinstance(value, list) else [value]
    return sorted(json.dumps(item).strip('"') for item in values)


def _lifecycle_rules(aws: Aws, bucket: str) -> list[Mapping[str, Any]]:
    try:
        answer = aws.s3.get_bucket_lifecycle_configuration(
            Bucket=bucket, ExpectedBucketOwner=aws.account
        )
    except ClientError as error:
        if session.code(error) != "NoSuchLifecycleConfiguration":
            raise
        return []
    return list(answer.get("Rules", []))


def _may_expire(rule: Mapping[str, Any], place: str) -> bool:
    """Whether a rule may delete or archive an object below `place`.

    The rule's filters by tag and size are ignored: it counts as if it had none.
    """
    expiration = rule.get("Expiration", {})
    archives = any(
        each.get("StorageClass") in ("GLACIER", "DEEP_ARCHIVE")
        for each in rule.get("Transitions", [])
    )
    if rule["Status"] != "Enabled" or not ({"Days", "Date"} & expiration.keys() or archives):
        return False
    some = rule.get("Filter", {})
    prefix = some.get("Prefix") or some.get("And", {}).get("Prefix") or rule.get("Prefix", "")
    return bool(place.startswith(prefix) or prefix.startswith(place))
