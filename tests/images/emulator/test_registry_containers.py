"""ECR in front of a real registry: pushes by Docker and by ECR's calls give the same."""

from __future__ import annotations

import gzip
import hashlib
import json

import pytest
from botocore.exceptions import ClientError
from docker.errors import APIError, NotFound

from helpers.emulator.clients import DOCKER, MANIFEST, archive
from images.emulated_docker import SERVING, TRAINING, PushError, login, push


def ids(aws, repository, **words):
    listed = aws.ecr.list_images(repositoryName=repository, **words)["imageIds"]
    return {(entry["imageDigest"], entry.get("imageTag")) for entry in listed}


def manifest_of(aws, repository, tag):
    """Return a manifest's text and media type."""
    answer = aws.ecr.batch_get_image(repositoryName=repository, imageIds=[{"imageTag": tag}])
    (image,) = answer["images"]
    return image["imageManifest"], image["imageManifestMediaType"]


def digest_of(text):
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def whole_manifest(aws, repository, files):
    """Upload an image that Docker itself can unpack, and give its manifest."""
    manifest = json.loads(aws.manifest(repository, files))
    plain = hashlib.sha256(gzip.decompress(archive(files))).hexdigest()
    config = {"architecture": "amd64", "os": "linux", "config": {"Entrypoint": ["/run"]}}
    rootfs = {"type": "layers", "diff_ids": [f"sha256:{plain}"]}
    blob = json.dumps({**config, "rootfs": rootfs}).encode()
    described = {"size": len(blob), "digest": aws.blob(repository, blob)}
    return json.dumps({**manifest, "config": {**manifest["config"], **described}})


@pytest.fixture
def repository(aws):
    return aws.repository()


def test_ecr_tells_where_docker_logs_in_and_pushes(aws, client, repository):
    (data,) = aws.ecr.get_authorization_token()["authorizationData"]
    (found,) = aws.ecr.describe_repositories(repositoryNames=[repository])["repositories"]
    assert data["proxyEndpoint"].startswith("http://127.0.0.1:")
    assert found["repositoryUri"] == f"{data['proxyEndpoint'].removeprefix('http://')}/{repository}"
    assert client.login(**login(aws), registry=data["proxyEndpoint"], reauth=True)


def test_a_wrong_password_is_refused(aws, client, repository):
    wrong = {**login(aws), "password": "wrong"}
    (data,) = aws.ecr.get_authorization_token()["authorizationData"]
    with pytest.raises(APIError, match=r"401|nauthorized"):
        client.login(**wrong, registry=data["proxyEndpoint"], reauth=True)
    with pytest.raises(PushError, match=r"no basic auth|unauthorized|denied"):
        push(client, aws, TRAINING, repository=repository, auth=wrong)
    assert ids(aws, repository) == set()


def test_what_docker_pushed_is_described_by_ecr(aws, client, repository):
    uri = push(client, aws, TRAINING, "v1", repository=repository)
    push(client, aws, TRAINING, "v2", repository=repository)
    (detail,) = aws.ecr.describe_images(repositoryName=repository)["imageDetails"]
    text, media_type = manifest_of(aws, repository, "v1")
    layers = [layer["size"] for layer in json.loads(text)["layers"]]
    assert uri.endswith(detail["imageDigest"])
    assert digest_of(text) == detail["imageDigest"]
    assert media_type == detail["imageManifestMediaType"] == MANIFEST
    assert sorted(detail["imageTags"]) == ["v1", "v2"]
    assert detail["imageSizeInBytes"] >= sum(layers)


def test_a_tag_that_moves_leaves_its_image_untagged(aws, client, repository):
    old = push(client, aws, TRAINING, repository=repository).partition("@")[2]
    new = push(client, aws, SERVING, repository=repository).partition("@")[2]
    assert ids(aws, repository, filter={"tagStatus": "UNTAGGED"}) == {(old, None)}
    assert ids(aws, repository, filter={"tagStatus": "TAGGED"}) == {(new, "v1")}


