"""An image is given its tag only as something that SageMaker takes, whatever Docker pushed."""

import dataclasses
import hashlib
import json
import time
import uuid

import pytest

import harness
import own_images
import ways
from matlab_sagemaker.aws import acceptance, registry, repositories, servable, session
from matlab_sagemaker.errors import DeniedError, ImageError, RegistryError
from matlab_sagemaker.images import manifests

NAME = "matlab-sagemaker/accepted"
OCI_CONFIG = "application/vnd.oci.image.config.v1+json"


@pytest.fixture
def aws(emulator, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator)
    for name, value in harness.CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    connected = session.connect(None)
    repositories.require(connected, NAME)
    return connected


def push(aws, tag, kind=manifests.OCI_LAYER, manifest_kind=manifests.OCI_MANIFEST):
    """Push an OCI image through the registry's API, as an engine does whose store is OCI's."""
    layer = tag.encode()
    config = json.dumps({"os": "linux", "architecture": "amd64", **rootfs(layer)}).encode()
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


def rootfs(layer):
    return {"rootfs": {"type": "layers", "diff_ids": [digest(layer)]}}


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def tags(aws):
    images = aws.ecr.list_images(repositoryName=NAME)["imageIds"]
    return {image["imageTag"] for image in images if "imageTag" in image}


def test_an_oci_image_becomes_one_of_docker_under_its_tag(aws):
    push(aws, "unchecked-a-00000001")
    sizes = acceptance.accept(aws, NAME, "unchecked-a-00000001", "a")
    assert set(sizes.values()) == {len("unchecked-a-00000001")}
    (found,) = aws.ecr.describe_images(repositoryName=NAME, imageIds=[{"imageTag": "a"}])[
        "imageDetails"
    ]
    assert found["imageManifestMediaType"] == manifests.DOCKER_MANIFEST
    assert tags(aws) >= {"a"}
    assert "unchecked-a-00000001" not in tags(aws)


def test_an_image_that_sagemaker_would_refuse_gets_no_tag(aws):
    push(aws, "unchecked-b-00000001", kind="application/vnd.oci.image.layer.v1.tar+zstd")
    with pytest.raises(ImageError, match="takes no image of the kind"):
        acceptance.accept(aws, NAME, "unchecked-b-00000001", "b")
    assert "b" not in tags(aws)


def test_an_image_for_another_platform_gets_no_tag(aws):
    own(aws, "unchecked-d-00000001", architecture="arm64")
    with pytest.raises(ImageError, match="linux/arm64"):
        acceptance.accept(aws, NAME, "unchecked-d-00000001", "d")
    assert "d" not in tags(aws)
    acceptance.discard(aws, NAME, "unchecked-d-00000001")
    assert "unchecked-d-00000001" not in tags(aws)


def test_a_run_that_was_killed_before_the_check_does_not_count_as_done(aws):
    push(aws, "unchecked-c-00000001")
    assert registry.find(aws, NAME, "c") is None
    push(aws, "unchecked-c-00000002")
    acceptance.accept(aws, NAME, "unchecked-c-00000002", "c")
    assert registry.find(aws, NAME, "c").uri.partition("@")[2].startswith("sha256:")


def test_what_killed_runs_left_waiting_goes_when_the_image_has_its_tag(aws):
    for name in ("e-00000001", "e-00000002", "f-00000003"):
        push(aws, f"unchecked-{name}")
    acceptance.accept(aws, NAME, "unchecked-e-00000002", "e")
    assert tags(aws) >= {"e", "unchecked-f-00000003"}
    assert not [tag for tag in tags(aws) if tag.startswith("unchecked-e-")]


