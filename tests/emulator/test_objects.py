"""Objects in S3: written only once if the request says so, with checksums that S3 computes.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

PART = b"p" * (5 << 20)


def sha256(data):
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


@pytest.fixture
def place(aws):
    return {"Bucket": "bucket", "Key": aws.name("once")}


@pytest.fixture
def head(aws):
    return lambda place: aws.s3.head_object(ChecksumMode="ENABLED", **place)


def refused(call, code, status):
    with pytest.raises(ClientError) as caught:
        call()
    response = caught.value.response
    assert (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]) == (
        code,
        status,
    )
    return response["Error"]["Message"]


def upload(aws, place, *parts, **words):
    """Begin a multipart upload by SHA-256 and send its parts; return what completes it."""
    begun = aws.s3.create_multipart_upload(ChecksumAlgorithm="SHA256", **place, **words)
    named = {**place, "UploadId": begun["UploadId"]}
    sent = []
    for number, part in enumerate(parts, start=1):
        answer = aws.s3.upload_part(
            PartNumber=number, Body=part, ChecksumSHA256=sha256(part), **named
        )
        sent.append({"PartNumber": number, "ETag": answer["ETag"],
                     "ChecksumSHA256": answer["ChecksumSHA256"]})  # fmt: skip
    return {**named, "MultipartUpload": {"Parts": sent}}


def test_what_is_there_is_not_written_again(aws, place):
    aws.s3.put_object(Body=b"1", IfNoneMatch="*", **place)
    again = lambda: aws.s3.put_object(Body=b"2", IfNoneMatch="*", **place)  # noqa: E731
    refused(again, "PreconditionFailed", 412)
    assert aws.s3.get_object(**place)["Body"].read() == b"1"
    assert aws.s3.put_object(Body=b"3", **place)
    aws.s3.delete_object(**place)
    assert again()


def test_of_writes_at_the_same_time_one_wins(aws, place):
    def put(number):
        try:
            aws.s3.put_object(Body=b"%d" % number, IfNoneMatch="*", **place)
        except ClientError as error:
            return error.response["Error"]["Code"]
        return "written"

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(put, range(24)))
    assert said.count("written") == 1
    assert set(said) <= {"written", "PreconditionFailed", "ConditionalRequestConflict"}


def test_an_upload_in_parts_is_completed_once(aws, place):
    first, second = upload(aws, place, b"1"), upload(aws, place, b"2")
    aws.s3.complete_multipart_upload(IfNoneMatch="*", **first)
    complete = lambda: aws.s3.complete_multipart_upload(IfNoneMatch="*", **second)  # noqa: E731
    refused(complete, "PreconditionFailed", 412)
    assert aws.s3.get_object(**place)["Body"].read() == b"1"
    aws.s3.delete_object(**place)
    assert complete()  # the upload is still open


def test_a_copy_heeds_the_condition(aws, place):
    source = aws.put(aws.name("source"), b"1").removeprefix("s3://")
    copy = lambda: aws.s3.copy_object(CopySource=source, IfNoneMatch="*", **place)  # noqa: E731
    assert copy()
    refused(copy, "PreconditionFailed", 412)


def test_only_the_star_is_a_condition(aws, place):
    refused(lambda: aws.s3.put_object(IfNoneMatch="e", **place), "NotImplemented", 501)


@pytest.mark.parametrize("words", [{"ChecksumAlgorithm": "SHA256"}, {"ChecksumSHA256": "given"}])
def test_the_checksum_of_an_object_is_shown_to_who_asks(aws, place, head, words):
    if "ChecksumSHA256" in words:
        words = {"ChecksumSHA256": sha256(b"1")}
    put = aws.s3.put_object(Body=b"1", **words, **place)
    found = head(place)
    assert put["ChecksumSHA256"] == found["ChecksumSHA256"] == sha256(b"1")
    assert found["ChecksumType"] == "FULL_OBJECT"
    assert "ChecksumSHA256" not in aws.s3.head_object(**place)
    attributes = aws.s3.get_object_attributes(ObjectAttributes=["Checksum"], **place)
    assert attributes["Checksum"]["ChecksumSHA256"] == sha256(b"1")
    assert aws.s3.get_object(ChecksumMode="ENABLED", **place)["ChecksumSHA256"] == sha256(b"1")


def test_an_object_that_was_sent_with_another_checksum_has_no_sha256(aws, place, head):
    aws.s3.put_object(Body=b"1", Metadata={"sha256": sha256(b"1")}, **place)
    found = head(place)
    assert "ChecksumCRC32" in found
    assert "ChecksumSHA256" not in found


def test_content_that_is_not_what_was_sent_is_refused(aws, place):
    put = lambda: aws.s3.put_object(Body=b"1", ChecksumSHA256=sha256(b"2"), **place)  # noqa: E731
    assert "SHA256" in refused(put, "BadDigest", 400)
    refused(lambda: aws.s3.head_object(**place), "404", 404)


def test_the_checksum_of_an_upload_in_parts_is_that_of_its_parts_checksums(aws, place, head):
    parts = (PART, b"last")
    done = aws.s3.complete_multipart_upload(**upload(aws, place, *parts))
    digests = b"".join(hashlib.sha256(part).digest() for part in parts)
    assert done["ChecksumSHA256"] == head(place)["ChecksumSHA256"] == f"{sha256(digests)}-2"
    assert done["ChecksumType"] == head(place)["ChecksumType"] == "COMPOSITE"


def test_of_one_part_it_is_composite_too(aws, place, head):
    aws.s3.complete_multipart_upload(**upload(aws, place, b"1"))
    assert head(place)["ChecksumSHA256"] == f"{sha256(hashlib.sha256(b'1').digest())}-1"


def test_a_completion_names_the_checksum_of_each_part(aws, place):
    request = upload(aws, place, b"1")
    complete = lambda: aws.s3.complete_multipart_upload(**request)  # noqa: E731
    (part,) = request["MultipartUpload"]["Parts"]
    part["ChecksumSHA256"] = sha256(b"2")
    refused(complete, "InvalidPart", 400)
    del part["ChecksumSHA256"]
    assert "missing for part 1" in refused(complete, "InvalidRequest", 400)


def test_a_completion_may_say_what_comes_of_it(aws, place):
    request = upload(aws, place, b"1")
    whole = sha256(hashlib.sha256(b"1").digest())
    complete = aws.s3.complete_multipart_upload
    refused(lambda: complete(ChecksumSHA256=sha256(b"1"), **request), "BadDigest", 400)
    assert complete(ChecksumSHA256=whole, **request)


def test_a_part_has_the_checksum_of_its_upload(aws, place):
    number = upload(aws, place)["UploadId"]
    part = lambda **words: aws.s3.upload_part(  # noqa: E731
        UploadId=number, PartNumber=1, Body=b"1", **place, **words
    )
    assert "sha256" in refused(part, "InvalidRequest", 400)  # boto3 sends CRC32 unasked
    refused(lambda: part(ChecksumSHA256=sha256(b"2")), "BadDigest", 400)
    assert part(ChecksumAlgorithm="SHA256")["ChecksumSHA256"] == sha256(b"1")


def test_a_digest_of_a_whole_object_cannot_come_of_parts(aws, place):
    begin = lambda: upload(aws, place, ChecksumType="FULL_OBJECT")  # noqa: E731
    refused(begin, "InvalidRequest", 400)


def test_s3transfer_uploads_in_parts_by_sha256(aws, place, head, tmp_path):
    file = tmp_path / "large"
    file.write_bytes(PART * 2)
    extra = {"ChecksumAlgorithm": "SHA256"}
    aws.s3.upload_file(str(file), place["Bucket"], place["Key"], ExtraArgs=extra)
    assert head(place)["ChecksumSHA256"].endswith("-2")


def test_a_bucket_of_another_account_is_not_the_one_that_is_expected(aws, place):
    mine = {"ExpectedBucketOwner": "123456789012"}
    others = {"ExpectedBucketOwner": "210987654321"}
    assert aws.s3.put_object(Body=b"1", **place, **mine)
    refused(lambda: aws.s3.put_object(Body=b"2", **place, **others), "AccessDenied", 403)
    refused(lambda: aws.s3.list_objects_v2(Bucket="bucket", **others), "AccessDenied", 403)
    refused(lambda: aws.s3.head_object(**place, **others), "403", 403)
