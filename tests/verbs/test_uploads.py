"""Uploads: the measured content is stored once; other content under its key fails the run."""

import contextlib
import hashlib
import uuid

import pytest

from helpers.aws.fault_proxy import Exchange, Recorder, proxy
from helpers.kit.verb_runs import SAVE, jobs, write_function
from matlab_sagemaker import digest
from matlab_sagemaker.aws import upload
from matlab_sagemaker.aws.s3 import Upload, download, list_objects
from matlab_sagemaker.errors import AwsError, InputError, UnsafePlanError

pytestmark = pytest.mark.slow

LARGE = upload.PART + 5  # bytes: two parts
CONFLICT = b"<Error><Code>ConditionalRequestConflict</Code><Message>busy</Message></Error>"
DENIED = b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"


@pytest.fixture(scope="module")
def bucket(aws):
    name = f"uploads-{uuid.uuid4().hex[:8]}"
    place = {"LocationConstraint": "eu-west-1"}
    aws("s3").create_bucket(Bucket=name, CreateBucketConfiguration=place)
    return name


@pytest.fixture(params=["whole", "in parts"])
def wanted(request, bucket, tmp_path):
    """A file to upload, already measured."""
    file = tmp_path / "data.bin"
    with file.open("wb") as content:
        content.write(b"measured")
        if request.param == "in parts":
            content.truncate(LARGE)
    key = f"{uuid.uuid4().hex}/data.bin"
    measured = digest.measure({"": file})[""]
    return Upload(bucket=bucket, key=key, body=file, measured=measured)


def stored(aws, wanted):
    """Return the object's SHA-256, or None."""
    with contextlib.suppress(aws("s3").exceptions.NoSuchKey):
        body = aws("s3").get_object(Bucket=wanted.bucket, Key=wanted.key)["Body"].read()
        return hashlib.sha256(body).hexdigest()


def open_uploads(aws, wanted):
    answer = aws("s3").list_multipart_uploads(Bucket=wanted.bucket, Prefix=wanted.key)
    return answer.get("Uploads", [])


def test_what_was_measured_is_stored_and_a_second_upload_finds_it(emulator, aws, connected, wanted):
    kit = connected(emulator)
    upload.store(kit, wanted)
    assert stored(aws, wanted) == wanted.measured.sha256
    upload.store(kit, wanted)
    assert open_uploads(aws, wanted) == []


def test_bytes_and_an_empty_file_are_stored(emulator, aws, connected, bucket, tmp_path):
    (tmp_path / "empty").touch()
    for body, data in ((b"{}", b"{}"), (tmp_path / "empty", b"")):
        key, measured = uuid.uuid4().hex, digest.measured(data)
        wanted = Upload(bucket=bucket, key=key, body=body, measured=measured)
        upload.store(connected(emulator), wanted)
        assert stored(aws, wanted) == measured.sha256


def test_a_file_that_changed_after_it_was_measured_is_never_stored(
    emulator, aws, connected, wanted
):
    with wanted.body.open("r+b") as file:
        file.write(b"MEASURED")  # of the same size
    with pytest.raises(InputError, match="changed during this run"):
        upload.store(connected(emulator), wanted)
    assert stored(aws, wanted) is None
    assert open_uploads(aws, wanted) == []


@pytest.mark.parametrize("words", [{}, {"ChecksumAlgorithm": "SHA256"}])
def test_what_somebody_has_placed_there_is_left_and_named(emulator, aws, connected, wanted, words):
    before = b"m" * wanted.measured.size
    aws("s3").put_object(Bucket=wanted.bucket, Key=wanted.key, Body=before, **words)
    with pytest.raises(UnsafePlanError) as caught:
        upload.store(connected(emulator), wanted)
    assert f"s3://{wanted.bucket}/{wanted.key} " in caught.value.what
    assert "aws s3 rm" in caught.value.do
    assert stored(aws, wanted) == hashlib.sha256(before).hexdigest()
    assert open_uploads(aws, wanted) == []


def test_the_same_bytes_without_s3s_own_sha256_are_foreign(emulator, aws, connected, wanted):
    claimed = {"Metadata": {"sha256": wanted.measured.sha256}}
    body = wanted.body.read_bytes()
    aws("s3").put_object(Bucket=wanted.bucket, Key=wanted.key, Body=body, **claimed)
    with pytest.raises(UnsafePlanError, match="S3 has no SHA-256 of it"):
        upload.store(connected(emulator), wanted)