def test_what_killed_runs_of_other_images_left_waiting_goes_after_a_day(aws, emulator, monkeypatch):
    """A run beside this one has not waited for so long."""
    for name in ("i-00000001", "j-00000002", "k-00000003"):
        push(aws, f"unchecked-{name}")

    def aged(exchange):
        if not exchange.what.endswith("DescribeImages"):
            return exchange
        answer = json.loads(exchange.body)
        for image in answer["imageDetails"]:
            if image["imageTags"] == ["unchecked-j-00000002"]:
                image["imagePushedAt"] -= 25 * 60 * 60
        return ways.Exchange(exchange.what, 200, json.dumps(answer).encode(), exchange.headers)

    with ways.way(emulator, aged) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        acceptance.accept(session.connect(None), NAME, "unchecked-i-00000001", "i")
    assert "unchecked-j-00000002" not in tags(aws)
    assert tags(aws) >= {"i", "unchecked-k-00000003"}


@pytest.mark.parametrize("failure", [KeyboardInterrupt, RegistryError])
def test_what_fails_or_is_cancelled_leaves_nothing_waiting(aws, failure):
    waiting = "unchecked-l-00000001"
    push(aws, waiting)
    with pytest.raises(failure), acceptance.discarding(aws, NAME, waiting):
        raise failure("as it happens")
    assert waiting not in tags(aws)


def test_what_cannot_be_taken_away_does_not_hide_the_failure(aws, emulator, monkeypatch):
    with ways.way(emulator, ways.Refuser("BatchDeleteImage", 400, ways.DENIED)) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        connected = session.connect(None)
        words = (connected, NAME, "unchecked-m-00000001")
        with pytest.raises(RegistryError, match="whole"), acceptance.discarding(*words):
            raise RegistryError("Not pushed whole.")


def test_two_runs_beside_each_other_are_not_in_each_others_way(aws):
    for number in (1, 2):
        push(aws, f"unchecked-g-0000000{number}")
    sizes = acceptance.accept(aws, NAME, "unchecked-g-00000001", "g")
    first = registry.find(aws, NAME, "g")
    assert acceptance.accept(aws, NAME, "unchecked-g-00000002", "g") == sizes
    assert registry.find(aws, NAME, "g") == first


def test_an_image_that_is_gone_before_anybody_accepted_it_is_told(aws):
    with pytest.raises(ImageError, match="does not show"):
        acceptance.accept(aws, NAME, "unchecked-h-00000001", "h")


@pytest.mark.parametrize(
    ("name", "mutability", "policy", "words"),
    [
        ("theirs/", "MUTABLE", "{}", "its tags are mutable"),
        ("theirs/", "IMMUTABLE", "", "no lifecycle policy"),
        ("theirs/", "MUTABLE", "", "replaced under its name; it has no lifecycle policy"),
        ("matlab-sagemaker/", "MUTABLE", "", "it has no lifecycle policy"),
    ],
)
def test_what_somebody_elses_repository_lacks_is_told(aws, name, mutability, policy, words):
    """The kit makes none with mutable tags, whatever its name is."""
    name += uuid.uuid4().hex[:8]
    aws.ecr.create_repository(repositoryName=name, imageTagMutability=mutability)
    if policy:
        aws.ecr.put_lifecycle_policy(
            repositoryName=name, lifecyclePolicyText=repositories._UNTAGGED_GO
        )
    repositories.require(aws, name)
    told = repositories.tend(aws, name)
    assert words in told
    assert "\n" not in told
    (found,) = aws.ecr.describe_repositories(repositoryNames=[name])["repositories"]
    assert found["imageTagMutability"] == mutability
    assert bool(rules(aws, name)) == bool(policy)


def rules(aws, name):
    """Give the rules of a repository's lifecycle policy."""
    try:
        policy = aws.ecr.get_lifecycle_policy(repositoryName=name)["lifecyclePolicyText"]
    except aws.ecr.exceptions.LifecyclePolicyNotFoundException:
        return []
    return json.loads(policy)["rules"]


def test_a_repository_of_the_kit_lacks_nothing(aws):
    assert repositories.tend(aws, NAME) == ""


