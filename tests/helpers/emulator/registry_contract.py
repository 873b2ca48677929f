"""What ECR's calls do, whether a folder or a real registry stores the bytes."""

from __future__ import annotations

import gzip
import hashlib
import json

import pytest
from botocore.exceptions import ClientError

from helpers.emulator.clients import MANIFEST


def digest_of(data):
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def code(caught):
    return caught.value.response["Error"]["Code"]


@pytest.fixture
def repository(aws):
    return aws.repository()


@pytest.fixture
def put(aws, repository):
    def image(text, **words):
        return aws.ecr.put_image(repositoryName=repository, imageManifest=text, **words)["image"]

    return image


def test_an_image_has_the_digest_of_its_manifest(aws, repository, put):
    text = aws.manifest(repository, {"run": "x"})
    image = put(text, imageTag="v1")
    assert image["imageId"]["imageDigest"] == digest_of(text.encode())
    answer = aws.ecr.batch_get_image(repositoryName=repository, imageIds=[{"imageTag": "v1"}])
    assert answer["images"][0]["imageManifest"] == text
    assert answer["images"][0]["imageManifestMediaType"] == MANIFEST


def test_describe_images_gives_media_type_tags_and_size(aws, repository, put):
    text = aws.manifest(repository, {"run": "x" * 5000})
    put(text, imageTag="v1")
    put(text, imageTag="v2")
    (detail,) = aws.ecr.describe_images(repositoryName=repository)["imageDetails"]
    manifest = json.loads(text)
    assert detail["imageManifestMediaType"] == MANIFEST
    assert detail["imageTags"] == ["v1", "v2"]
    sizes = [manifest["config"]["size"], *(layer["size"] for layer in manifest["layers"])]
    assert detail["imageSizeInBytes"] == sum(sizes)


def test_a_blob_of_several_parts_is_whole(aws, repository):
    data = gzip.compress(bytes(range(256)) * 400)
    upload = aws.ecr.initiate_layer_upload(repositoryName=repository)["uploadId"]
    for first in range(0, len(data), 300):
        part = data[first : first + 300]
        answer = aws.ecr.upload_layer_part(
            repositoryName=repository,
            uploadId=upload,
            partFirstByte=first,
            partLastByte=first + len(part) - 1,
            layerPartBlob=part,
        )
        assert answer["lastByteReceived"] == first + len(part) - 1
    done = aws.ecr.complete_layer_upload(
        repositoryName=repository, uploadId=upload, layerDigests=[digest_of(data)]
    )
    assert done["layerDigest"] == digest_of(data)
    found = aws.ecr.batch_check_layer_availability(
        repositoryName=repository, layerDigests=[digest_of(data)]
    )
    assert found["layers"][0]["layerSize"] == len(data)


@pytest.mark.parametrize(("first", "last"), [(1, 3), (0, 5)])
def test_a_part_that_does_not_fit_is_refused(aws, repository, first, last):
    upload = aws.ecr.initiate_layer_upload(repositoryName=repository)["uploadId"]
    with pytest.raises(aws.ecr.exceptions.InvalidLayerPartException):
        aws.ecr.upload_layer_part(
            repositoryName=repository,
            uploadId=upload,
            partFirstByte=first,
            partLastByte=last,
            layerPartBlob=b"abc",
        )


def uploaded(aws, repository, data, digest):
    upload = aws.ecr.initiate_layer_upload(repositoryName=repository)["uploadId"]
    if data:
        part = {"partFirstByte": 0, "partLastByte": len(data) - 1, "layerPartBlob": data}
        aws.ecr.upload_layer_part(repositoryName=repository, uploadId=upload, **part)
    aws.ecr.complete_layer_upload(repositoryName=repository, uploadId=upload, layerDigests=[digest])


@pytest.mark.parametrize(
    ("data", "digest", "refusal"),
    [
        (b"abc", digest_of(b"other"), "InvalidLayerException"),
        (b"", digest_of(b""), "EmptyUploadException"),
    ],
)
def test_a_blob_that_is_not_what_was_promised_is_refused(aws, repository, data, digest, refusal):
    with pytest.raises(ClientError) as caught:
        uploaded(aws, repository, data, digest)
    assert code(caught) == refusal