def test_what_ecrs_calls_pushed_is_pulled_by_docker(aws, client, repository):
    text = whole_manifest(aws, repository, {"run": "x"})
    aws.ecr.put_image(repositoryName=repository, imageManifest=text, imageTag="v1")
    (found,) = aws.ecr.describe_repositories(repositoryNames=[repository])["repositories"]
    pulled = client.images.pull(found["repositoryUri"], "v1", auth_config=login(aws))
    assert pulled.attrs["RepoDigests"] == [f"{found['repositoryUri']}@{digest_of(text)}"]
    client.images.remove(f"{found['repositoryUri']}:v1")


def test_layers_that_docker_pushed_need_not_be_pushed_again(aws, client, repository):
    push(client, aws, TRAINING, repository=repository)
    layer = json.loads(manifest_of(aws, repository, "v1")[0])["layers"][0]
    answer = aws.ecr.batch_check_layer_availability(
        repositoryName=repository, layerDigests=[layer["digest"]]
    )
    assert answer["layers"][0]["layerSize"] == layer["size"]


def test_a_tag_that_docker_pushed_is_immutable_for_ecr(aws, client):
    repository = aws.repository(imageTagMutability="IMMUTABLE")
    push(client, aws, TRAINING, repository=repository)
    text = aws.manifest(repository, {"run": "x"})
    with pytest.raises(aws.ecr.exceptions.ImageTagAlreadyExistsException):
        aws.ecr.put_image(repositoryName=repository, imageManifest=text, imageTag="v1")
    assert manifest_of(aws, repository, "v1")[0] != text


def test_a_deleted_tag_leaves_the_image_to_its_other_tag(aws, client, repository):
    digest = push(client, aws, TRAINING, "v1", repository=repository).partition("@")[2]
    push(client, aws, TRAINING, "v2", repository=repository)
    aws.ecr.batch_delete_image(repositoryName=repository, imageIds=[{"imageTag": "v1"}])
    assert ids(aws, repository) == {(digest, "v2")}


def test_a_deleted_image_cannot_be_pulled_any_more(aws, client, repository):
    uri, _, digest = push(client, aws, TRAINING, repository=repository).partition("@")
    aws.ecr.batch_delete_image(repositoryName=repository, imageIds=[{"imageDigest": digest}])
    assert ids(aws, repository) == set()
    with pytest.raises(NotFound):
        client.images.pull(uri, "v1", auth_config=login(aws))


def test_a_repository_of_a_deleted_ones_name_is_empty(aws, client, repository):
    push(client, aws, TRAINING, repository=repository)
    with pytest.raises(aws.ecr.exceptions.RepositoryNotEmptyException):
        aws.ecr.delete_repository(repositoryName=repository)
    aws.ecr.delete_repository(repositoryName=repository, force=True)
    aws.ecr.create_repository(repositoryName=repository)
    assert ids(aws, repository) == set()


def test_an_image_of_another_architecture_makes_no_model(aws, client, docker, tmp_path):
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY Dockerfile /\n")
    name = f"{TRAINING}-arm64"
    plain = ("--provenance=false", "--sbom=false", "--load", "--tag", name)
    docker.docker("buildx", "build", "--platform", "linux/arm64", *plain, tmp_path)
    uri = push(client, aws, name)
    client.images.remove(name)
    with pytest.raises(ClientError, match=r"architecture arm64.*--platform linux/amd64"):
        model(aws, uri)


def test_an_oci_manifest_makes_no_model(aws, client, repository):
    push(client, aws, TRAINING, repository=repository)
    text = manifest_of(aws, repository, "v1")[0]
    for docker_type, oci in (
        ("distribution.manifest.v2", "image.manifest.v1"),
        ("container.image.v1", "image.config.v1"),
        ("image.rootfs.diff.tar.gzip", "image.layer.v1.tar+gzip"),
    ):
        text = text.replace(f"{DOCKER}{docker_type}", f"application/vnd.oci.{oci}")
    answer = aws.ecr.put_image(repositoryName=repository, imageManifest=text, imageTag="oci")
    digest = answer["image"]["imageId"]["imageDigest"]
    (found,) = aws.ecr.describe_repositories(repositoryNames=[repository])["repositories"]
    with pytest.raises(ClientError, match=r"Unsupported manifest media type application/vnd\.oci"):
        model(aws, f"{found['repositoryUri']}@{digest}")


def model(aws, uri):
    container = {"Image": uri}
    aws.sm.create_model(ModelName="x", ExecutionRoleArn=aws.role, PrimaryContainer=container)
