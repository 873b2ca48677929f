"""S3's objects in place of moto's: conditional writes, checksums, the bucket's expected owner.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from moto.s3 import responses
from moto.s3.exceptions import MissingBucket, NoSuchUpload, PreconditionFailed

from . import checksums
from .errors import S3Error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from moto.s3.models import FakeKey, FakeMultipart

_Answer = tuple[int, dict[str, Any], Any]
_RESULT_END = "</CompleteMultipartUploadResult>"


class S3(responses.S3Response):
    """S3; moto makes one object for each request, so the locks are in the class."""

    _locks: dict[tuple[str, str], threading.Lock] = {}  # noqa: RUF012 (shared by all requests)

    def _bucket_response(self, request: Any, full_url: str) -> Any:
        try:
            self._check_owner()
            return super()._bucket_response(request, full_url)
        except S3Error as error:
            return error.answer()

    def _key_response(self, request: Any, full_url: str) -> Any:
        try:
            self._check_owner()
            return super()._key_response(request, full_url)
        except S3Error as error:
            return error.answer()

    def put_object(self) -> _Answer:
        """Store an object, with the checksum of its content."""
        name = self.parse_key_name()
        checksum = checksums.checked(self.headers, self.raw_body, self.body or b"")
        with self._writing(name):
            status, headers, body = super().put_object()
            key = self.backend.get_object(self.bucket_name, name)
            if checksum:
                _keep(key, *checksum, "FULL_OBJECT")
                headers.update(_shown(key))
        return status, headers, body

    def copy_object(self) -> _Answer:
        """Copy an object, also with a condition, which moto ignores."""
        name = self.parse_key_name()
        with self._writing(name):
            self._require_absent(name)
            answer: _Answer = super().copy_object()
            return answer

    def upload_part(self) -> _Answer:
        """Store a part, if its checksum is of the kind that the upload was created with."""
        checksum = checksums.checked(self.headers, self.raw_body, self.body or b"")
        upload = self._upload(self._get_param("uploadId"))
        wanted = _algorithm(upload)
        given = checksum[0] if checksum else None
        if wanted and wanted != given:
            raise S3Error(
                "InvalidRequest",
                f"Checksum Type mismatch occurred, expected checksum Type: {wanted.lower()}, "
                f"actual checksum Type: {(given or 'null').lower()}",
            )
        status, headers, body = super().upload_part()
        if checksum:
            part = upload.parts[self._get_int_param("partNumber")]
            _keep(part, *checksum, "FULL_OBJECT")
            headers[f"x-amz-checksum-{checksum[0].lower()}"] = checksum[1]
        return status, headers, body

    def upload_part_copy(self) -> _Answer:
        """Copy a part, if the source has the expected ETag, a condition that moto ignores."""
        upload, number = (
            self._upload(self._get_param("uploadId")),
            self._get_int_param("partNumber"),
        )
        self._require_source()
        status, headers, body = super().upload_part_copy()
        algorithm, part = _algorithm(upload), upload.parts.get(number)
        if algorithm and part and status == 200:
            _keep(part, algorithm, checksums.computed(algorithm, part.value), "FULL_OBJECT")
            body = _inside(body, "</CopyPartResult>", f"<Checksum{algorithm}>{part.checksum_value}"
                           f"</Checksum{algorithm}>")  # fmt: skip
        return status, headers, body

    def _require_source(self) -> None:
        """Refuse to copy an object that does not exist or has another ETag than expected."""
        bucket, _, path = unquote(self.headers["x-amz-copy-source"]).lstrip("/").partition("/")
        key, _, version = path.partition("?versionId=")
        found = self.backend.get_object(bucket, key, version_id=version or None)
        if found is None:
            raise S3Error("NoSuchKey", "The specified key does not exist.", 404)
        wanted = self.headers.get("x-amz-copy-source-if-match", found.etag)
        if wanted.strip('"') != found.etag.strip('"'):
            raise PreconditionFailed("x-amz-copy-source-If-Match")

    def head_object(
        self, bucket_name: str, query: dict[str, Any], key_name: str, headers: Any
    ) -> _Answer:
        """Describe an object, with its checksum if the request asks for it."""
        answer = super().head_object(bucket_name, query, key_name, headers)
        if answer[0] == 200 and headers.get("x-amz-checksum-mode") == "ENABLED":
            answer[1].update(_shown(self.backend.get_object(bucket_name, key_name)))
        return answer

    def _key_response_post(
        self, request: Any, body: bytes, bucket_name: str, query: dict[str, Any], key_name: str
    ) -> _Answer:
        if "uploads" in query:
            _refuse_whole(self.headers)
        number = query.get("uploadId", [None])[0]
        open_uploads = self.backend.get_bucket(bucket_name).multiparts
        if number is None or number not in open_uploads:
            return super()._key_response_post(request, body, bucket_name, query, key_name)
        upload = open_uploads[number]
        checksum = self._completed(upload, body)
        with self._writing(key_name):
            status, headers, text = super()._key_response_post(
                request, body, bucket_name, query, key_name
            )
            if checksum:
                key = self.backend.get_object(bucket_name, key_name)
                _keep(key, *checksum)
                text = _with_checksum(text, *checksum)
        return status, headers, text

    def _completed(self, upload: FakeMultipart, body: bytes) -> tuple[str, str, str] | None:
        """Return algorithm, value and type of a finished upload's checksum; None if it has none."""
        algorithm = _algorithm(upload)
        if not algorithm or upload.metadata.get("x-amz-checksum-type") == "FULL_OBJECT":
            return None
        values = [_checksum_of(part, upload, algorithm) for part in _parts(body)]
        whole = checksums.composite(algorithm, values)
        sent = self.headers.get(f"x-amz-checksum-{algorithm.lower()}")
        if sent not in (None, whole, whole.partition("-")[0]):
            raise checksums.bad_digest(algorithm)
        return algorithm, whole, "COMPOSITE"

    @contextmanager
    def _writing(self, name: str) -> Iterator[None]:
        """Lock the key: two conditional writes of the same key at the same time are a conflict."""
        condition = self.headers.get("If-None-Match")
        if condition not in (None, "*"):
            said = "A header you provided implies functionality that is not implemented"
            raise S3Error("NotImplemented", said, 501)
        lock = self._locks.setdefault((self.bucket_name, name), threading.Lock())
        if not lock.acquire(blocking=condition is None):
            said = (
                "The conditional request cannot succeed due to a conflicting operation against "
                "this resource."
            )
            raise S3Error("ConditionalRequestConflict", said, 409)
        try:
            yield
        finally:
            lock.release()

    def _require_absent(self, name: str) -> None:
        if self.headers.get("If-None-Match") and self.backend.get_object(self.bucket_name, name):
            raise PreconditionFailed("If-None-Match")

    def _upload(self, number: str) -> FakeMultipart:
        upload = self.backend.get_bucket(self.bucket_name).multiparts.get(number)
        if upload is None:
            raise NoSuchUpload(upload_id=number)
        return upload

    def _check_owner(self) -> None:
        """Refuse a request that expects another account to own the bucket."""
        expected = self.headers.get("x-amz-expected-bucket-owner")
        try:
            owner = self.backend.get_bucket(self.bucket_name).account_id
        except MissingBucket:
            return
        if expected not in (None, owner):
            raise S3Error("AccessDenied", "Access Denied", 403)


