"""Stores a model that was not trained here in the bucket, once, and then its model card.

A model that is in S3 already is copied by S3, as a multipart upload with one part. CopyObject does
not work, because the bucket's policy requires a condition that it does not have.
Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from matlab_sagemaker import digest
from matlab_sagemaker.aws import s3, session, upload
from matlab_sagemaker.aws.s3 import Upload
from matlab_sagemaker.errors import InputError

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef, CopySourceTypeDef

    from matlab_sagemaker.aws.s3 import FoundObject
    from matlab_sagemaker.aws.session import Aws

CARD = "card.json"
# The largest part, in bytes. One part is enough, and only then does S3 report the SHA-256 of the
# whole object.
# Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
LARGEST_COPY = 5 << 30


@dataclass(frozen=True, kw_only=True)
class Copy:
    """An object to copy from elsewhere in S3, in exactly the version that was found."""

    bucket: str
    key: str
    source: FoundObject


@dataclass(frozen=True, kw_only=True)
class NewModel:
    """A model.tar.gz to store in S3, and its origin for the model card."""

    content: Upload | Copy
    source: dict[str, Any]

    @property
    def place(self) -> str:
        """The s3:// folder for the model and its card."""
        return f"s3://{self.content.bucket}/{self.content.key.rpartition('/')[0]}"


def store(aws: Aws, wanted: NewModel) -> None:
    """Write a model and then its card, which shows that the model is complete.

    Raises InputError if the source has changed since it was found, and UnsafePlanError if
    something else has been stored under its key.
    """
    content = wanted.content
    if isinstance(content, Copy):
        size, sha256 = content.source.size, _copy_once(aws, content)
    else:
        upload.store(aws, content)
        size, sha256 = content.measured.size, content.measured.sha256
    uri = f"s3://{content.bucket}/{content.key}"
    model = {"uri": uri, "size": size, "sha256": sha256}
    card = digest.document({"source": wanted.source, "model": model})
    key = f"{content.key.rpartition('/')[0]}/{CARD}"
    body, measured = card.data, card.measured
    upload.store(aws, Upload(bucket=content.bucket, key=key, body=body, measured=measured))


def _copy_once(aws: Aws, wanted: Copy) -> str:
    """Copy an object, completely or not at all; return its SHA-256."""
    place, found = f"s3://{wanted.bucket}/{wanted.key}", wanted.source
    sha256 = b""

    def send(number: str) -> list[CompletedPartTypeDef]:
        nonlocal sha256
        part = _copy_part(aws, wanted, number)
        sha256 = base64.b64decode(part["ChecksumSHA256"])
        return [part]

    def require_same() -> None:
        checksum = upload.checksum_of_parts([sha256])
        upload.require_same(aws, wanted.bucket, wanted.key, found.size, checksum)

    with session.explained(f"copying {found.uri} to {place}"):
        write = partial(upload.write_parts, aws, wanted.bucket, wanted.key, send)
        upload.once(place, write, require_same)
    return sha256.hex()


def _copy_part(aws: Aws, wanted: Copy, upload: str) -> CompletedPartTypeDef:
    """Let S3 copy the whole object, in the version that was found, as the only part."""
    found = wanted.source
    bucket, key = s3.split(found.uri)
    source: CopySourceTypeDef = {"Bucket": bucket, "Key": key}
    if found.version:
        source["VersionId"] = found.version
    try:
        copied = aws.s3.upload_part_copy(
            Bucket=wanted.bucket,
            Key=wanted.key,
            UploadId=upload,
            PartNumber=1,
            CopySource=source,
            CopySourceIfMatch=found.etag,
            ExpectedBucketOwner=aws.account,
        )["CopyPartResult"]
    except ClientError as error:
        if session.code(error) not in ("PreconditionFailed", "NoSuchKey", "NoSuchVersion"):
            raise
        raise InputError(
            f"{found.uri} changed during this run.",
            do="Run again when nothing writes to it any more.",
        ) from error
    return {"PartNumber": 1, "ETag": copied["ETag"], "ChecksumSHA256": copied["ChecksumSHA256"]}