def test_an_upload_that_somebody_has_left_open_does_not_come_into_its_place(
    emulator, aws, connected, wanted
):
    s3, where = aws("s3"), {"Bucket": wanted.bucket, "Key": wanted.key}
    theirs = {**where, "UploadId": s3.create_multipart_upload(**where)["UploadId"]}
    part = s3.upload_part(**theirs, PartNumber=1, Body=b"theirs")
    upload.store(connected(emulator), wanted)
    with pytest.raises(s3.exceptions.ClientError, match="PreconditionFailed"):
        s3.complete_multipart_upload(
            **theirs,
            MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
            IfNoneMatch="*",
        )
    assert stored(aws, wanted) == wanted.measured.sha256
    s3.abort_multipart_upload(**theirs)


def last_call(exchange, wanted):
    """Return whether an exchange creates the object."""
    if wanted.measured.size > upload.PART:
        return exchange.what.startswith("POST ") and "uploadId=" in exchange.what
    return exchange.what.startswith("PUT ")


def test_another_write_under_way_is_waited_for(emulator, aws, connected, wanted):
    conflicts = []

    def change(exchange):
        if last_call(exchange, wanted) and not conflicts:
            conflicts.append(exchange)
            aws("s3").delete_object(Bucket=wanted.bucket, Key=wanted.key)  # it did not arrive
            return Exchange(exchange.what, 409, CONFLICT)
        return exchange

    with proxy(emulator, change) as url:
        upload.store(connected(url), wanted)
    assert conflicts
    assert stored(aws, wanted) == wanted.measured.sha256


def test_what_was_sent_of_an_upload_that_fails_is_taken_back(emulator, aws, connected, wanted):
    def change(exchange):
        refused = exchange.what.startswith("PUT ") and "partNumber=1" not in exchange.what
        return Exchange(exchange.what, 403, DENIED) if refused else exchange

    with proxy(emulator, change) as url, pytest.raises(AwsError, match="uploading s3://"):
        upload.store(connected(url), wanted)
    assert open_uploads(aws, wanted) == []


def test_every_call_expects_the_bucket_to_be_ours(emulator, connected, wanted, tmp_path):
    recorder = Recorder()
    with proxy(emulator, recorder) as url:
        kit = connected(url)
        upload.store(kit, wanted)
        upload.store(kit, wanted)
        uri = f"s3://{wanted.bucket}/{wanted.key}"
        assert [item.key for item in list_objects(kit, uri, kit.account)] == [wanted.key]
        download(kit, uri, tmp_path / "fetched")
    calls = [e for e in recorder.exchanges if f"/{wanted.bucket}" in e.what]
    assert len(calls) >= 5
    for exchange in calls:
        assert b"x-amz-expected-bucket-owner: 123456789012" in exchange.sent.lower()


@pytest.fixture
def ready(ready):
    write_function(ready, SAVE)
    return ready


def test_a_file_that_vanishes_after_it_was_measured_is_named(emulator, connected, wanted):
    wanted.body.unlink()
    with pytest.raises(InputError, match=r"data\.bin cannot be read: No such file"):
        upload.store(connected(emulator), wanted)


def test_a_file_that_changes_under_a_run_trains_nothing(ready, aws):
    file = ready.root / "data/training/iris.csv"

    def change(exchange):
        if exchange.what.startswith("HEAD "):  # does the bucket exist?
            file.write_bytes(file.read_bytes() + b"5.1,3.5,1.4,0.2,setosa\n")
        return exchange

    with proxy(ready.url, change) as url:
        result = ready.run("train", AWS_ENDPOINT_URL=url)
    assert result.code == 2
    assert "iris.csv changed during this run" in result.annotations[0]
    assert jobs(aws, ready) == {}
    ready.succeed("train")


@pytest.mark.parametrize("name", ["code.tar.gz", "more.csv", "folder/"])
def test_what_lies_beside_or_instead_of_the_code_stops_the_run(ready, aws, name):
    ready.succeed("train")
    write_function(ready, "disp('other');", SAVE)
    placed = []

    def change(exchange):
        if "list-type=2" in exchange.what and "prefix=code" in exchange.what and not placed:
            prefix = exchange.what.partition("prefix=")[2].partition("&")[0].replace("%2F", "/")
            bucket = exchange.what.partition(" /")[2].partition("?")[0]
            placed.append({"Bucket": bucket, "Key": prefix + name})
            aws("s3").put_object(**placed[0], Body=b"other", IfNoneMatch="*")
            return Exchange(exchange.what, 503, b"")  # it asks again
        return exchange

    with proxy(ready.url, change) as url:
        result = ready.run("train", AWS_ENDPOINT_URL=url)
    assert result.code == 4
    assert placed[0]["Key"] in result.annotations[0]
    assert len(jobs(aws, ready)) == 1
    aws("s3").delete_object(**placed[0])
    ready.succeed("train")