def test_no_rule_removes_an_image_that_has_a_tag(aws):
    """What is in use has the tag of its content."""
    assert [rule["selection"]["tagStatus"] for rule in rules(aws, NAME)] == ["untagged"]


def unfinished(aws):
    """Make a repository as a run leaves it that is killed before it puts the policy."""
    name = f"matlab-sagemaker/{uuid.uuid4().hex[:8]}"
    aws.ecr.create_repository(repositoryName=name, imageTagMutability="IMMUTABLE")
    return name


def test_a_repository_that_a_killed_run_left_without_its_policy_gets_it(aws):
    name = unfinished(aws)
    assert repositories.tend(aws, name) == ""
    assert rules(aws, name) == rules(aws, NAME)


def test_who_may_not_put_the_policy_is_told_that_there_is_none(aws, emulator, monkeypatch):
    name = unfinished(aws)
    with ways.way(emulator, ways.Refuser("PutLifecyclePolicy", 400, ways.DENIED)) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        assert "no lifecycle policy" in repositories.tend(session.connect(None), name)


def test_the_newest_images_of_an_engine_come_first_and_none_that_waits(aws):
    name = unfinished(aws)
    for tag in ("octave-b", "octave-a", "matlab-c", "unchecked-octave-d-00000001"):
        own(aws, tag, repository=name)
        time.sleep(1.1)  # ECR tells the time in seconds
    assert registry.newest(aws, name, "octave") == ["octave-a", "octave-b"]
    for number in range(6):
        own(aws, f"octave-{number}", repository=name)
    assert len(registry.newest(aws, name, "octave")) == 5


def own(aws, tag, repository=NAME, **words):
    """Push an image that a user has made, and return its URI."""
    return own_images.push(aws.ecr, repository, tag, **words)


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
    with pytest.raises(ImageError, match=f"{uri} is not in ECR"):
        servable.require_servable(aws, uri)


@pytest.mark.parametrize("name", ["absent", f"{NAME}:absent", f"{NAME}@sha256:{'0' * 64}"])
def test_an_image_or_a_repository_that_is_not_there_is_told(aws, name):
    uri = f"{repositories.find(aws, NAME).partition('/')[0]}/{name}"
    with pytest.raises(ImageError, match=f"There is no image {uri}"):
        servable.require_servable(aws, uri)


def test_an_image_of_another_region_is_refused_with_the_reason(aws):
    uri = f"{repositories.find(aws, NAME)}:own".replace(harness.REGION, "us-east-2")
    with pytest.raises(ImageError, match=f"not in ECR of the Region {harness.REGION}"):
        servable.require_servable(aws, uri)


@pytest.fixture
def neighbour(aws):
    """Another account."""
    other = session.connect(None)
    other.session.events.register("before-sign.ecr", own_images.as_neighbour)
    return dataclasses.replace(other, account=own_images.NEIGHBOUR)


def test_an_image_of_another_account_is_taken_where_that_lets_this_one_in(aws, neighbour):
    uri = own(neighbour, "theirs")
    own_images.let_in(neighbour.ecr, NAME, {"AWS": f"arn:aws:iam::{aws.account}:root"})
    taken = servable.require_servable(aws, uri).uri
    assert taken.startswith(f"{neighbour.account}.dkr.ecr.{aws.region}.amazonaws.com/{NAME}@sha256")
    with pytest.raises(ImageError, match="--platform linux/amd64"):
        servable.require_servable(aws, own(neighbour, "their-arm", architecture="arm64"))


def test_an_image_of_another_account_that_lets_nobody_in_is_told_with_the_fix(aws, neighbour):
    uri = own(neighbour, "theirs-alone")
    own_images.let_in(neighbour.ecr, NAME, {"AWS": "arn:aws:iam::111111111111:root"})
    with pytest.raises(DeniedError, match=r"ecr:BatchGetImage .*\n.*set-repository-policy"):
        servable.require_servable(aws, uri)
