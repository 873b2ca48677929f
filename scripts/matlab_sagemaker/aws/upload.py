"""Uploads objects: each is written once, with exactly the bytes that were measured, or not at all.

S3 computes the SHA-256 of the data it receives and compares it with ours. An object is never
overwritten: if one exists under the key, S3's checksum must be the same as ours, or it is an error.
Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from botocore.exceptions import ClientError

from matlab_sagemaker import digest
from matlab_sagemaker.aws import polling, session
from matlab_sagemaker.errors import AwsError, InputError, Place, UnsafePlanError
from matlab_sagemaker.github import tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

    from matlab_sagemaker.aws.s3 import Upload
    from matlab_sagemaker.aws.session import Aws

# Bytes. S3's checksum of a large object depends on it, so it must never change. S3 takes at most
# 10,000 parts, so a file can have at most 156 GiB.
# Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
PART = 16 << 20
_CONFLICT_S = 60.0  # how long to wait if somebody else is writing under the same key
_AT_ONCE = 16  # small objects uploaded in parallel: each mostly waits for S3


def store_all(aws: Aws, uploads: Sequence[Upload], log: Callable[[str], None]) -> None:
    """Store objects as `store` does: small ones in parallel, then large ones one by one.

    Logs at the end how many there were; shows the progress on a terminal.
    """
    progress = _Progress(uploads)
    small = [each for each in uploads if each.measured.size <= PART]
    aws.s3  # noqa: B018 (made here because making a client is not thread-safe)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        under_way = {pool.submit(store, aws, each): each for each in small}
        try:
            for done in as_completed(under_way):
                done.result()
                progress.add(under_way[done])
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    for each in uploads:
        if each.measured.size > PART:
            store(aws, each)
            progress.add(each)
    progress.end(log)


def require_stored(aws: Aws, uploads: Sequence[Upload]) -> None:
    """Raise UnsafePlanError unless each object is in S3 exactly as it was measured."""
    aws.s3  # noqa: B018 (the same)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(partial(_require_stored, aws), uploads))


def _require_stored(aws: Aws, wanted: Upload) -> None:
    with session.explained(f"looking at s3://{wanted.bucket}/{wanted.key}"):
        _require_same(aws, wanted)


class _Progress:
    """Counts objects and bytes, and updates one line on a terminal."""

    def __init__(self, uploads: Sequence[Upload]) -> None:
        self._count = len(uploads)
        self._stored = self._bytes = 0
        self._began = time.monotonic()

    def add(self, stored: Upload) -> None:
        self._stored += 1
        self._bytes += stored.measured.size
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{self._text(f' of {self._count}')}")
            sys.stderr.flush()

    def end(self, log: Callable[[str], None]) -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
        log(self._text(""))

    def _text(self, of: str) -> str:
        seconds = max(time.monotonic() - self._began, 0.001)
        files = "file" if self._count == 1 else "files"
        size, rate = tables.size(self._bytes), tables.size(self._bytes / seconds)
        return f"uploaded {self._stored}{of} {files}, {size} ({rate}/s)"


def store(aws: Aws, wanted: Upload) -> None:
    """Store one object, complete and as it was measured, or not at all.

    Raises InputError if the file has changed since it was measured, and UnsafePlanError if
    something else is under its key. The request names the account that must own the bucket, because
    somebody else could have created one with this name.
    """
    place = f"s3://{wanted.bucket}/{wanted.key}"
    write = _store_whole if wanted.measured.size <= PART else _store_in_parts
    with session.explained(f"uploading {place}"):
        once(place, partial(write, aws, wanted), partial(_require_same, aws, wanted))


def once(place: str, write: Callable[[], None], require_same: Callable[[], None]) -> None:
    """Write an object; if one exists already, check that it is the same."""
    for _ in polling.ticks(limit_s=_CONFLICT_S):
        try:
            return write()
        except ClientError as error:
            code = session.code(error)
            # If the answer was lost, S3 may have completed the upload and forgotten it.
            if code in ("PreconditionFailed", "NoSuchUpload"):
                return require_same()
            if code != "ConditionalRequestConflict":
                raise
    raise AwsError(f"Something else is being written to {place}.", do="Run again.")


def foreign(bucket: str, key: str, why: str) -> UnsafePlanError:
    """Make the error for an object that differs from what this run would write under its key."""
    return UnsafePlanError(
        f"s3://{bucket}/{key} was not written by this kit from these files.",
        why=why,
        do="Find out who wrote it. Let an administrator delete it with "
        f"`aws s3 rm 's3://{bucket}/{key}'`, then run the step again.",
    )


def _store_whole(aws: Aws, wanted: Upload) -> None:
    data = b"".join(_parts(wanted))
    aws.s3.put_object(
        Bucket=wanted.bucket,
        Key=wanted.key,
        Body=data,
        ChecksumSHA256=_checksum(data),
        IfNoneMatch="*",
        ExpectedBucketOwner=aws.account,
    )


def _store_in_parts(aws: Aws, wanted: Upload) -> None:
    def send(number: str) -> list[CompletedPartTypeDef]:
        return [
            _send_part(aws, wanted, number, count, data)
            for count, data in enumerate(_parts(wanted), start=1)
        ]

    write_parts(aws, wanted.bucket, wanted.key, send)


def write_parts(
    aws: Aws, bucket: str, key: str, send: Callable[[str], list[CompletedPartTypeDef]]
) -> None:
    """Write an object in parts; `send` gets the id of the upload and sends them.

    If anything fails, the upload is aborted, and the parts are deleted.
    """
    owner = aws.account
    number = aws.s3.create_multipart_upload(
        Bucket=bucket, Key=key, ChecksumAlgorithm="SHA256", ExpectedBucketOwner=owner
    )["UploadId"]
    try:
        parts = send(number)
        aws.s3.complete_multipart_upload(
            Bucket=bucket,
            Key=key,
            UploadId=number,
            MultipartUpload={"Parts": parts},
            IfNoneMatch="*",
            ExpectedBucketOwner=owner,
        )
    except BaseException:
        with contextlib.suppress(ClientError):  # the bucket's lifecycle rule aborts it in a week
            aws.s3.abort_multipart_upload(
                Bucket=bucket, Key=key, UploadId=number, ExpectedBucketOwner=owner
            )
        raise


def _send_part(
    aws: Aws, wanted: Upload, upload: str, number: int, data: bytes
) -> CompletedPartTypeDef:
    checksum = _checksum(data)
    answer = aws.s3.upload_part(
        Bucket=wanted.bucket,
        Key=wanted.key,
        UploadId=upload,
        PartNumber=number,
        Body=data,
        ChecksumSHA256=checksum,
        ExpectedBucketOwner=aws.account,
    )
    return {"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": checksum}


def _parts(wanted: Upload) -> Iterator[bytes]:
    """Yield the object's parts; after the last, raise InputError if the content has changed."""
    seen = hashlib.sha256()
    with _opened(wanted) as file:
        while data := file.read(PART):
            seen.update(data)
            yield data
    if seen.hexdigest() != wanted.measured.sha256:
        raise InputError(
            f"{wanted.body!s} changed during this run.",
            why="Its content is not what this run has checked, so it was not stored.",
            do="Run again when nothing writes to it any more.",
            place=Place(str(wanted.body)),
        )


