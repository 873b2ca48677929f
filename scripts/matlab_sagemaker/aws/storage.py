"""S3: the bucket, what lies below a prefix, and uploads that are complete or not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from matlab_sagemaker.aws import session
from matlab_sagemaker.errors import DeniedError, InputError

if TYPE_CHECKING:
    from pathlib import Path

    from matlab_sagemaker.aws.session import Aws


@dataclass(frozen=True)
class StoredObject:
    """One object in S3."""

    key: str
    size: int  # bytes
    etag: str


def split(uri: str) -> tuple[str, str]:
    """Return bucket and key (or prefix) of an s3:// URI."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def bucket_exists(aws: Aws, bucket: str) -> bool:
    """Tell whether `bucket` exists; raise AwsError where it is not ours to use."""
    with session.explained(f"looking for the bucket s3://{bucket}"):
        try:
            aws.s3.head_bucket(Bucket=bucket, ExpectedBucketOwner=aws.account)
        except ClientError as error:
            if session.code(error) in ("404", "NoSuchBucket"):
                return False
            if session.code(error) in ("403", "AccessDenied"):
                raise DeniedError(
                    f"The bucket s3://{bucket} is not to be used.",
                    why="It belongs to another account, or s3:ListBucket on it is not allowed.",
                    do="Set aws.bucket in sagemaker.yml, or allow the role to use this bucket.",
                ) from error
            raise
    return True


def region_of(aws: Aws, bucket: str) -> str:
    """Return the Region of a bucket that is there; SageMaker takes none of another Region."""
    with session.explained(f"looking for the bucket {bucket}"):
        answer = aws.s3.head_bucket(Bucket=bucket, ExpectedBucketOwner=aws.account)
        return answer.get("BucketRegion", aws.region)


def create_bucket(aws: Aws, bucket: str) -> None:
    """Make a bucket. S3 makes it private and encrypted, and blocks public access to it.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    place = {"LocationConstraint": aws.region}
    request = {} if aws.region == "us-east-1" else {"CreateBucketConfiguration": place}
    with session.explained(f"making the bucket s3://{bucket}"):
        try:
            aws.s3.create_bucket(Bucket=bucket, **request)  # type: ignore[arg-type] # Region as text
        except ClientError as error:
            if session.code(error) != "BucketAlreadyOwnedByYou":
                raise


def list_objects(aws: Aws, uri: str) -> list[StoredObject]:
    """Return what lies below an s3:// prefix, sorted by key, without folders' empty markers."""
    bucket, prefix = split(uri)
    with session.explained(f"listing {uri}"):
        pages = aws.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        found = [item for page in pages for item in page.get("Contents", [])]
    objects = [StoredObject(i["Key"], i["Size"], i["ETag"].strip('"')) for i in found]
    return sorted((o for o in objects if not o.key.endswith("/")), key=lambda o: o.key)


def list_channel(aws: Aws, name: str, uri: str) -> list[list[object]]:
    """Return what identifies the content of an S3 channel: key, size and ETag of each object."""
    objects = list_objects(aws, uri)
    if not objects:
        raise InputError(
            f"training.channels.{name}: there is nothing in {uri}.",
            do="Correct the URI, or put the training data there. Nothing was changed.",
        )
    return [[item.key, item.size, item.etag] for item in objects]


def upload(aws: Aws, bucket: str, key: str, body: bytes | Path) -> None:
    """Store one object; it is there whole, or not at all.

    The bucket has to be this account's: its name is easy to guess, so somebody may have taken it.
    """
    owner = aws.account
    with session.explained(f"uploading s3://{bucket}/{key}"):
        if isinstance(body, bytes):
            aws.s3.put_object(Bucket=bucket, Key=key, Body=body, ExpectedBucketOwner=owner)
        else:
            aws.s3.upload_file(str(body), bucket, key, ExtraArgs={"ExpectedBucketOwner": owner})


def download(aws: Aws, uri: str, file: Path) -> None:
    """Store the object at an s3:// URI as `file`; raise InputError where there is none."""
    bucket, key = split(uri)
    with session.explained(f"fetching {uri}"):
        try:
            aws.s3.download_file(bucket, key, str(file))
        except ClientError as error:
            if session.code(error) not in ("404", "NoSuchBucket"):
                raise
            raise InputError(f"There is no {uri}.", do="Correct the URI.") from error
