"""An image is given its tag only as something that SageMaker takes, whatever Docker pushed."""

import hashlib
import json

import pytest

import harness
from matlab_sagemaker.aws import registry, servable, session
from matlab_sagemaker.errors import ImageError
from matlab_sagemaker.images import manifests

NAME = "matlab-sagemaker/accepted"
OCI_CONFIG = "application/vnd.oci.image.config.v1+json"


@pytest.fixture
def aws(emulator, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator)
    for name, value in harness.CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    connected = session.connect(None)
    registry.require_repository(connected, NAME)
    return connected


def push(aws, tag, kind=manifests.OCI_LAYER, manifest_kind=manifests.OCI_MANIFEST):
    """Push an OCI image through the registry's API, as an engine does whose store is OCI's."""
    layer, config = (
        tag.encode(),
        json.dumps({"tag": tag, "os": "linux", "architecture": "amd64"}).encode(),
    )
    for blob in (layer, config):
        registry._push_blob(aws, NAME, blob)

    def part(blob, media_type):
        return {"mediaType": media_type, "size": len(blob), "digest": digest(blob)}

    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": manifest_kind,
            "config": part(config, OCI_CONFIG),
            "layers": [part(layer, kind)],
        }
    )
    aws.ecr.put_image(
        repositoryName=NAME,
        imageManifest=manifest,
        imageManifestMediaType=manifest_kind,
        imageTag=tag,
    )


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def tags(aws):
    images = aws.ecr.list_images(repositoryName=NAME)["imageIds"]
    return {image["imageTag"] for image in images if "imageTag" in image}


def test_an_oci_image_becomes_one_of_docker_under_its_tag(aws):
    push(aws, "unchecked-a")
    registry.accept(aws, NAME, "unchecked-a", "a")
    (found,) = aws.ecr.describe_images(repositoryName=NAME, imageIds=[{"imageTag": "a"}])[
        "imageDetails"
    ]
    assert found["imageManifestMediaType"] == manifests.DOCKER_MANIFEST
    assert tags(aws) >= {"a"}
    assert "unchecked-a" not in tags(aws)


def test_an_image_that_sagemaker_would_refuse_gets_no_tag(aws):
    push(aws, "unchecked-b", kind="application/vnd.oci.image.layer.v1.tar+zstd")
    with pytest.raises(ImageError, match="takes no image of the kind"):
        registry.accept(aws, NAME, "unchecked-b", "b")
    assert "b" not in tags(aws)


def test_an_image_for_another_platform_gets_no_tag(aws):
    own(aws, "unchecked-d", architecture="arm64")
    with pytest.raises(ImageError, match="linux/arm64"):
        registry.accept(aws, NAME, "unchecked-d", "d")
    assert "d" not in tags(aws)
    registry.discard(aws, NAME, "unchecked-d")
    assert "unchecked-d" not in tags(aws)


def test_a_run_that_was_killed_before_the_check_does_not_count_as_done(aws):
    push(aws, "unchecked-c-1")
    assert registry.find(aws, NAME, "c") is None
    push(aws, "unchecked-c-2")
    registry.accept(aws, NAME, "unchecked-c-2", "c")
    assert registry.find(aws, NAME, "c").uri.partition("@")[2].startswith("sha256:")


def own(aws, tag, architecture="amd64", kind=manifests.DOCKER_MANIFEST):
    """Push an image that a user has made, and return its URI."""
    config = json.dumps({"os": "linux", "architecture": architecture, "tag": tag}).encode()
    registry._push_blob(aws, NAME, tag.encode())
    registry._push_blob(aws, NAME, config)
    manifest = {
        "schemaVersion": 2,
        "mediaType": kind,
        "config": {"mediaType": OCI_CONFIG, "size": len(config), "digest": digest(config)},
        "layers": [
            {"mediaType": manifests.DOCKER_LAYER, "size": len(tag), "digest": digest(tag.encode())}
        ],
    }
    aws.ecr.put_image(
        repositoryName=NAME,
        imageManifest=json.dumps(manifest),
        imageManifestMediaType=kind,
        imageTag=tag,
    )
    return f"{registry.find_repository(aws, NAME)}:{tag}"


def test_an_image_of_the_users_own_is_taken_by_its_digest(aws):
    uri = own(aws, "own")
    taken = servable.require_servable(aws, uri).uri
    assert taken.startswith(uri.rpartition(":")[0] + "@sha256:")
    assert servable.require_servable(aws, taken).uri == taken


@pytest.mark.parametrize(
    ("tag", "words", "fix"),
    [
        ("oci", {"kind": manifests.OCI_MANIFEST}, "oci-mediatypes=false"),
        ("arm", {"architecture": "arm64"}, "--platform linux/amd64"),
    ],
)
def test_an_image_that_sagemaker_would_refuse_is_refused_with_the_fix(aws, tag, words, fix):
    with pytest.raises(ImageError, match=fix):
        servable.require_servable(aws, own(aws, tag, **words))


@pytest.mark.parametrize("uri", ["docker.io/library/debian:12", "nowhere", f"x/{NAME}:own"])
def test_an_image_that_is_not_in_this_registry_is_refused(aws, uri):
    with pytest.raises(ImageError, match="no image"):
        servable.require_servable(aws, uri)