def _opened(wanted: Upload) -> BinaryIO:
    if isinstance(wanted.body, bytes):
        return io.BytesIO(wanted.body)
    try:
        return wanted.body.open("rb")
    except OSError as error:
        raise digest.unreadable(wanted.body, error) from error


def _require_same(aws: Aws, wanted: Upload) -> None:
    require_same(aws, wanted.bucket, wanted.key, wanted.measured.size, _checksum_of(wanted))


def require_same(aws: Aws, bucket: str, key: str, size: int, checksum: str) -> None:
    """Raise UnsafePlanError unless the object under the key has our size and checksum."""
    found = aws.s3.head_object(
        Bucket=bucket, Key=key, ChecksumMode="ENABLED", ExpectedBucketOwner=aws.account
    )
    # For an object in parts: the checksum of the parts' checksums, then "-" and their number.
    there = found.get("ChecksumSHA256", "").partition("-")[0]
    if not there:
        raise foreign(bucket, key, "S3 has no SHA-256 of it; the kit writes every object with one.")
    if found["ContentLength"] != size or there != checksum:
        raise foreign(bucket, key, "Its SHA-256 or its size in S3 is different.")


def _checksum_of(wanted: Upload) -> str:
    """Compute the checksum that S3 reports for an object written by `store`."""
    if wanted.measured.size <= PART:
        return _encoded(bytes.fromhex(wanted.measured.sha256))
    return checksum_of_parts(hashlib.sha256(data).digest() for data in _parts(wanted))


def checksum_of_parts(digests: Iterable[bytes]) -> str:
    """Compute the checksum that S3 reports for an object in parts, from the parts' SHA-256."""
    return _checksum(b"".join(digests))


def _checksum(data: bytes) -> str:
    return _encoded(hashlib.sha256(data).digest())


def _encoded(digest: bytes) -> str:
    return base64.b64encode(digest).decode()
