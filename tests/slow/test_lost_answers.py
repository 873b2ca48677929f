"""Folder images and uploads when AWS's answers are lost, each in turn."""

import hashlib
import json
import uuid

import pytest

from helpers.aws.fault_proxy import Exchange, proxy
from helpers.kit import verb_runs
from matlab_sagemaker import digest
from matlab_sagemaker.aws import ecr, manifests, upload
from matlab_sagemaker.aws.s3 import Upload

pytestmark = pytest.mark.slow

NAME = "matlab-sagemaker/release"


class LoserAt:
    """Loses the answer to the request of a given number."""

    def __init__(self, number):
        self.number, self.seen = number, 0

    def __call__(self, exchange):
        self.seen += 1
        return None if self.seen == self.number else exchange


def lose_each(emulator, connected, work):
    """Run `work(kit, mark)` once for each of its requests, and lose the answer to that one."""
    for number in range(1, 100):
        loser = LoserAt(number)
        with proxy(emulator, loser) as url:
            kit = connected(url)
            loser.seen = 0  # of signing in
            work(kit, f"{number}-{uuid.uuid4().hex}")
        if loser.seen < number:
            return number - 1
    raise AssertionError("it does not end")


def test_a_folder_image_is_pushed_whichever_answer_is_lost(emulator, connected):
    def push(kit, mark):
        layer, config = f"layer {mark}".encode(), f"config {mark}".encode()
        manifest = json.dumps(
            {"schemaVersion": 2, "mediaType": manifests.DOCKER_MANIFEST, "mark": mark}
        )
        pushed = ecr.push_blobs(kit, NAME, (layer, config), manifest)
        found = kit.ecr.batch_get_image(repositoryName=NAME, imageIds=[{"imageDigest": pushed}])
        assert found["images"][0]["imageManifest"] == manifest

    assert lose_each(emulator, connected, push) >= 7


@pytest.mark.parametrize("size", [8, upload.PART + 5], ids=["whole", "in parts"])
def test_an_object_is_stored_whichever_answer_is_lost(emulator, aws, connected, tmp_path, size):
    bucket = f"lost-{uuid.uuid4().hex[:8]}"
    place = {"LocationConstraint": verb_runs.REGION}
    aws("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=place)

    def store(kit, mark):
        file = tmp_path / "data.bin"
        with file.open("wb") as content:
            content.write(mark.encode()[:8])
            content.truncate(size)
        measured = digest.measure({"": file})[""]
        upload.store(kit, Upload(bucket=bucket, key=mark, body=file, measured=measured))
        stored = aws("s3").get_object(Bucket=bucket, Key=mark)["Body"].read()
        assert hashlib.sha256(stored).hexdigest() == measured.sha256

    assert lose_each(emulator, connected, store) >= (4 if size > upload.PART else 1)


GONE = b"<Error><Code>NoSuchUpload</Code><Message>It does not exist.</Message></Error>"


def test_an_upload_that_s3_has_completed_and_forgotten_is_known_by_its_object(
    emulator, aws, connected, tmp_path
):
    """S3 may answer the second request to complete it with: no such upload."""
    bucket, file = f"lost-{uuid.uuid4().hex[:8]}", tmp_path / "data.bin"
    place = {"LocationConstraint": verb_runs.REGION}
    aws("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=place)
    with file.open("wb") as content:
        content.truncate(upload.PART + 5)
    wanted = Upload(bucket=bucket, key="key", body=file, measured=digest.measure({"": file})[""])

    def change(exchange):
        completes = exchange.what.startswith("POST ") and "uploadId=" in exchange.what
        return Exchange(exchange.what, 404, GONE) if completes else exchange

    with proxy(emulator, change) as url:
        upload.store(connected(url), wanted)
