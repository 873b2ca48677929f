"""An image gets its tag only in a format that SageMaker accepts, whatever Docker pushed."""

import dataclasses
import hashlib
import json
import time
import uuid

import pytest

from helpers.aws import own_images
from helpers.kit import verb_runs
from matlab_sagemaker.aws import ecr, ecr_images, manifests, session
from matlab_sagemaker.errors import DeniedError, ImageError

NAME = "matlab-sagemaker/release"
OCI_CONFIG = "application/vnd.oci.image.config.v1+json"


@pytest.fixture(scope="module")
def aws(emulator):
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"AWS_ENDPOINT_URL": emulator, **verb_runs.CREDENTIALS}.items():
            patch.setenv(name, value)
        yield session.connect(None)


def push(aws, word, kind=manifests.OCI_LAYER, manifest_kind=manifests.OCI_MANIFEST):
    """Push an OCI image as an engine with an OCI store does; return its digest."""
    layer = word.encode()
    config = json.dumps({"os": "linux", "architecture": "amd64", **rootfs(layer)}).encode()
    for blob in (layer, config):
        ecr._push_blob(aws, NAME, blob)

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
        imageTag=f"{ecr.UNCHECKED}x",
    )
    return digest(manifest.encode())


def rootfs(layer):
    return {"rootfs": {"type": "layers", "diff_ids": [digest(layer)]}}


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def tags(aws):
    images = aws.ecr.list_images(repositoryName=NAME)["imageIds"]
    return {image["imageTag"] for image in images if "imageTag" in image}


def test_an_oci_image_becomes_one_of_docker_under_its_tag(aws):
    sizes = ecr_images.accept(aws, NAME, push(aws, "layer-a"), "a")
    assert set(sizes.values()) == {len("layer-a")}
    (found,) = aws.ecr.describe_images(repositoryName=NAME, imageIds=[{"imageTag": "a"}])[
        "imageDetails"
    ]
    assert found["imageManifestMediaType"] == manifests.DOCKER_MANIFEST


def test_an_image_that_sagemaker_would_refuse_gets_no_tag(aws):
    pushed = push(aws, "layer-b", kind="application/vnd.oci.image.layer.v1.tar+zstd")
    with pytest.raises(ImageError, match="does not accept images of the type"):
        ecr_images.accept(aws, NAME, pushed, "b")
    assert "b" not in tags(aws)


def test_an_image_for_another_platform_gets_no_tag(aws):
    uri = own(aws, "waits-d", architecture="arm64")
    pushed = ecr.find(aws, (NAME,), uri.rpartition(":")[2]).partition("@")[2]
    with pytest.raises(ImageError, match="linux/arm64"):
        ecr_images.accept(aws, NAME, pushed, "d")
    assert "d" not in tags(aws)


def test_the_image_that_was_pushed_gets_the_tag_whatever_another_run_has_pushed_since(aws):
    first, second = (push(aws, word) for word in ("layer-e", "layer-f"))
    sizes = ecr_images.accept(aws, NAME, first, "e")
    assert sizes == ecr_images.accept(aws, NAME, first, "e"), "and again is as good"
    ecr_images.accept(aws, NAME, second, "f")
    ecr_images.accept(aws, NAME, second, "e")
    e, f = (ecr.find(aws, (NAME,), tag) for tag in "ef")
    assert e != f, "a tag stays where it is"


def test_an_image_that_is_gone_before_it_is_accepted_is_told(aws):
    with pytest.raises(ImageError, match="does not show"):
        ecr_images.accept(aws, NAME, f"sha256:{'0' * 64}", "h")