def install() -> None:
    """Replace moto's objects by these; call it before the server starts."""
    responses.S3Response = S3  # type: ignore[misc] # moto looks it up each time


def _algorithm(upload: FakeMultipart) -> str | None:
    """Return the checksum algorithm of an upload, if it is one that is computed here."""
    name = upload.metadata.get("x-amz-checksum-algorithm", "").upper()
    return name if name in checksums.COMPUTED else None


def _refuse_whole(headers: Any) -> None:
    """Refuse a whole object's checksum for an upload in parts; only CRCs can be combined."""
    algorithm = headers.get("x-amz-checksum-algorithm", "")
    if headers.get("x-amz-checksum-type") == "FULL_OBJECT" and algorithm.startswith("SHA"):
        raise S3Error(
            "InvalidRequest",
            "The FULL_OBJECT checksum type cannot be used with the "
            f"{algorithm.lower()} checksum algorithm.",
        )


def _parts(body: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield number and members of each part in a request that completes an upload."""
    for element in ET.fromstring(body):  # noqa: S314 (from a client on this machine)
        members = {child.tag.rpartition("}")[2]: child.text or "" for child in element}
        yield int(members["PartNumber"]), members


def _checksum_of(part: tuple[int, dict[str, str]], upload: FakeMultipart, algorithm: str) -> str:
    """Return a part's checksum, if the completing request has the same one."""
    number, members = part
    named = members.get(f"Checksum{algorithm}")
    if named is None:
        raise S3Error(
            "InvalidRequest",
            f"The upload was created using a {algorithm.lower()} checksum. The complete request "
            f"must include the checksum for each part. It was missing for part {number} in the "
            "request.",
        )
    if number not in upload.parts or upload.parts[number].checksum_value != named:
        raise S3Error(
            "InvalidPart",
            "One or more of the specified parts could not be found. The part may not have been "
            "uploaded, or the specified entity tag may not match the part's entity tag.",
        )
    return named


def _keep(key: FakeKey | None, algorithm: str, value: str, kind: str) -> None:
    if key is not None:
        key.checksum_algorithm, key.checksum_value, key.checksum_type = algorithm, value, kind
        key.checksum_parts = None


def _shown(key: FakeKey | None) -> dict[str, str]:
    """Return the headers with an object's checksum."""
    if key is None or not key.checksum_algorithm or not key.checksum_value:
        return {}
    name = f"x-amz-checksum-{key.checksum_algorithm.lower()}"
    return {name: key.checksum_value, "x-amz-checksum-type": key.checksum_type or "FULL_OBJECT"}


def _with_checksum(text: Any, algorithm: str, value: str, kind: str) -> str:
    """Add the checksum to the answer to a completed upload."""
    shown = f"<Checksum{algorithm}>{value}</Checksum{algorithm}><ChecksumType>{kind}</ChecksumType>"
    return _inside(text, _RESULT_END, shown)


def _inside(text: Any, end: str, more: str) -> str:
    """Add members at the end of an element in an answer."""
    said = text.decode() if isinstance(text, bytes) else str(text)
    return said.replace(end, more + end)
