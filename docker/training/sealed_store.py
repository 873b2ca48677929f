"""Writes objects to S3 that can be written only once, with the job's role.

It uses only botocore, the part of boto3 that sends requests: boto3 would make the start of every
job a third longer.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
from botocore.session import Session

from contract import find_region

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

PATIENCE = Config(
    connect_timeout=10, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 5}
)
CHECKED = {"ChecksumAlgorithm": "SHA256"}  # boto3 computes it, and S3 compares it
PART_BYTES = 16 << 20
MOST_PARTS = 9_000  # S3 takes 10,000; compressing may make data a little longer
TAKEN = "PreconditionFailed"
CONFLICT = "ConditionalRequestConflict"  # somebody else is writing the same key
CONFLICT_WAITS_S = (0.5, 1, 2, 4)
NO_CREDENTIALS = "NoCredentials"  # our own codes, in addition to those of S3
UNREACHABLE = "Unreachable"


class StoreError(Exception):
    """S3 did not write `uri`; `code` is S3's error code, or one of those above."""

    def __init__(self, uri: str, code: str, text: str) -> None:
        super().__init__(text)
        self.uri = uri
        self.code = code


class StoppedError(Exception):
    """The job should stop, and the upload was aborted."""


class SealedStore:
    """A prefix in S3 below which every key is written only once."""

    def __init__(self, uri: str, account: str, environ: Mapping[str, str]) -> None:
        """Take s3://bucket/prefix, whose bucket must belong to `account`. Raises StoreError."""
        place = urlsplit(uri)
        self._prefix = place.path.strip("/")
        self._bucket = {"Bucket": place.netloc, "ExpectedBucketOwner": account}
        with _translated(uri):
            region = find_region(environ)
            self._s3: Any = Session().create_client("s3", region_name=region, config=PATIENCE)

    def uri(self, name: str) -> str:
        """Return the URI of the object with this name."""
        return f"s3://{self._bucket['Bucket']}/{self._prefix}/{name}"

    @contextlib.contextmanager
    def upload(self, name: str, size: int, stopping: Callable[[], bool]) -> Iterator[Upload]:
        """Yield a file to write about `size` bytes to; the object is complete, or not there at all.

        Raises StoreError, and StoppedError as soon as `stopping` returns True.
        """
        place = {**self._bucket, "Key": f"{self._prefix}/{name}"}
        if stopping():
            raise StoppedError
        with _translated(self.uri(name)):
            begun = self._s3.create_multipart_upload(**place, **CHECKED)
            place["UploadId"] = begun["UploadId"]
            upload = Upload(self._s3, place, part_bytes(size), stopping)
            try:
                yield upload
                upload.complete()
            except BaseException:
                upload.abort()
                raise

    def put_once(self, name: str, content: bytes) -> None:
        """Write a small object; raises StoreError, with PreconditionFailed if it exists already."""
        place = {**self._bucket, "Key": f"{self._prefix}/{name}"}
        for wait_s in (*CONFLICT_WAITS_S, None):
            try:
                with _translated(self.uri(name)):
                    self._s3.put_object(**place, **CHECKED, Body=content, IfNoneMatch="*")
            except StoreError as error:
                if error.code == TAKEN and self._holds(place, content):
                    return  # this request wrote it, but the first answer was lost
                if error.code != CONFLICT or wait_s is None:
                    raise
                time.sleep(wait_s)
            else:
                return

    def _holds(self, place: dict[str, str], content: bytes) -> bool:
        with _translated(self.uri(place["Key"])):
            return bool(self._s3.get_object(**place)["Body"].read() == content)


class Upload:
    """A multipart upload as a file to write to; it sends each part when it is full."""

    def __init__(
        self, s3: Any, place: dict[str, str], limit: int, stopping: Callable[[], bool]
    ) -> None:
        self._s3 = s3
        self._place = place
        self._limit = limit
        self._stopping = stopping
        self._part = bytearray()
        self._sent: list[dict[str, Any]] = []
        self._digest = hashlib.sha256()
        self.size = 0  # bytes written

    @property
    def sha256(self) -> str:
        """The SHA-256 of all bytes written."""
        return self._digest.hexdigest()

    def write(self, data: bytes) -> int:
        """Write more bytes; sends a part if there are enough for one."""
        self._part += data
        self._digest.update(data)
        self.size += len(data)
        if len(self._part) >= self._limit:
            self._send()
        return len(data)

    def flush(self) -> None:
        """Do nothing: only the last part may be small."""

    def complete(self) -> None:
        """Send the rest, and complete the upload."""
        self._send()
        if self._stopping():
            raise StoppedError
        parts = {"Parts": self._sent}
        try:
            self._s3.complete_multipart_upload(
                **self._place, MultipartUpload=parts, IfNoneMatch="*"
            )
        except ClientError as error:
            # If the first answer was lost, the object is ours: nobody else knows the key.
            if (
                error.response["Error"]["Code"] not in (TAKEN, "NoSuchUpload")
                or not self._is_made()
            ):
                raise

    def _is_made(self) -> bool:
        place = {name: value for name, value in self._place.items() if name != "UploadId"}
        with contextlib.suppress(ClientError):
            return bool(self._s3.head_object(**place)["ContentLength"] == self.size)
        return False

    def abort(self) -> None:
        """Abort the upload, if S3 allows it."""
        with contextlib.suppress(BotoCoreError, ClientError):
            self._s3.abort_multipart_upload(**self._place)

    def _send(self) -> None:
        if self._stopping():
            raise StoppedError
        number = len(self._sent) + 1
        part = {"PartNumber": number, "Body": bytes(self._part)}
        answer = self._s3.upload_part(**self._place, **CHECKED, **part)
        proof = {name: answer[name] for name in ("ETag", "ChecksumSHA256")}
        self._sent.append({"PartNumber": number, **proof})
        self._part.clear()


def part_bytes(size: int) -> int:
    """Choose the size of the parts, in bytes, for an upload of about `size` bytes."""
    return max(PART_BYTES, size // MOST_PARTS)


@contextlib.contextmanager
def _translated(uri: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        fields = error.response["Error"]
        raise StoreError(uri, fields["Code"], fields.get("Message") or str(error)) from error
    except NoCredentialsError as error:
        raise StoreError(uri, NO_CREDENTIALS, str(error)) from error
    except BotoCoreError as error:
        raise StoreError(uri, UNREACHABLE, str(error)) from error
