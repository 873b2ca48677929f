"""S3: finds, creates, lists and reads buckets and objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from matlab_sagemaker.aws import session
from matlab_sagemaker.errors import DeniedError, InputError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mypy_boto3_s3.type_defs import ListObjectsV2RequestPaginateTypeDef

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.digest import FileDigest


@dataclass(frozen=True)
class StoredObject:
    """An object in a listing."""

    key: str
    size: int  # bytes
    etag: str
    written: float  # when, in seconds since 1970


@dataclass(frozen=True, kw_only=True)
class Upload:
    """An object to write to S3, with exactly the bytes that were measured."""

    bucket: str
    key: str
    body: bytes | Path
    measured: FileDigest


@dataclass(frozen=True, kw_only=True)
class FoundObject:
    """An object in any bucket, as it is now."""

    uri: str
    size: int  # bytes
    etag: str
    version: str  # empty if its bucket has no versioning


@dataclass(frozen=True)
class ChannelContent:
    """The content of a training channel that the user has put in S3."""

    objects: list[list[object]]  # key, size in bytes and ETag of each
    written: float  # when the latest was, in seconds since 1970


def split(uri: str) -> tuple[str, str]:
    """Split an s3:// URI into bucket and key (or prefix)."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def bucket_exists(aws: Aws, bucket: str) -> bool:
    """Whether `bucket` exists; raises AwsError if it does, but we may not use it."""
    with session.explained(f"looking for the bucket s3://{bucket}"):
        try:
            aws.s3.head_bucket(Bucket=bucket, ExpectedBucketOwner=aws.account)
        except ClientError as error:
            if session.code(error) in ("404", "NoSuchBucket"):
                return False
            if session.code(error) in ("403", "AccessDenied"):
                raise DeniedError(
                    f"Cannot use the bucket s3://{bucket}.",
                    why="It belongs to another account, or you are not allowed s3:ListBucket "
                    "on it.",
                    do="Set aws.bucket in sagemaker.yml, or allow the role to use this bucket.",
                ) from error
            raise
    return True


def region_of(aws: Aws, bucket: str) -> str:
    """Ask for the Region of an existing bucket; SageMaker needs one in its own Region."""
    with session.explained(f"looking for the bucket {bucket}"):
        answer = aws.s3.head_bucket(Bucket=bucket, ExpectedBucketOwner=aws.account)
        return answer.get("BucketRegion", aws.region)


def create_bucket(aws: Aws, bucket: str) -> None:
    """Create a bucket. By default, S3 makes it private and encrypted, and blocks public access.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    place = {"LocationConstraint": aws.region}
    request = {} if aws.region == "us-east-1" else {"CreateBucketConfiguration": place}
    with session.explained(f"creating the bucket s3://{bucket}"):
        try:
            aws.s3.create_bucket(Bucket=bucket, **request)  # type: ignore[arg-type] # Region as text
        except ClientError as error:
            if session.code(error) != "BucketAlreadyOwnedByYou":
                raise


def list_objects(aws: Aws, uri: str, owner: str = "") -> list[StoredObject]:
    """List the objects below an s3:// prefix, sorted by key, including empty folder markers.

    `owner` is the account that must own the bucket; empty (for users' channels) allows any.
    """
    bucket, prefix = split(uri)
    request: ListObjectsV2RequestPaginateTypeDef = {"Bucket": bucket, "Prefix": prefix}
    if owner:
        request["ExpectedBucketOwner"] = owner
    pages = aws.s3.get_paginator("list_objects_v2").paginate(**request)
    objects = [
        StoredObject(i["Key"], i["Size"], i["ETag"].strip('"'), i["LastModified"].timestamp())
        for page in session.read_pages(f"listing {uri}", pages)
        for i in page.get("Contents", [])
    ]
    return sorted(objects, key=lambda o: o.key)


def list_channels(aws: Aws, channels: Mapping[str, str]) -> dict[str, ChannelContent]:
    """List the objects of each channel in S3, with what identifies their content, by channel.

    `channels` maps names to URIs. Raises InputError if there is nothing at a URI.
    """
    found: dict[str, ChannelContent] = {}
    for name, uri in channels.items():
        listed = [item for item in list_objects(aws, uri) if not item.key.endswith("/")]
        if not listed:
            raise InputError(
                f"training.channels.{name}: there is nothing in {uri}.",
                do="Correct the URI, or put the training data there. Nothing was changed.",
            )
        objects = [[item.key, item.size, item.etag] for item in listed]
        found[name] = ChannelContent(objects, max(item.written for item in listed))
    return found


def read(aws: Aws, uri: str) -> bytes | None:
    """Read a small object in one of this account's buckets; None if it does not exist."""
    (bucket, key), owner, doing = split(uri), aws.account, f"reading {uri}"
    for _ in range(_READS):
        answer = session.find(
            doing, _MISSING, aws.s3.get_object, Bucket=bucket, Key=key, ExpectedBucketOwner=owner
        )
        if answer is None:
            return None
        try:
            return answer["Body"].read()
        except BotoCoreError as error:  # the connection broke while the body was read
            broken = error
    with session.explained(doing):
        raise broken


_MISSING = ("NoSuchKey", "NoSuchBucket")
_READS = 4


def require_object(aws: Aws, uri: str) -> FoundObject:
    """Look up an object in any bucket; raise InputError if it does not exist."""
    bucket, key = split(uri)
    with session.explained(f"looking at {uri}"):
        try:
            found = aws.s3.head_object(Bucket=bucket, Key=key)
        except ClientError as error:
            if session.code(error) not in ("404", "NoSuchKey", "NoSuchBucket"):
                raise
            raise InputError(
                f"model: there is no {uri}.", do="Correct the URI, or put the model there."
            ) from error
    version = found.get("VersionId", "null")
    return FoundObject(
        uri=uri,
        size=found["ContentLength"],
        etag=found["ETag"].strip('"'),
        version="" if version == "null" else version,  # "null": older than versioning
    )


def download(aws: Aws, uri: str, file: Path) -> None:
    """Download an object of this account to `file`; raise InputError if it does not exist."""
    from boto3.exceptions import Boto3Error

    bucket, key = split(uri)
    own = {"ExpectedBucketOwner": aws.account}
    with session.explained(f"fetching {uri}"):
        try:
            aws.s3.download_file(bucket, key, str(file), ExtraArgs=own)
        except Boto3Error as error:
            raise UnreachableError(
                f"{uri} could not be downloaded: the connection broke each time.",
                why=str(error),
                do="Check the network, and run again.",
            ) from error
        except ClientError as error:
            if session.code(error) not in ("404", "NoSuchBucket"):
                raise
            raise InputError(f"There is no {uri}.", do="Correct the URI.") from error