def test_the_newest_images_of_a_purpose_come_first_and_none_without_its_tag(aws):
    names = [f"matlab-sagemaker/{uuid.uuid4().hex[:8]}" for _ in "ab"]
    for number, tag in enumerate(
        ("training-b", "training-a", "inference-c", "unchecked-training-d")
    ):
        own(aws, tag, repository=names[number % 2])
        time.sleep(1.1)  # ECR's times are in seconds
    newest = ecr.newest(aws, names, "training")
    assert [name.rpartition("/")[2] for name in newest] == [
        f"{names[1].partition('/')[2]}:training-a", f"{names[0].partition('/')[2]}:training-b",
    ]  # fmt: skip
    for number in range(6):
        own(aws, f"training-{number}", repository=names[0])
    assert len(ecr.newest(aws, names, "training")) == 5


def own(aws, tag, repository=NAME, **words):
    """Push a user's own image, and return its URI."""
    return own_images.push(aws.ecr, repository, tag, **words)


def test_an_image_of_the_users_own_is_taken_by_its_digest(aws):
    uri = own(aws, "own")
    taken = ecr_images.require_servable(aws, uri)
    assert taken.startswith(uri.rpartition(":")[0] + "@sha256:")
    assert ecr_images.require_servable(aws, taken) == taken


@pytest.mark.parametrize(
    ("tag", "words", "fix"),
    [
        ("oci", {"kind": manifests.OCI_MANIFEST}, "oci-mediatypes=false"),
        ("arm", {"architecture": "arm64"}, "--platform linux/amd64"),
    ],
)
def test_an_image_that_sagemaker_would_refuse_is_refused_with_the_fix(aws, tag, words, fix):
    with pytest.raises(ImageError, match=fix):
        ecr_images.require_servable(aws, own(aws, tag, **words))


@pytest.mark.parametrize("uri", ["docker.io/library/debian:12", "nowhere", f"x/{NAME}:own"])
def test_an_image_that_is_not_in_this_registry_is_refused(aws, uri):
    with pytest.raises(ImageError, match=f"{uri} is not in ECR"):
        ecr_images.require_servable(aws, uri)


@pytest.mark.parametrize("name", ["absent", f"{NAME}:absent", f"{NAME}@sha256:{'0' * 64}"])
def test_an_image_or_a_repository_that_is_not_there_is_told(aws, name):
    uri = f"{ecr.find_repository(aws, NAME).partition('/')[0]}/{name}"
    with pytest.raises(ImageError, match=f"There is no image {uri}"):
        ecr_images.require_servable(aws, uri)


def test_an_image_of_another_region_is_refused_with_the_reason(aws):
    uri = f"{ecr.find_repository(aws, NAME)}:own".replace(verb_runs.REGION, "us-east-2")
    with pytest.raises(ImageError, match=f"not in ECR of the Region {verb_runs.REGION}"):
        ecr_images.require_servable(aws, uri)


@pytest.fixture
def neighbour(aws):
    """Another account."""
    other = session.connect(None)
    other.session.events.register("before-sign.ecr", own_images.as_neighbour)
    return dataclasses.replace(other, account=own_images.NEIGHBOUR)


def test_an_image_of_another_account_is_taken_where_that_lets_this_one_in(aws, neighbour):
    uri = own(neighbour, "theirs")
    own_images.let_in(neighbour.ecr, NAME, {"AWS": f"arn:aws:iam::{aws.account}:root"})
    taken = ecr_images.require_servable(aws, uri)
    assert taken.startswith(f"{neighbour.account}.dkr.ecr.{aws.region}.amazonaws.com/{NAME}@sha256")
    with pytest.raises(ImageError, match="--platform linux/amd64"):
        ecr_images.require_servable(aws, own(neighbour, "their-arm", architecture="arm64"))


def test_an_image_of_another_account_that_lets_nobody_in_is_told_with_the_fix(aws, neighbour):
    uri = own(neighbour, "only-theirs")
    own_images.let_in(neighbour.ecr, NAME, {"AWS": "arn:aws:iam::111111111111:root"})
    with pytest.raises(DeniedError, match=r"ecr:BatchGetImage .*\n.*set-repository-policy"):
        ecr_images.require_servable(aws, uri)