def test_a_blob_that_is_there_is_told_so(aws, repository):
    uploaded(aws, repository, b"abc", digest_of(b"abc"))
    with pytest.raises(aws.ecr.exceptions.LayerAlreadyExistsException):
        uploaded(aws, repository, b"abc", digest_of(b"abc"))


def test_an_upload_that_nobody_began_is_not_found(aws, repository):
    with pytest.raises(aws.ecr.exceptions.UploadNotFoundException):
        aws.ecr.complete_layer_upload(
            repositoryName=repository, uploadId="x" * 36, layerDigests=[digest_of(b"")]
        )


def test_a_manifest_without_its_blobs_is_refused(aws, repository, put):
    elsewhere = aws.repository()
    text = aws.manifest(elsewhere, {"run": "x"})
    with pytest.raises(aws.ecr.exceptions.LayersNotFoundException):
        put(text, imageTag="v1")
    assert aws.ecr.describe_images(repositoryName=repository)["imageDetails"] == []


def test_the_same_image_and_tag_again_is_told_so(aws, repository, put):
    text = aws.manifest(repository, {"run": "x"})
    put(text, imageTag="v1")
    with pytest.raises(aws.ecr.exceptions.ImageAlreadyExistsException):
        put(text, imageTag="v1")
    with pytest.raises(aws.ecr.exceptions.ImageAlreadyExistsException):
        put(text)


def test_a_mutable_tag_moves_and_the_old_image_stays(aws, repository, put):
    old, new = (aws.manifest(repository, {"run": word}) for word in "ab")
    put(old, imageTag="v1")
    put(new, imageTag="v1")
    details = aws.ecr.describe_images(repositoryName=repository)["imageDetails"]
    tags = {detail["imageDigest"]: detail.get("imageTags", []) for detail in details}
    assert tags == {digest_of(old.encode()): [], digest_of(new.encode()): ["v1"]}


def test_an_immutable_tag_does_not_move(aws):
    repository = aws.repository(imageTagMutability="IMMUTABLE")
    old, new = (aws.manifest(repository, {"run": word}) for word in "ab")
    aws.ecr.put_image(repositoryName=repository, imageManifest=old, imageTag="v1")
    with pytest.raises(aws.ecr.exceptions.ImageTagAlreadyExistsException):
        aws.ecr.put_image(repositoryName=repository, imageManifest=new, imageTag="v1")
    aws.ecr.put_image(repositoryName=repository, imageManifest=new, imageTag="v2")
    found = aws.ecr.describe_images(repositoryName=repository, imageIds=[{"imageTag": "v1"}])
    assert found["imageDetails"][0]["imageDigest"] == digest_of(old.encode())


def test_an_excluded_tag_of_an_immutable_repository_moves(aws):
    repository = aws.repository(
        imageTagMutability="IMMUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters=[{"filterType": "WILDCARD", "filter": "latest*"}],
    )
    for word in "ab":
        text = aws.manifest(repository, {"run": word})
        aws.ecr.put_image(repositoryName=repository, imageManifest=text, imageTag="latest-x")
    found = aws.ecr.describe_images(repositoryName=repository, imageIds=[{"imageTag": "latest-x"}])
    assert found["imageDetails"][0]["imageDigest"] == digest_of(text.encode())


@pytest.mark.parametrize("text", ["{", "[]"])
def test_a_manifest_that_is_none_is_refused(aws, put, text):
    with pytest.raises(aws.ecr.exceptions.InvalidParameterException):
        put(text, imageManifestMediaType=MANIFEST)


def test_a_digest_that_is_not_the_manifests_is_refused(aws, repository, put):
    text = aws.manifest(repository, {"run": "x"})
    with pytest.raises(aws.ecr.exceptions.ImageDigestDoesNotMatchException):
        put(text, imageDigest=digest_of(b"other"))


def test_an_image_that_is_not_there_is_a_failure_not_an_error(aws, repository):
    answer = aws.ecr.batch_get_image(repositoryName=repository, imageIds=[{"imageTag": "no"}])
    assert answer["images"] == []
    assert answer["failures"][0]["failureCode"] == "ImageNotFound"
    with pytest.raises(aws.ecr.exceptions.ImageNotFoundException):
        aws.ecr.describe_images(repositoryName=repository, imageIds=[{"imageTag": "no"}])
